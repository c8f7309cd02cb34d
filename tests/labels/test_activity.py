"""The labels over time, from times that a reader can order."""

from __future__ import annotations

import pandas as pd

from engine.labels.activity import activity


def labels(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Rows of (class, how, who, time of day)."""
    return pd.DataFrame(
        [(name, how, who, f"2026-01-01T{time}+00:00") for name, how, who, time in rows],
        columns=["class", "how", "who", "when"],
    )


def test_the_curve_counts_each_class_by_itself_and_all_together() -> None:
    curve = activity(
        labels(
            ("b", "key", "ana", "10:00:03.000"),
            ("a", "key", "ana", "10:00:01.000"),
            ("a", "grid", "ben", "10:00:02.000"),
            ("a", "accepted", "ben", "10:00:04.000"),
        )
    ).curve
    assert curve["class"].tolist() == ["a", "a", "b"]
    assert curve["labelled"].tolist() == [1, 2, 3]
    assert curve["of_class"].tolist() == [1, 2, 1]


def test_no_labels_make_an_empty_curve() -> None:
    went = activity(labels())
    assert (len(went.curve), len(went.by_person)) == (0, 0)

"""The pace of labelling, from times that a reader can add up."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.labels.activity import activity


def labels(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Rows of (class, how, who, time of day)."""
    return pd.DataFrame(
        [(name, how, who, f"2026-01-01T{time}+00:00") for name, how, who, time in rows],
        columns=["class", "how", "who", "when"],
    )


def test_labels_two_seconds_apart_make_thirty_a_minute() -> None:
    rows = [("a", "key", "ana", f"10:00:{second:02}.000") for second in (0, 2, 4)]
    assert activity(labels(*rows)).per_minute == pytest.approx(30)


def test_a_pause_does_not_slow_the_pace() -> None:
    times = ("10:00:00.000", "10:00:02.000", "11:30:00.000", "11:30:02.000")
    went = activity(labels(*(("a", "key", "ana", time) for time in times)))
    assert (went.per_minute, went.seconds) == (pytest.approx(30), pytest.approx(4))


def test_a_lasso_of_many_images_is_one_act() -> None:
    rows = [("a", "lasso", "ana", "10:00:00.000")] * 50 + [("a", "key", "ana", "10:00:10.000")]
    assert activity(labels(*rows)).per_minute == pytest.approx(6)


def test_one_label_has_no_pace() -> None:
    assert activity(labels(("a", "key", "ana", "10:00:00.000"))).per_minute is None


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
    assert (len(went.curve), len(went.by_person), went.per_minute) == (0, 0, None)

"""The effort of labelling, from acts at times that a reader can add up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from engine.labels.effort import COLUMNS, effort, time_of_last
from engine.labels.store import LabelStore
from engine.project import create_project


def acts(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Rows of (who, time of day, way, labels)."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["at"] = pd.to_datetime("2026-01-01T" + frame["at"].astype(str) + "+00:00", format="ISO8601")
    return frame


def by_key(*times: str, who: str = "ana") -> list[tuple[str, str, str, int]]:
    return [(who, time, "key", 1) for time in times]


def test_labels_two_seconds_apart_make_thirty_a_minute() -> None:
    went = effort(acts(*by_key("10:00:00", "10:00:02", "10:00:04")))
    assert (went.per_minute, went.seconds) == (pytest.approx(30), pytest.approx(4))


def test_a_longer_pause_ends_the_session_and_costs_nothing() -> None:
    went = effort(acts(*by_key("10:00:00", "10:00:02", "11:30:00", "11:30:06")))
    assert (went.per_minute, went.seconds) == (pytest.approx(15), pytest.approx(8))
    assert [(one.began[11:19], one.labels, one.seconds) for one in went.sessions] == [
        ("11:30:00", 2, 6),
        ("10:00:00", 2, 2),
    ]


def test_each_way_has_a_pace_of_its_own_and_a_lasso_gives_many_labels_in_one_act() -> None:
    went = effort(
        acts(*by_key("10:00:00", "10:00:03"), ("ana", "10:00:13", "lasso", 50), ("ana", "10:00:15", "accepted", 900))
    )
    paces = {one.way: (one.labels, one.acts, one.per_minute) for one in went.paces}
    assert paces == {"accepted": (900, 1, 27_000), "lasso": (50, 1, 300), "key": (2, 2, 20)}
    assert went.per_minute == pytest.approx(60 * 51 / 13)  # what was accepted is not labelled by hand


def test_an_import_has_labels_but_no_pace_and_makes_nobody_fast() -> None:
    went = effort(acts(*by_key("10:00:00", "10:00:02"), ("ana", "10:00:03", "imported", 10_000)))
    assert {one.way: one.per_minute for one in went.paces} == {"imported": None, "key": 30}
    assert went.per_minute == pytest.approx(30)


def test_people_who_label_at_once_are_told_apart() -> None:
    both = acts(*by_key("10:00:00", "10:00:02"), *by_key("10:00:01", "10:00:05", who="ben"))
    assert effort(both).per_minute == pytest.approx(60 * 2 / 6)
    assert effort(both, "ben").per_minute == pytest.approx(15)
    assert {one.who for one in effort(both, "ben").sessions} == {"ben"}


def test_no_act_has_no_pace() -> None:
    assert effort(acts()).per_minute is None
    assert effort(acts(*by_key("10:00:00"))).per_minute is None


def test_the_time_of_the_last_labels_is_that_of_the_acts_that_gave_them() -> None:
    some = acts(*by_key("10:00:00", "10:00:02", "10:00:07"), ("ana", "10:00:08", "", 0))
    assert time_of_last(some, 2) == pytest.approx(5 + 2 + 1)
    assert time_of_last(some, 4) is None


def test_the_log_tells_who_labelled_when_and_how_and_leaves_out_what_was_undone(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    store = LabelStore(create_project(tmp_path / "project", tmp_path / "images"))
    tumour = store.add_class("tumour", "ana").id
    store.label(["a", "b"], tumour, "ana", "lasso")
    store.label(["c"], tumour, "ana", "key")
    store.undo("ana")
    store.skip(["d"], "ben")
    store.accept(["e"], [tumour], [0.9], "p", "ben")
    found = store.efforts()
    assert found[["who", "way", "labels"]].to_numpy().tolist() == [
        ["ana", "lasso", 2],
        ["ana", "key", 0],
        ["ana", "", 0],
        ["ben", "", 0],
        ["ben", "accepted", 1],
    ]
    assert found["at"].is_monotonic_increasing

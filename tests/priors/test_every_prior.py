"""Every registered prior against its predicate, written as a person would: partners, kin, reach and fairness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.images.table import ImageTable
from engine.priors import PRIORS, Prior
from engine.priors.candidates import Kin
from engine.types import UNKNOWN

Row = dict[str, object]
Predicate = Callable[[Row, Row], bool]
IMAGES = 18


def same(*columns: str) -> Predicate:
    """Equal in these columns, none of them empty."""
    return lambda one, other: all(one[name] == other[name] != "" for name in columns)


def apart(column: str) -> Callable[[Row, Row], float]:
    return lambda one, other: abs(float(str(one[column])) - float(str(other[column])))


def near(reach: float) -> Predicate:
    return lambda one, other: bool(np.hypot(apart("x")(one, other), apart("y")(one, other)) <= reach)


def next_level(one: Row, other: Row) -> bool:
    """Of the same field, and at the magnification that an ordered pair takes."""
    if one["field"] == "":
        return False
    levels = sorted({float(str(row["magnification"])) for row in ROWS[-1] if same("field")(one, row)})
    here = levels.index(float(str(one["magnification"])))
    wanted = [*levels[here + 1 : here + 2], *levels[max(0, here - 1) : here]][:1]
    return same("field")(one, other) and float(str(other["magnification"])) in wanted


def both(*all_: Predicate) -> Predicate:
    return lambda one, other: all(predicate(one, other) for predicate in all_)


def no_pair(one: Row, other: Row) -> bool:
    return False


@dataclass(frozen=True)
class Fact:
    """A prior with settings, who its partners are, and whom it masks: the partners where nothing else is said."""

    settings: dict[str, object]
    partners: Predicate
    kin: Predicate | None = None
    uniform: bool = True


FACTS: dict[str, list[Fact]] = {
    "augmentation": [Fact({}, no_pair)],
    "stain": [Fact({}, no_pair)],
    "same_group": [Fact({"column": "subject"}, same("subject"))],
    "same_patient": [Fact({}, same("patient"))],
    "same_slide": [Fact({}, same("slide"))],
    "same_folder": [Fact({}, same("folder")), Fact({"levels": 1}, same("top"))],
    "taxonomy": [Fact({}, same("top"), same("folder"), uniform=False)],
    "magnification": [
        Fact({}, both(same("field"), lambda one, other: apart("magnification")(one, other) > 0), same("field")),
        Fact({"pairing": "ordered"}, next_level, same("field")),
    ],
    "modality": [
        Fact(
            {},
            both(same("subject"), lambda one, other: "" != one["modality"] != other["modality"] != ""),
            same("subject"),
        )
    ],
    "spatial_neighbour": [Fact({"radius": 1.5, "unit": "column"}, both(same("slide"), near(1.5)))],
    "serial_section": [
        Fact({"radius": 0}, both(same("patient"), near(0), lambda one, other: apart("section")(one, other) == 1))
    ],
    "temporal_neighbour": [
        Fact({"reach": 2}, both(same("sequence"), lambda one, other: apart("time")(one, other) <= 2))
    ],
    "sequence_order": [Fact({"reach": 2}, both(same("folder"), lambda one, other: apart("rank")(one, other) <= 2))],
}
EACH_FACT = [(name, fact) for name, facts in FACTS.items() for fact in facts]
ROWS: list[list[Row]] = []  # of the table that is looked at, the latest last


def rows_of(seed: int) -> list[Row]:
    """Images whose columns are few values each, some empty, so that all kinds of groups come about."""
    rng = np.random.default_rng(seed)
    folders = sorted(f"{'ab'[rng.integers(2)]}/{'uv'[rng.integers(2)]}" for _ in range(IMAGES))
    rows: list[Row] = []
    for number, folder in enumerate(folders):
        texts = {
            name: str(rng.choice(["", "k", "l", "m"], p=[0.1, 0.3, 0.3, 0.3]))
            for name in ("patient", "slide", "sequence", "subject", "field", "modality")
        }
        numbers = {name: int(rng.integers(0, 5)) for name in ("x", "y", "section", "time")}
        scale = {"magnification": int(rng.choice([5, 10, 20]))}
        rank = folders[:number].count(folder)
        rows.append(
            {
                **texts,
                **numbers,
                **scale,
                "folder": folder,
                "top": folder[0],
                "rank": rank,
                "path": f"{folder}/{number}",
            }
        )
    return rows


def table_of(rows: list[Row]) -> ImageTable:
    ROWS[:] = [rows]
    told = [{key: value for key, value in row.items() if key not in ("folder", "top", "rank")} for row in rows]
    ids = [f"{number:012x}" for number in range(len(rows))]
    return ImageTable(pd.DataFrame(told).assign(id=ids, content=ids))


def build(name: str, fact: Fact) -> Prior:
    return PRIORS[name].from_settings(fact.settings)


def test_every_prior_is_looked_at() -> None:
    assert set(FACTS) == set(PRIORS)


@pytest.mark.parametrize(("name", "fact"), EACH_FACT)
@settings(max_examples=12)
@given(seed=st.integers(0, 9999))
def test_partners_satisfy_the_predicate_all_are_reached_and_none_is_the_anchor(
    name: str, fact: Fact, seed: int
) -> None:
    rows = rows_of(seed)
    table, prior = table_of(rows), build(name, fact)
    drawn = prior.pairs(table, np.repeat(np.arange(IMAGES), 40), 10, np.random.default_rng(seed)).reshape(IMAGES, -1)
    for one in range(IMAGES):
        wanted = {other for other in range(IMAGES) if other != one and fact.partners(rows[one], rows[other])}
        assert set(drawn[one].tolist()) == (wanted or {one})
    alone = sum(set(drawn[one].tolist()) == {one} for one in range(IMAGES))
    assert prior.share == 0 or prior.check(table).with_partner == IMAGES - alone


@pytest.mark.parametrize(("name", "fact"), EACH_FACT)
@settings(max_examples=12)
@given(seed=st.integers(0, 9999))
def test_kin_are_those_of_the_predicate_and_none_without_the_mask(name: str, fact: Fact, seed: int) -> None:
    rows = rows_of(seed)
    table, prior = table_of(rows), build(name, fact)
    told = prior.kin(table)
    if fact.partners is no_pair:
        assert told is None
        return
    assert told is not None and build(name, Fact({**fact.settings, "mask": False}, no_pair)).kin(table) is None
    left, right = np.random.default_rng(seed).permutation(IMAGES)[:7], np.append(np.arange(IMAGES), UNKNOWN)
    akin = fact.kin or fact.partners
    wanted = [[o not in (UNKNOWN, one) and akin(rows[one], rows[o]) for o in right] for one in left]
    assert Kin([told])(left, right).tolist() == wanted


@pytest.mark.parametrize(("name", "fact"), [one for one in EACH_FACT if one[1].uniform])
def test_every_partner_is_equally_likely(name: str, fact: Fact) -> None:
    rows = rows_of(3)
    table, prior = table_of(rows), build(name, fact)
    anchors = np.repeat(np.arange(IMAGES), 1500)
    drawn = prior.pairs(table, anchors, 1, np.random.default_rng(0)).reshape(IMAGES, -1)
    for one in range(IMAGES):
        times = np.bincount(drawn[one], minlength=IMAGES)
        even = 1500 / np.count_nonzero(times)
        assert abs(times[times > 0] - even).max() <= 6 * np.sqrt(even)

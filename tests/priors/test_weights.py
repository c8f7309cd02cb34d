"""Shares of several priors: what is said of them, and how they are made to fit."""

from __future__ import annotations

import pytest

from engine.priors import PriorSpec, build_priors
from engine.priors.weights import ITSELF, fitted, shares_of


def group(column: str, share: float) -> PriorSpec:
    return PriorSpec("same_group", {"column": column, "share": share})


VIEWS = PriorSpec("augmentation", {"preset": "grey"})


def test_what_the_priors_leave_is_an_image_with_itself() -> None:
    found = shares_of([group("patient", 0.5), VIEWS, group("slide", 0.3)])
    assert [name for name, _ in found] == ["same patient", "same slide", ITSELF]
    assert [share for _, share in found] == pytest.approx([0.5, 0.3, 0.2])


@pytest.mark.parametrize(("asked", "expected"), [((1.0, 0.5), [0.66, 0.33]), ((1, 1, 1), [0.33] * 3)])
def test_shares_above_one_are_lowered_in_proportion(asked: tuple[float, ...], expected: list[float]) -> None:
    specs = [VIEWS, *(group(f"c{place}", share) for place, share in enumerate(asked))]
    lowered = fitted(specs)
    assert lowered[0] == VIEWS
    assert [prior.share for prior in build_priors(lowered[1:])] == expected and sum(expected) <= 1


def test_shares_that_fit_are_left_alone() -> None:
    specs = [group("patient", 0.6), group("slide", 0.4)]
    assert fitted(specs) == specs


def test_a_share_that_was_raised_is_kept_and_the_others_make_room() -> None:
    before = [group("patient", 0.5), VIEWS, group("slide", 0.3), group("field", 0.2)]
    now = [group("patient", 0.8), *before[1:]]
    assert fitted(now, before) == [now[0], VIEWS, group("slide", 0.12), group("field", 0.08)]

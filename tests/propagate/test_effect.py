"""What a label changed, counted by hand on four images."""

from __future__ import annotations

import numpy as np
import pytest

from engine.labels.events import LabelClass
from engine.propagate import Propagation
from engine.propagate.effect import effect
from engine.types import UNKNOWN

CLASSES = [LabelClass(1, "a", "#0072B2", "1"), LabelClass(2, "b", "#E69F00", "2")]


def answer(*probability_of_a: float | None, classes: list[LabelClass] = CLASSES, ids: str = "wxyz") -> Propagation:
    """An answer from the probability of class a per image; None where no label reaches."""
    rows = [(0.0, 0.0) if one is None else (one, 1 - one) for one in probability_of_a]
    return Propagation(
        id="p",
        embedding="toy",
        method="spread",
        settings={},
        probabilities=np.asarray(rows, np.float32),
        ids=np.asarray(list(ids), object),
        classes=classes,
        labels=np.full(len(rows), UNKNOWN),
        label_version=1,
        seconds=0.0,
    )


def test_gained_moved_and_reached_are_counted_apart() -> None:
    changed = effect(answer(0.5, 0.6, 0.8, None), answer(0.95, 0.4, 0.8, 0.7), 0.9)
    assert (changed.gained, changed.moved, changed.reached, changed.answered) == (1, 1, 1, 4)
    assert changed.sentence == "+1 image sure (0.90 and above) · 1 changed class · 1 answered for the first time"


def test_a_label_that_raises_doubt_is_said_so() -> None:
    changed = effect(answer(0.95, 0.95, 0.95, 0.6), answer(0.6, 0.6, 0.95, 0.6), 0.9)
    assert changed.sentence == "−2 images sure (0.90 and above)"


@pytest.mark.parametrize("before", [None, answer(0.95, 0.6, 0.6, None)])
def test_without_a_change_the_standing_is_said(before: Propagation | None) -> None:
    assert effect(before, answer(0.95, 0.6, 0.6, None), 0.9).sentence == "3 of 4 images have an answer"


def test_a_class_that_changed_places_has_not_changed() -> None:
    turned = answer(0.2, 0.2, 0.2, 0.2, classes=CLASSES[::-1])  # now the probability of b
    assert effect(answer(0.8, 0.8, 0.8, 0.8), turned, 0.9).moved == 0


def test_images_that_only_one_answer_knows_are_left_out() -> None:
    assert effect(answer(0.5, 0.5, ids="wx"), answer(0.95, 0.95, 0.95, 0.95), 0.9).gained == 2

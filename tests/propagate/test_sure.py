"""From where on an answer is called sure: the surest quarter of the open images, whatever their probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from engine.labels.events import LabelClass
from engine.propagate import Propagation, sure_from
from engine.types import UNKNOWN

CLASSES = [LabelClass(1, "a", "#0072B2", "1"), LabelClass(2, "b", "#E69F00", "2")]


def answer(*probabilities: float) -> Propagation:
    """An answer “a” per image with this probability; none where it is 0."""
    rows = [(one, 1 - one if one else 0) for one in probabilities]
    return Propagation(
        id="p",
        embedding="toy",
        method="spread",
        settings={},
        probabilities=np.asarray(rows, np.float32),
        ids=np.asarray([f"i{row}" for row in range(len(rows))], object),
        classes=CLASSES,
        labels=np.full(len(rows), UNKNOWN),
        label_version=1,
        seconds=0.0,
    )


def test_a_quarter_of_the_open_images_is_sure() -> None:
    said = answer(0.51, 0.52, 0.53, 0.54, 0.55, 0.56, 0.575, 0.58)
    threshold = sure_from(said, said.labels)
    assert threshold == 0.57
    assert (said.confidence >= threshold).sum() == 2


def test_labelled_images_and_those_without_an_answer_do_not_count() -> None:
    said = answer(1, 1, 1, 1, 0, 0, 0.555, 0.605)
    labels = np.asarray([0, 0, 0, 0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN])
    assert sure_from(said, labels, share=0.5) == 0.6


def test_where_all_are_labelled_all_answers_count() -> None:
    said = answer(0.605, 0.605, 0.605, 0.605)
    assert sure_from(said, np.zeros(4, np.int64)) == 0.6


@pytest.mark.parametrize(("probabilities", "threshold"), [((1, 1, 1, 1), 0.99), ((0, 0), 0.99)])
def test_it_stays_within_what_the_slider_offers(probabilities: tuple[float, ...], threshold: float) -> None:
    said = answer(*probabilities)
    assert sure_from(said, said.labels) == threshold

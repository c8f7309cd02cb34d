"""Discordant answers: what the neighbours or the most similar labels contradict, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from engine.classify import CLASSIFIERS, auto
from engine.geometry.neighbours import Graph
from engine.labels.events import LabelClass
from engine.propagate import Propagation
from engine.propagate.discordant import SECOND, Discordance, find_discordant
from engine.types import UNKNOWN

A, B = LabelClass(1, "a", "#0072B2", "1"), LabelClass(2, "b", "#E69F00", "2")
HAND = np.asarray([0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN])
ANSWERS = [0, 0, 0, 1, 1, UNKNOWN]
OTHERS = [1, 0, 1, 1, 0, 0]  # by the second opinion: image 0 is decided by hand, image 5 has no answer to contradict
NEIGHBOURS = [[3, 4, 5], [3, 4, 0], [3, 4, 1], [4, 0, 5], [0, 1, 2], [0, 1, 2]]


def propagation(method: str, codes: Sequence[int], classes: list[LabelClass]) -> Propagation:
    probabilities = np.zeros((len(codes), 2), np.float32)
    for row, code in enumerate(codes):
        if code != UNKNOWN:
            probabilities[row, code], probabilities[row, 1 - code] = 0.8, 0.2
    ids = np.asarray(list("uvwxyz"), object)
    return Propagation("p", "toy", method, {}, probabilities, ids, classes, HAND, 1, 0.0)


@pytest.fixture
def found() -> Discordance:
    """The second opinion knows the classes in another order."""
    answer = propagation("auto", ANSWERS, [A, B])
    second = propagation(SECOND, [UNKNOWN if code == UNKNOWN else 1 - code for code in OTHERS], [B, A])
    near = np.asarray(NEIGHBOURS, np.int32)
    graph = Graph(near, np.ones(near.shape, np.float32), "exact", 1.0)
    return find_discordant(answer, second, HAND, HAND, graph)


@pytest.mark.parametrize(
    ("grounds", "place", "rows"),
    [
        ("neighbours", None, [4, 1, 2]),  # none around 4 shares its answer, one of three around 1 and 2 does
        ("nearest labels", None, [4, 2]),
        ("neighbours or labels", None, [4, 1, 2]),
        ("neighbours or labels", 0, [1, 2]),
    ],
)
def test_what_is_contradicted_comes_strongest_first(
    found: Discordance, grounds: str, place: int | None, rows: list[int]
) -> None:
    assert found.rows(grounds, place).tolist() == rows


def test_half_of_the_neighbours_are_no_majority(found: Discordance) -> None:
    assert 3 not in found.rows("neighbours")  # of image 3's neighbours with a class one is a, one b


def test_it_is_said_what_speaks_against_an_answer(found: Discordance) -> None:
    assert found.sentences(np.asarray([1, 2])) == [
        "b: 67% around",
        "b: 67% around, labels",
    ]
    assert found.sentence.startswith("3 of 4 answers are contradicted")


def test_the_second_opinion_has_no_part_in_the_automatic_answer() -> None:
    assert not hasattr(auto, CLASSIFIERS[SECOND].__name__)

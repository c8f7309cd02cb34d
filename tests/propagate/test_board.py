"""Where images stand in review: every image is counted once, in the right place."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import SettingInvalid
from engine.geometry.neighbours import find_neighbours
from engine.labels.events import LabelClass
from engine.propagate import Propagation
from engine.propagate.board import STATES, Board, Standing
from engine.types import UNKNOWN

CLASSES = [LabelClass(1, "a", "#0072B2", "1"), LabelClass(2, "b", "#E69F00", "2")]
PROBABILITIES = [(1, 0), (0.95, 0.05), (0.9, 0.1), (0.6, 0.4), (0.2, 0.8), (0.05, 0.95), (0, 0)]
HAND = [0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]
LABELS = [0, 0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]  # the second is an accepted pseudo-label


@pytest.fixture
def board() -> Board:
    propagation = Propagation(
        id="p",
        embedding="toy",
        method="spread",
        settings={},
        probabilities=np.asarray(PROBABILITIES, np.float32),
        ids=np.asarray(list("tuvwxyz"), object),
        classes=CLASSES,
        labels=np.asarray(HAND),
        label_version=1,
        seconds=0.0,
    )
    return Board(propagation, np.asarray(HAND), np.asarray(LABELS))


def test_each_class_is_counted_by_hand_accepted_sure_and_in_doubt(board: Board) -> None:
    assert board.standing(0.9) == [Standing(1, 1, 1, 1), Standing(0, 0, 1, 1)]


def test_all_together_and_the_unknown_make_every_image(board: Board) -> None:
    assert board.all_together(0.9) == Standing(1, 1, 2, 2)
    assert board.all_together(0.9).total + len(board.unknown()) == len(PROBABILITIES)


def test_an_image_that_no_label_reaches_is_unknown_and_of_no_class(board: Board) -> None:
    assert board.unknown().tolist() == [6]


@pytest.mark.parametrize(
    ("state", "place", "rows"),
    [
        ("to review", None, [3, 4, 2, 5]),  # smallest margin first
        ("to review", 1, [4, 5]),
        ("accepted", None, [1]),
        ("accepted", 1, []),
        ("by hand", 0, [0]),
    ],
)
def test_the_gallery_shows_what_is_asked_for(board: Board, state: str, place: int | None, rows: list[int]) -> None:
    graph = find_neighbours(np.eye(7, dtype=np.float32), count=2)
    assert board.rows(state, place, graph, "least certain").tolist() == rows


def test_another_state_is_refused_with_the_list_of_states(board: Board) -> None:
    graph = find_neighbours(np.eye(7, dtype=np.float32), count=2)
    with pytest.raises(SettingInvalid, match=", ".join(STATES)):
        board.rows("odd", None, graph, "least certain")


def test_a_label_is_shown_before_an_answer(board: Board) -> None:
    assert board.shown(np.asarray([0, 1, 4, 6])).tolist() == [0, 0, 1, UNKNOWN]

"""The confusion matrix to draw, checked against counts on five images."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluate import score
from engine.evaluate.matrix import matrix
from engine.types import UNKNOWN


def test_rows_are_the_truth_columns_the_answers_and_shares_of_a_row_make_one() -> None:
    drawn = matrix(score(np.asarray([0, 0, 1, 1, 1]), np.asarray([0, 0, 0, 1, 1]), ["a", "b"]))
    assert (drawn.truth, drawn.answers, drawn.counts) == (["a", "b"], ["a", "b"], [[2, 1], [0, 2]])
    assert [sum(row) for row in drawn.shares] == pytest.approx([1, 1])


def test_images_without_an_answer_stand_in_a_column_of_their_own() -> None:
    drawn = matrix(score(np.asarray([0, UNKNOWN, 1]), np.asarray([0, 0, 1]), ["a", "b"]))
    assert (drawn.answers, drawn.counts) == (["a", "b", "unknown"], [[1, 0, 1], [0, 1, 0]])


def test_a_class_that_neither_truth_nor_answers_name_is_not_drawn() -> None:
    drawn = matrix(score(np.asarray([0, 2]), np.asarray([0, 0]), ["a", "b", "c"]))
    assert (drawn.truth, drawn.answers) == (["a"], ["a", "c"])

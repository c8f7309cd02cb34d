"""Leave-one-out: who is judged, and what is hidden with them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.classify.left_out import balanced_accuracy, even_weights, left_out, log_loss


def test_a_label_alone_in_its_class_is_not_judged() -> None:
    trials = left_out(np.array([0, 0, 1]))
    assert trials.judged.tolist() == [0, 1]
    assert trials.hidden[trials.fold[0]].tolist() == [True, False, False]


def test_a_group_is_hidden_as_a_whole() -> None:
    trials = left_out(np.array([0, 0, 0, 1, 1]), np.array([5, 5, 6, 5, 6]))
    assert trials.hidden[trials.fold[0]].tolist() == [True, True, False, True, False]


def test_groups_are_hidden_one_at_a_time_also_where_labels_are_many() -> None:
    codes, groups = np.arange(200) % 4, np.arange(200) // 40
    trials = left_out(codes, groups)
    assert len(trials) == 20
    assert {int(hidden.sum()) for hidden in trials.hidden} == {40}
    assert (trials.hidden[trials.fold, trials.judged]).all()


def test_of_many_labels_every_class_is_judged_as_often_and_stays_known() -> None:
    codes = np.repeat(np.arange(4), [200, 50, 20, 11])
    trials = left_out(codes)
    assert np.bincount(codes[trials.judged]).tolist() == [10, 10, 10, 10]
    for hidden in trials.hidden:
        assert set(codes[~hidden]) == {0, 1, 2, 3} and hidden.mean() < 0.1


def test_classes_weigh_the_same_however_many_labels_they_have() -> None:
    codes = np.array([0, 0, 0, 1])
    np.testing.assert_allclose(even_weights(codes), [2 / 3, 2 / 3, 2 / 3, 2])
    said = np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [1, 0]], np.float32)
    assert balanced_accuracy(said, codes) == pytest.approx(0.5)
    np.testing.assert_allclose(log_loss(said, codes), (np.log(2) - np.log(1e-6)) / 2, rtol=1e-5)

"""Monitors of collapse, in closed form."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from torch.nn import functional as F

from engine.train.monitors import alignment, feature_std, rankme, uniformity, weighted_knn


def test_vectors_in_all_directions_have_a_std_of_one_over_root_d() -> None:
    features = torch.randn(20_000, 16, generator=torch.Generator().manual_seed(0))
    assert feature_std(features) == pytest.approx(1 / math.sqrt(16), rel=0.01)


def test_vectors_that_are_all_alike_have_no_std_and_rank_one() -> None:
    features = torch.ones(50, 16)
    assert feature_std(features) == pytest.approx(0, abs=1e-6)
    assert rankme(features) == pytest.approx(1, abs=1e-3)


def test_the_length_of_a_vector_is_not_spread() -> None:
    assert feature_std(torch.ones(4, 3) * torch.tensor([[1.0], [2], [3], [4]])) == pytest.approx(0, abs=1e-6)


def test_r_directions_of_equal_weight_have_rank_r() -> None:
    assert rankme(torch.eye(9)[:5]) == pytest.approx(5)


def test_two_directions_of_unequal_weight_have_the_rank_of_their_entropy() -> None:
    shares = [0.75, 0.25]
    expected = math.exp(-sum(share * math.log(share) for share in shares))
    assert rankme(torch.diag(torch.tensor([3.0, 1.0]))) == pytest.approx(expected)


def test_alignment_is_the_squared_distance_of_pairs() -> None:
    left = torch.eye(3)
    assert alignment(left, left) == 0
    assert alignment(left, -left) == pytest.approx(4)
    assert alignment(left, left.roll(1, 0)) == pytest.approx(2)


def test_uniformity_of_two_vectors_is_minus_twice_their_squared_distance() -> None:
    assert uniformity(torch.eye(2)) == pytest.approx(-4)
    assert uniformity(torch.ones(3, 1)) == pytest.approx(0)


def test_rankme_is_equation_1_of_its_paper() -> None:
    features = torch.randn(40, 12, generator=torch.Generator().manual_seed(1))
    values = np.linalg.svd(features.numpy(), compute_uv=False)
    shares = values / np.abs(values).sum() + 1e-7
    assert rankme(features) == pytest.approx(np.exp(-(shares * np.log(shares)).sum()), rel=1e-5)


def test_neighbours_vote_as_those_of_scikit_learn_do() -> None:
    random = torch.Generator().manual_seed(2)
    codes = torch.randint(3, (60,), generator=random)
    features = F.normalize(torch.randn(60, 8, generator=random) + F.one_hot(codes, 8), dim=1)
    oracle = KNeighborsClassifier(20, weights=lambda distances: np.exp(-(distances**2) / 2 / 0.07))
    said = cross_val_predict(oracle, features.numpy(), codes.numpy(), cv=LeaveOneOut())
    score, classes = weighted_knn(features, codes)
    assert score == pytest.approx(balanced_accuracy_score(codes.numpy(), said)) and classes == 3


def test_an_image_is_not_its_own_neighbour() -> None:
    features = torch.tensor([[1.0, 0], [1, 0.01], [0, 1], [0.01, 1]])
    assert weighted_knn(features, torch.tensor([0, 0, 1, 1]), count=1) == (1, 2)
    assert weighted_knn(features, torch.tensor([0, 1, 0, 1]), count=1) == (0, 2)


def test_images_of_one_group_do_not_vote_for_each_other() -> None:
    features = torch.tensor([[1.0, 0], [1, 0.01], [0.3, 1], [0, 1], [0.01, 1], [1, 0.3]])
    codes, patients = torch.tensor([0, 0, 0, 1, 1, 1]), torch.tensor([7, 7, 8, 7, 7, 8])
    assert weighted_knn(features, codes, count=1)[0] == pytest.approx(2 / 3)  # its patient's images give it away
    assert weighted_knn(features, codes, patients, count=1) == (0, 2)


def test_images_without_a_group_are_each_their_own() -> None:
    features, codes = torch.tensor([[1.0, 0], [1, 0.01], [0, 1], [0.01, 1]]), torch.tensor([0, 0, 1, 1])
    assert weighted_knn(features, codes, torch.full((4,), -1), count=1) == (1, 2)


def test_a_class_of_a_single_group_is_not_asked() -> None:
    features, codes = torch.randn(5, 3), torch.tensor([0, 0, 1, 1, 1])
    assert weighted_knn(features, codes, torch.tensor([1, 1, 2, 3, 4]))[1] == 1
    assert weighted_knn(features, codes, codes) == (0, 0)

"""Monitors of collapse, in closed form."""

import math

import pytest
import torch

from engine.train.monitors import alignment, effective_rank, feature_std, neighbour_agreement, uniformity


def test_vectors_in_all_directions_have_a_std_of_one_over_root_d() -> None:
    features = torch.randn(20_000, 16, generator=torch.Generator().manual_seed(0))
    assert feature_std(features) == pytest.approx(1 / math.sqrt(16), rel=0.01)


def test_vectors_that_are_all_alike_have_no_std_and_rank_one() -> None:
    features = torch.ones(50, 16)
    assert feature_std(features) == pytest.approx(0, abs=1e-6)
    assert effective_rank(features) == pytest.approx(1, abs=1e-3)


def test_the_length_of_a_vector_is_not_spread() -> None:
    assert feature_std(torch.ones(4, 3) * torch.tensor([[1.0], [2], [3], [4]])) == pytest.approx(0, abs=1e-6)


def test_r_directions_of_equal_weight_have_rank_r() -> None:
    assert effective_rank(torch.eye(9)[:5]) == pytest.approx(5)


def test_two_directions_of_unequal_weight_have_the_rank_of_their_entropy() -> None:
    shares = [0.75, 0.25]
    expected = math.exp(-sum(share * math.log(share) for share in shares))
    assert effective_rank(torch.diag(torch.tensor([3.0, 1.0]))) == pytest.approx(expected)


def test_alignment_is_the_squared_distance_of_pairs() -> None:
    left = torch.eye(3)
    assert alignment(left, left) == 0
    assert alignment(left, -left) == pytest.approx(4)
    assert alignment(left, left.roll(1, 0)) == pytest.approx(2)


def test_uniformity_of_two_vectors_is_minus_twice_their_squared_distance() -> None:
    assert uniformity(torch.eye(2)) == pytest.approx(-4)
    assert uniformity(torch.ones(3, 1)) == pytest.approx(0)


def test_neighbours_of_the_same_class_agree() -> None:
    features = torch.tensor([[1.0, 0], [1, 0.1], [0, 1], [0.1, 1]])
    assert neighbour_agreement(features, torch.tensor([0, 0, 1, 1]), count=1) == 1
    assert neighbour_agreement(features, torch.tensor([0, 1, 0, 1]), count=1) == 0


def test_an_image_is_not_its_own_neighbour() -> None:
    assert neighbour_agreement(torch.eye(3), torch.tensor([0, 1, 2]), count=5) == 0

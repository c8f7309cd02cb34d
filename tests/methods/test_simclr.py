"""NT-Xent against lightly's, against a double loop, and in closed form."""

import math

import numpy as np
import pytest
import torch
from lightly.loss import NTXentLoss
from torch import Tensor
from torch.nn import functional as F

from engine.methods.base import Batch
from engine.methods.simclr import nt_xent, pair_masks
from engine.priors.candidates import Kin, same_value, within


def unit(count: int, width: int = 8) -> Tensor:
    return F.normalize(torch.randn(count, width, generator=torch.Generator().manual_seed(count)), dim=1)


def batch(rows: list[list[int]], groups: list[int] | None = None) -> Batch:
    """Rows [V B], and the group of each image of the table."""
    kin = None if groups is None else Kin([same_value(np.array(groups))])
    return Batch(torch.empty(0), torch.tensor(rows), kin)


@pytest.mark.parametrize("temperature", [0.1, 0.5])
def test_with_two_views_it_is_the_loss_of_lightly(temperature: float) -> None:
    projections = unit(14)
    positive, ignored = pair_masks(batch([list(range(7))] * 2), "ignore")
    expected = NTXentLoss(temperature)(projections[:7], projections[7:])
    torch.testing.assert_close(nt_xent(projections, positive, ignored, temperature), expected)


def test_with_several_positives_it_is_equation_2_of_khosla() -> None:
    views, count, temperature = 3, 4, 0.3
    z = unit(views * count)
    positive, ignored = pair_masks(batch([list(range(count))] * views), "ignore")
    expected = 0.0
    for i in range(len(z)):
        others = [a for a in range(len(z)) if a != i]
        total = sum(math.exp(z[i] @ z[a] / temperature) for a in others)
        partners = [p for p in others if p % count == i % count]
        expected -= sum(math.log(math.exp(z[i] @ z[p] / temperature) / total) for p in partners) / len(partners)
    assert nt_xent(z, positive, ignored, temperature).item() == pytest.approx(expected / len(z), rel=1e-5)


def test_where_all_projections_are_alike_it_is_the_log_of_the_candidates() -> None:
    positive, ignored = pair_masks(batch([[0, 1, 2, 3, 4]] * 2), "ignore")
    loss = nt_xent(torch.ones(10, 1), positive, ignored, 0.2)
    assert loss.item() == pytest.approx(math.log(9))


def test_perfect_pairs_at_right_angles_cost_next_to_nothing() -> None:
    positive, ignored = pair_masks(batch([[0, 1, 2]] * 2), "ignore")
    loss = nt_xent(torch.eye(3).repeat(2, 1), positive, ignored, 0.1)
    assert loss.item() == pytest.approx(math.log(1 + 4 * math.exp(-10)), abs=1e-6)


def test_images_of_one_group_count_as_little_as_if_they_were_not_there() -> None:
    z = unit(6)
    _, ignored = pair_masks(batch([[0, 1, 2]] * 2, [7, 7, 5]), "ignore")
    anchor = (z @ z.T).masked_fill(ignored, -torch.inf)[0]  # image 0, whose group image 1 shares
    without = (z @ z.T)[0, [2, 3, 5]]  # what is left: image 2 twice, and the other view of image 0
    torch.testing.assert_close(anchor.logsumexp(0), without.logsumexp(0))


@pytest.mark.parametrize("kin", ["ignore", "positive"])
def test_pairs_that_a_prior_knows_count_in_the_loss_as_a_double_loop_says(kin: str) -> None:
    z, rows, temperature = unit(8), [0, 1, 2, 3, 1, 2, 4, 3], 0.3
    near = within(np.zeros(5, np.int64), np.arange(5), 1)  # 0-1-2-3-4: 0 and 1 are near, 1 and 2, but not 0 and 2
    shown = Batch(torch.empty(0), torch.tensor([rows[:4], rows[4:]]), Kin([near]))
    expected = 0.0
    for i in range(8):
        partners = {a for a in range(8) if a != i and a % 4 == i % 4}
        alike = {a for a in range(8) if abs(rows[a] - rows[i]) == 1} - partners
        same = {a for a in range(8) if rows[a] == rows[i]} - partners
        positive = partners | alike if kin == "positive" else partners
        left_out = same if kin == "positive" else same | alike
        total = sum(math.exp(z[i] @ z[a] / temperature) for a in range(8) if a not in left_out)
        expected -= sum(math.log(math.exp(z[i] @ z[p] / temperature) / total) for p in positive) / len(positive)
    assert nt_xent(z, *pair_masks(shown, kin), temperature).item() == pytest.approx(expected / 8, rel=1e-5)


def test_images_of_one_group_can_be_positives() -> None:
    positive, ignored = pair_masks(batch([[0, 1, 2]] * 2, [7, 7, 5]), "positive")
    assert positive[0].nonzero().flatten().tolist() == [1, 3, 4]  # image 1 twice, and the other view of image 0
    assert ignored[0].nonzero().flatten().tolist() == [0]


def test_images_of_one_group_can_be_negatives() -> None:
    known, unknown = (pair_masks(batch([[0, 1, 2]] * 2, groups), "negative") for groups in ([7, 7, 5], None))
    assert all(torch.equal(left, right) for left, right in zip(known, unknown, strict=True))


def test_images_without_a_group_are_not_one_group() -> None:
    _, ignored = pair_masks(batch([[0, 1]] * 2, [-1, -1]), "ignore")
    assert ignored.sum() == 4  # each view itself


def test_the_same_image_in_another_column_is_never_a_negative() -> None:
    positive, ignored = pair_masks(
        batch([[0, 1], [1, 2]]), "negative"
    )  # image 1: anchor of column 1, partner in column 0
    assert ignored[1].nonzero().flatten().tolist() == [1, 2]
    assert positive[1].nonzero().flatten().tolist() == [3]

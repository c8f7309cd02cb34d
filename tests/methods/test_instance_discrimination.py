"""Instance discrimination: the exact loss and its estimate against double loops, and what the memory remembers."""

import math
from dataclasses import asdict

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.instance_discrimination import InstanceDiscrimination, instance_softmax, noise_contrast
from engine.priors.candidates import Kin, same_value


def method(images: int = 9, **settings: float) -> InstanceDiscrimination:
    chosen = {"width": 8, **settings}
    built = build_method("instance_discrimination", build_encoder("nano", {"width": 8}), chosen, images=images)
    assert isinstance(built, InstanceDiscrimination)
    return built.train()


def batch(rows: list[list[int]], groups: list[int] | None = None) -> Batch:
    """Rows [V B], and the group of each image of the table."""
    shown = torch.tensor(rows)
    images = torch.randn(*shown.shape, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    return Batch(images, shown, None if groups is None else Kin([same_value(np.array(groups))]))


def none_left_out(*shape: int) -> Tensor:
    return torch.zeros(*shape, dtype=torch.bool)


def unit(count: int, seed: int) -> Tensor:
    return F.normalize(torch.randn(count, 8, generator=torch.Generator().manual_seed(seed)), dim=1)


def test_it_is_the_softmax_over_all_images() -> None:
    features, memory, own, temperature = unit(3, 0), unit(9, 1), [4, 0, 7], 0.3
    expected = 0.0
    for f, i in zip(features, own, strict=True):
        total = sum(math.exp(memory[j] @ f / temperature) for j in range(9))
        expected -= math.log(math.exp(memory[i] @ f / temperature) / total) / 3
    rows = torch.tensor(own)
    loss = instance_softmax(features, memory, rows, none_left_out(3, 9), temperature)
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_what_is_left_out_counts_as_little_as_if_it_were_not_there() -> None:
    features, memory, own = unit(1, 0), unit(9, 1), torch.tensor([4])
    left_out = none_left_out(1, 9)
    left_out[0, 8] = True
    expected = instance_softmax(features, memory[:8], own, none_left_out(1, 8), 0.3)
    torch.testing.assert_close(instance_softmax(features, memory, own, left_out, 0.3), expected)


@pytest.mark.parametrize(
    ("kin", "expected"), [("ignore", [[{2, 5}, set()], [{2, 5, 3}, {4}]]), ("negative", [[set()] * 2, [{3}, {4}]])]
)
def test_a_partner_that_is_shown_is_no_rival_nor_are_kin_unless_asked_for(
    kin: str, expected: list[list[set[int]]]
) -> None:
    groups = [-1, -1, 7, -1, -1, 7, 7]  # images 0, 1, 3 and 4 have no group: that is not one group
    shown = batch([[6, 1], [3, 4]], groups)
    found = method(7, kin=kin)._no_rivals(shown.rows, torch.arange(7), shown)
    assert [[set(mask.nonzero().flatten().tolist()) for mask in view] for view in found] == expected


def noise_contrast_by_hand(features: Tensor, memory: Tensor, own: list[int], noise: list[int], z: float) -> float:
    """Equations 4, 6 and 7 word for word, at a temperature of 0.3."""
    share, total = len(noise) / len(memory), 0.0  # m Pₙ
    for f, i in zip(features, own, strict=True):
        chance = [math.exp(v @ f / 0.3) / z for v in memory]
        h = [p / (p + share) for p in chance]
        total -= math.log(h[i]) + sum(math.log(1 - h[k]) for k in noise)
    return total / len(features)


def test_the_estimate_against_noise_is_equation_7() -> None:
    features, memory, own, noise, z = unit(3, 0), unit(9, 1), [4, 0, 7], [1, 1, 8, 4], 20.0
    level = torch.tensor(math.log(z * 4 / 9))
    loss = noise_contrast(features, memory[own], memory[noise], none_left_out(3, 4), 0.3, level)
    assert loss.item() == pytest.approx(noise_contrast_by_hand(features, memory, own, noise, z), rel=1e-5)


def test_noise_that_is_left_out_counts_as_little_as_if_it_were_not_drawn() -> None:
    features, memory, level = unit(1, 0), unit(9, 1), torch.tensor(0.5)
    left_out = torch.tensor([[False, True, False]])
    expected = noise_contrast(features, memory[[4]], memory[[1, 2]], none_left_out(1, 2), 0.3, level)
    torch.testing.assert_close(noise_contrast(features, memory[[4]], memory[[1, 8, 2]], left_out, 0.3, level), expected)


def test_many_images_are_compared_with_noise_and_few_with_all() -> None:
    shown = batch([[3, 1, 5, 8]] * 2)
    few, many = method(negatives=8), method(negatives=7)
    assert few.loss(shown)["trivial"].item() == pytest.approx(math.log(9))
    assert many.loss(shown)["trivial"].item() == pytest.approx(math.log(8) + 7 * math.log(8 / 7))


def test_what_is_minimised_against_noise_is_equation_7_with_the_normaliser_of_the_first_batch() -> None:
    instances, shown = method(negatives=5, temperature=0.3), batch([[3, 1, 5, 8]] * 2)
    drawn = torch.randint(9, (5,), generator=torch.Generator())
    vectors = [F.normalize(instances.project(view), dim=1).detach() for view in shown.views]
    z = 9 * (vectors[0] @ instances.memory[drawn].T / 0.3).exp().mean().item()  # equation 8
    total = instances.loss(shown)["total"].item()
    expected = [noise_contrast_by_hand(v, instances.memory, [3, 1, 5, 8], drawn.tolist(), z) for v in vectors]
    assert total == pytest.approx(sum(expected) / 2, rel=1e-4)
    assert instances.log_normaliser.item() == pytest.approx(math.log(z), rel=1e-5)
    instances.loss(batch([[0, 2, 4, 6]] * 2))
    assert instances.log_normaliser.item() == pytest.approx(math.log(z), rel=1e-5)


def test_the_noise_is_drawn_from_the_random_numbers_of_the_step() -> None:
    run, shown, again = method(negatives=5), batch([[3, 1, 5, 8]] * 2), batch([[3, 1, 5, 8]] * 2)
    first, second = (run.loss(shown)["total"].item() for _ in range(2))
    assert first != second and run.loss(again)["total"].item() == first


def test_the_memory_moves_half_way_to_view_0_and_stays_on_the_sphere() -> None:
    instances, shown = method(memory_momentum=0.5), batch([[3, 1, 5, 8], [2, 2, 2, 2]])
    before = instances.memory.clone()
    said = F.normalize(instances.project(shown.views[0]), dim=1)
    instances.loss(shown)
    assert torch.equal(instances.memory, before)  # until after the step
    instances.after_step(0.1)
    torch.testing.assert_close(instances.memory[[3, 1, 5, 8]], F.normalize(before[[3, 1, 5, 8]] + said, dim=1))
    assert torch.equal(instances.memory[[0, 2, 4, 6, 7]], before[[0, 2, 4, 6, 7]])


def test_the_proximal_term_is_the_squared_distance_to_the_memory() -> None:
    shown = batch([[3, 1, 5, 8]] * 2)
    without, with_it = method(), method(proximal=10.0)
    assert asdict(without.config)["proximal"] == 0
    distance = (F.normalize(without.project(shown.views[0]), dim=1) - without.memory[shown.rows[0]]).square().sum(1)
    expected = without.loss(shown)["total"] + 10 * distance.mean()
    torch.testing.assert_close(with_it.loss(shown)["total"], expected)

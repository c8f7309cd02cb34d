"""MoCo's loss against lightly's; its queue, its key network and what batch norm sees."""

import math

import numpy as np
import pytest
import torch
from lightly.loss import NTXentLoss
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.moco import MoCo, in_parts, info_nce, part_of_each
from engine.methods.queue import Queue
from engine.priors.candidates import Kin, same_value

BOTH = pytest.mark.parametrize("name", ["moco_v1", "moco_v2"])


def method(name: str = "moco_v2", **settings: object) -> MoCo:
    chosen = {"width": 16, "queue": 12, **settings}
    built = build_method(name, build_encoder("nano", {"width": 8}), chosen).train()
    assert isinstance(built, MoCo)
    return built


def batch(rows: list[list[int]], groups: list[int] | None = None) -> Batch:
    """Rows [V B], and the group of each image of the table."""
    shown = torch.tensor(rows)
    images = torch.randn(*shown.shape, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    return Batch(images, shown, None if groups is None else Kin([same_value(np.array(groups))]))


def unit(count: int, seed: int) -> Tensor:
    return F.normalize(torch.randn(count, 8, generator=torch.Generator().manual_seed(seed)), dim=1)


def test_it_is_the_loss_of_lightly_with_its_memory_bank() -> None:
    queries, keys, queue = unit(5, 0), unit(5, 1), unit(20, 2)
    oracle = NTXentLoss(temperature=0.3, memory_bank_size=(20, 8))
    oracle.memory_bank.bank = queue
    nobody = torch.zeros(5, 20, dtype=torch.bool)
    torch.testing.assert_close(info_nce(queries, keys, queue, nobody, 0.3), oracle(queries, keys))


def test_what_is_ignored_counts_as_little_as_if_it_were_not_there() -> None:
    queries, keys, queue = unit(5, 0), unit(5, 1), unit(20, 2)
    ignored = torch.zeros(5, 20, dtype=torch.bool)
    ignored[:, 15:] = True
    expected = info_nce(queries, keys, queue[:15], ignored[:, :15], 0.3)
    torch.testing.assert_close(info_nce(queries, keys, queue, ignored, 0.3), expected)


@BOTH
def test_the_loss_is_that_of_queries_from_view_0_and_keys_from_the_others(name: str) -> None:
    moco, shown = method(name, parts=1, temperature=0.5), batch([[0, 1, 2, 3, 4]] * 3)
    queries = F.normalize(moco.project(shown.views[0]), dim=1)
    expected = []
    for view in shown.views[1:]:
        keys = F.normalize(moco.target(view), dim=1)
        logits = torch.cat([(queries * keys).sum(1, keepdim=True), queries @ moco.queue.vectors.T], dim=1) / 0.5
        expected.append(-logits.log_softmax(dim=1)[:, 0].mean())
    torch.testing.assert_close(moco.loss(shown)["total"], torch.stack(expected).mean())


def test_keys_of_an_image_are_no_negatives_of_it_nor_of_its_partner() -> None:
    moco = method()
    moco.queue.push(unit(4, 0).repeat(1, 2), torch.tensor([0, 1, 2, 3]))
    shown = batch([[0, 5], [0, 2]])
    ignored = moco._ignored(shown, shown.rows)[0, :, :4]
    assert ignored.tolist() == [[True, False, False, False], [False, False, True, False]]


@pytest.mark.parametrize(("kin", "ignored"), [("ignore", [True, False]), ("negative", [False, False])])
def test_keys_of_the_same_group_are_no_negatives_unless_asked_for(kin: str, ignored: list[bool]) -> None:
    moco = method(kin=kin)
    moco.queue.push(unit(2, 0).repeat(1, 2), torch.tensor([2, 3]))
    shown = batch([[0, 1]] * 2, [7, -1, 7, -1])  # image 1 and key 3 have no group: that is not one group
    found = moco._ignored(shown, shown.rows)[0]
    assert found[0, :2].tolist() == ignored
    assert not found[1].any() and not found[0, 2:].any()


def test_the_trivial_loss_is_the_log_of_the_candidates() -> None:
    moco = method()
    first, second = (moco.loss(batch([[0, 1, 2]] * 2))["trivial"].item() for _ in range(2))
    assert first == pytest.approx(math.log(1 + 12))
    assert second == pytest.approx(math.log(1 + 11))  # the image's own key of the step before is left out


def test_the_newest_keys_come_first_and_the_oldest_leave() -> None:
    queue = Queue(5, 8)
    queue.push(unit(3, 0), torch.tensor([0, 1, 2]))
    queue.push(unit(4, 1), torch.tensor([3, 4, 5, 6]))
    assert queue.rows.tolist() == [3, 4, 5, 6, 0]
    assert torch.equal(queue.vectors, torch.cat([unit(4, 1), unit(3, 0)[:1]]))


def test_more_keys_than_the_queue_is_long_fill_it() -> None:
    queue = Queue(2, 8)
    queue.push(unit(3, 0), torch.tensor([0, 1, 2]))
    assert queue.rows.tolist() == [0, 1] and set(queue.state_dict()) == {"vectors", "rows"}


def test_a_step_queues_the_keys_of_its_partners() -> None:
    moco, shown = method(parts=1), batch([[0, 1, 2], [5, 6, 7], [8, 9, 3]])
    keys = F.normalize(moco.target(shown.views[1]), dim=1)
    moco.loss(shown)
    assert moco.queue.rows.tolist() == [5, 6, 7, 8, 9, 3] + [-1] * 6
    torch.testing.assert_close(moco.queue.vectors[:3], keys)


@BOTH
def test_the_key_network_moves_by_one_minus_the_momentum_and_gets_no_gradient(name: str) -> None:
    moco = method(name, momentum=0.9)
    moco.loss(batch([[0, 1, 2]] * 2))["total"].backward()
    assert all(weight.grad is None for weight in moco.target.parameters())
    before = moco.target[0].stem.weight.clone()
    with torch.no_grad():
        moco.encoder.stem.weight.add_(1.0)
    moco.after_step(0.7)
    torch.testing.assert_close(moco.target[0].stem.weight, before + 0.1)


def test_a_query_and_its_key_are_normalised_with_different_images() -> None:
    class Company(nn.Module):
        """Says of each image which others it is seen with."""

        def forward(self, images: Tensor) -> Tensor:
            seen = torch.zeros(10)
            seen[images[:, 0].long()] = 1
            return seen.expand(len(images), 10)

    images = torch.arange(10.0)[:, None]
    queries, keys = (in_parts(Company(), images, part_of_each(12, 3, shift)[:10]) for shift in (0, 1))
    assert queries[0].nonzero().flatten().tolist() == [0, 3, 6, 9]
    assert queries[4].nonzero().flatten().tolist() == [1, 4, 7]
    assert keys[0].nonzero().flatten().tolist() == [0, 5, 7, 9]
    assert not (keys == queries).all(dim=1).any()


def test_parts_differ_in_size_by_one_at_most() -> None:
    for shift in (0, 1):
        sizes = part_of_each(35, 8, shift).bincount()
        assert len(sizes) == 8 and sizes.max() - sizes.min() <= 1


def test_a_large_batch_is_seen_in_parts_and_a_small_one_whole() -> None:
    seen: list[int] = []
    moco = method(parts=4)
    moco.encoder.register_forward_hook(lambda _, images, __: seen.append(len(images[0])))
    moco.loss(batch([list(range(18))] * 2))
    moco.loss(batch([list(range(7))] * 2))
    assert seen == [5, 5, 4, 4, 7]


def test_v1_projects_by_one_layer_and_v2_by_two_without_batch_norm() -> None:
    first, second = (method(name).projector for name in ("moco_v1", "moco_v2"))
    assert [type(layer) for layer in first] == [nn.Linear]
    assert [type(layer) for layer in second] == [nn.Linear, nn.ReLU, nn.Linear]

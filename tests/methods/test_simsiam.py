"""SimSiam's loss against lightly's, and where its gradient goes."""

import torch
from lightly.loss import NegativeCosineSimilarity

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.simsiam import SimSiam


def method() -> SimSiam:
    built = build_method("simsiam", build_encoder("nano", {"width": 8}), {"width": 16, "hidden": 8}).train()
    assert isinstance(built, SimSiam)
    return built


def views(count: int = 2) -> torch.Tensor:
    return torch.randn(count, 6, 3, 16, 16, generator=torch.Generator().manual_seed(0))


def batch(pixels: torch.Tensor) -> Batch:
    return Batch(pixels, torch.arange(pixels.shape[1]).repeat(len(pixels), 1))


def test_loss_and_gradient_are_those_of_lightly_with_one_side_held_still() -> None:
    ours, theirs, oracle, pixels = method(), method(), NegativeCosineSimilarity(), views()
    total = ours.loss(batch(pixels))["total"]
    left, right = (theirs.project(view) for view in pixels)
    predicted = [theirs.predictor(projection) for projection in (left, right)]
    expected = 1 + (oracle(predicted[0], right.detach()) + oracle(predicted[1], left.detach())) / 2
    torch.testing.assert_close(total, expected)
    total.backward()
    expected.backward()
    for weight, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(weight.grad, other.grad)


def test_with_three_views_each_predicts_the_two_others() -> None:
    simsiam, oracle, pixels = method(), NegativeCosineSimilarity(), views(3)
    z = [simsiam.project(view) for view in pixels]
    p = [simsiam.predictor(projection) for projection in z]
    pairs = [oracle(p[i], z[j]) for i in range(3) for j in range(3) if i != j]
    torch.testing.assert_close(simsiam.loss(batch(pixels))["total"], 1 + torch.stack(pairs).mean())


def test_projections_leave_a_batch_norm_without_weights_of_its_own() -> None:
    projections = method().project(views()[0])
    torch.testing.assert_close(projections.mean(dim=0), torch.zeros(16), atol=1e-5, rtol=0)
    torch.testing.assert_close(projections.var(dim=0, correction=0), torch.ones(16), atol=1e-2, rtol=0)

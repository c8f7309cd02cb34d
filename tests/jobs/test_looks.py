"""Looks: what a training writes to be looked at, and what a reader gets of it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from engine import files
from engine.encoders import build_encoder
from engine.jobs import output
from engine.jobs.tasks.looks import PINK, STRENGTH, Looks, warmed
from engine.jobs.tasks.sheet import pixels_of
from engine.methods import build_method
from engine.project import create_project
from engine.run_folder import RunFolder
from engine.train.batches import alone
from engine.train.config import TrainConfig
from engine.train.loop import Training
from engine.train.measure import random_images
from engine.views.recipe import PRESETS

CPU = torch.device("cpu")


def training(name: str, encoder: str = "nano") -> Training:
    """Two epochs of two steps."""
    settings = {"nano": {"width": 8}, "nano_vit": {"width": 24, "depth": 2}}[encoder]
    method = build_method(name, build_encoder(encoder, settings), {}, images=12)
    config = TrainConfig(epochs=2, batch=6, size=16)
    return Training(method, random_images(12, 16), alone, None, PRESETS["natural"], config, CPU)


def look_on(run: Training, folder: RunFolder) -> None:
    looks = Looks(folder, run)
    for step in run.steps():
        looks.look(step.epoch_ended)


def titles(folder: RunFolder) -> list[str]:
    return [one["name"] for one in files.read_json(folder.looks)]


@pytest.mark.parametrize(
    ("name", "encoder", "expected"),
    [("autoencoder", "nano", ["pictures"]), ("swav", "nano", ["clusters"]), ("simsiam", "nano_vit", ["attention"])],
)
def test_what_there_is_to_see_is_written_as_it_is_after_the_last_step(
    name: str, encoder: str, expected: list[str], tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path)
    look_on(training(name, encoder), folder)
    assert titles(folder) == expected
    about = files.read_json(folder.looks)[0]
    assert about["epoch"] == 2 and about["caption"].endswith(".")
    with Image.open(folder.look(expected[0])) as picture:
        assert picture.format == "WEBP"


def test_where_there_is_nothing_to_see_nothing_is_written(tmp_path: Path) -> None:
    look_on(training("simsiam"), RunFolder(tmp_path))
    assert not list(tmp_path.iterdir())


def test_looking_changes_nothing_in_the_training(tmp_path: Path) -> None:
    watched, unwatched = training("variational_autoencoder"), training("variational_autoencoder")
    look_on(watched, RunFolder(tmp_path))
    assert all(step.losses for step in unwatched.steps())
    pairs = zip(watched.method.parameters(), unwatched.method.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_full_attention_is_pink_and_none_leaves_the_image_as_it_is() -> None:
    images = torch.zeros(1, 3, 4, 4)
    heat: Tensor = torch.zeros(1, 4, 4)
    heat[0, 0, 0] = 0.01  # the most there is, however little
    shown, before = warmed(images, heat)[0], pixels_of(images)[0]
    assert np.array_equal(shown[3, 3], before[3, 3])
    expected = before[0, 0] * (1 - STRENGTH) + np.array(PINK) * STRENGTH
    assert np.abs(shown[0, 0] - expected).max() <= 1


def test_the_sheet_of_clusters_counts_the_images_of_the_largest(tmp_path: Path) -> None:
    run, folder = training("swav"), RunFolder(tmp_path)
    run.method.assignments = lambda images: torch.arange(len(images)) // 8  # type: ignore[method-assign]
    look_on(run, folder)
    assert "hold 8, 4 of 12 images; 2 clusters" in files.read_json(folder.looks)[0]["caption"]


def test_a_reader_gets_title_caption_epoch_and_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "status", lambda project, run: None)
    (tmp_path / "images").mkdir()
    project = create_project(tmp_path / "project", tmp_path / "images")
    assert output.looks(project, "one") == []
    look_on(training("autoencoder"), RunFolder.of(project, "one"))
    (look,) = output.looks(project, "one")
    assert look.title == "What it draws" and "reconstruction" in look.caption and look.epoch == 2
    with Image.open(BytesIO(look.picture)) as picture:
        assert picture.width > picture.height

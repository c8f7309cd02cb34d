"""PCA and LDA as a starting point: from the project's images, and only a person's labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.encoders import build_encoder
from engine.errors import TooFewLabels
from engine.images.cache import build_cache
from engine.images.scan import scan
from engine.images.table import read_table
from engine.jobs import TrainRequest
from engine.jobs.tasks.first_filters import sample
from engine.jobs.tasks.network import build_network
from engine.labels.store import LabelStore
from engine.project import Project, create_project
from engine.types import UNKNOWN

REQUEST = {"encoder_settings": {"width": 8}, "training": {"size": 16}}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Twelve images of noise, prepared at 16 pixels."""
    folder, random = tmp_path / "images", np.random.default_rng(0)
    folder.mkdir()
    for index in range(12):
        Image.fromarray(random.integers(0, 256, (16, 16, 3), np.uint8)).save(folder / f"{index}.png")
    made = create_project(tmp_path / "project", folder)
    scan(made)
    build_cache(made, read_table(made), 16)
    return made


def label(project: Project, by_hand: bool) -> None:
    """Two images of each of two classes."""
    store, ids = LabelStore(project), read_table(project).ids
    classes = [store.add_class(name, "me").id for name in ("one", "other")]
    if by_hand:
        for place, one in enumerate(classes):
            store.label(ids[2 * place : 2 * place + 2], one, "me", "click")
    else:
        store.accept(ids[:4], [classes[0]] * 2 + [classes[1]] * 2, [0.9] * 4, "spread", "me")


def test_labelled_images_come_into_the_sample_first() -> None:
    labels = np.full(50, UNKNOWN)
    labels[[3, 30, 40]] = 1
    rows = sample(labels, 5, np.random.default_rng(0))
    assert {3, 30, 40} <= set(rows.tolist()) and len(set(rows.tolist())) == 5
    assert len(sample(labels, 99, np.random.default_rng(0))) == 50


@pytest.mark.parametrize("init", ["pca", "lda"])
def test_a_training_can_start_from_computed_filters(init: str, project: Project) -> None:
    label(project, by_hand=True)
    request = TrainRequest(init=init, **REQUEST)
    request.check(project)
    first, again = (build_network(project, request).encoder for _ in range(2))
    untouched = build_encoder("nano", {"width": 8})
    assert torch.equal(first.stem.weight, again.stem.weight)
    assert not torch.equal(first.stem.weight, untouched.stem.weight)


def test_lda_is_refused_before_it_starts_where_a_person_labelled_nothing(project: Project) -> None:
    label(project, by_hand=False)  # the engine's own are no person's
    with pytest.raises(TooFewLabels, match="this project has 0"):
        TrainRequest(init="lda", **REQUEST).check(project)

"""One stain for all images of a training, and of the embedding made from it."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
import torch
from PIL import Image

from engine import files, jobs
from engine.cli.assign import train_request
from engine.embeddings import load_embedding
from engine.encoders import build_encoder, unpack
from engine.errors import SettingInvalid, UnknownName
from engine.images.cache import PixelCache, build_cache
from engine.images.table import read_table
from engine.jobs.context import Context
from engine.jobs.offers import again
from engine.jobs.record import Record, write_record
from engine.jobs.reporter import Reporter
from engine.jobs.request import EmbedRequest, TrainRequest
from engine.jobs.tasks import embed, train
from engine.jobs.tasks.sheet import views_sheet
from engine.jobs.tasks.stains import about_stain, to_one_stain, to_stain_of_run
from engine.methods import build_method
from engine.priors import PriorSpec
from engine.project import Project
from engine.run_folder import RunFolder
from engine.train.batches import alone
from engine.train.checkpoint import load_checkpoint
from engine.train.config import TrainConfig
from engine.train.loop import Training
from engine.views.draw import plain
from engine.views.recipe import PRESETS, Recipe

MACENKO = PriorSpec("augmentation", {"preset": "histology", "stain_normalise": "macenko"})


def seen(project: Project, recipe: Recipe, size: int = 32) -> PixelCache:
    """The demo's images as the recipe has them."""
    table = read_table(project)
    return to_one_stain(build_cache(project, table, size), table, recipe)


def work(project: Project, task: ModuleType, request: TrainRequest | EmbedRequest) -> str:
    """Do a task of a request in this process, as a worker does; returns the run."""
    folder = RunFolder.of(project, task.__name__.rpartition(".")[2])
    files.write_json(folder.request, {**request.as_json(), "title": request.title, "created": "2026-01-01"})
    write_record(folder, Record(state="running", queued=0))
    task.run(Context(project, request, folder, Reporter(folder)))
    return folder.run


def test_an_embedding_sees_the_images_in_the_stain_of_its_run(project: Project) -> None:
    request = TrainRequest(
        priors=(MACENKO,), encoder_settings={"width": 8}, training={"size": 32, "batch": 30, "epochs": 1}
    )
    run = work(project, train, replace(request, embed_after=False))
    work(project, embed, EmbedRequest(run=run, map=""))
    kept = load_checkpoint(RunFolder.of(project, run).encoder)
    pixels = seen(project, Recipe(stain_normalise="macenko")).take(np.arange(60))
    with torch.inference_mode():
        wanted = unpack(kept).eval()(plain(torch.from_numpy(pixels), 32)).numpy()
    embedding = load_embedding(project, run)
    apart = np.linalg.norm(embedding.vectors - wanted, axis=1) / np.linalg.norm(wanted, axis=1)
    assert apart.max() < 0.03  # bfloat16 against float32
    assert embedding.about["stain"] == files.read_json(project.embedding_folder(run) / "about.json")["stain"]
    assert embedding.about["stain"]["strengths"] == list(kept["stain"]["strengths"])


def test_what_a_run_kept_of_its_stain_brings_the_images_to_it_again(project: Project) -> None:
    table = read_table(project)
    first = seen(project, Recipe(stain_normalise="macenko", stain_reference=str(table.paths[3])))
    second = to_stain_of_run(build_cache(project, table, 32), about_stain(first))
    rows = np.arange(len(table))
    assert np.array_equal(first.take(rows), second.take(rows))
    untouched = build_cache(project, table, 32)
    assert to_stain_of_run(untouched, {}) is untouched and about_stain(untouched) == {}
    assert np.abs(first.take(rows).astype(int) - untouched.take(rows)).mean() > 1
    assert np.abs(first.take(rows[3:4]).astype(int) - untouched.take(rows[3:4])).mean() < 5  # the reference itself


def test_a_frozen_encoder_may_see_one_stain_too_under_a_name_of_its_own_and_be_asked_again() -> None:
    request = EmbedRequest(encoder="nano", init="random", stain_normalise="macenko", stain_reference="a.png")
    assert request.embedding == "nano-macenko-random"
    about = {"name": request.embedding, "encoder": "nano", "settings": {}, "init": "random"}
    asked = {"stain_normalise": "macenko", "stain_reference": "a.png"}
    assert again({**about, **asked}).recipe.stain_normalise == "macenko"  # type: ignore[union-attr]
    assert again(about).recipe.stain_normalise == "no"  # type: ignore[union-attr]


def test_wishes_that_cannot_be_met_are_refused_before_anything_starts(project: Project) -> None:
    missing = PriorSpec("augmentation", {"stain_normalise": "macenko", "stain_reference": "nowhere.png"})
    with pytest.raises(UnknownName, match=r"nowhere\.png"):
        jobs.start(project, TrainRequest(priors=(missing,)))
    with pytest.raises(UnknownName, match=r"nowhere\.png"):
        jobs.start(project, EmbedRequest(encoder="nano", stain_normalise="macenko", stain_reference="nowhere.png"))
    with pytest.raises(SettingInvalid, match="stain_normalise"):
        jobs.start(project, EmbedRequest(encoder="nano", stain_normalise="vahadane"))


def test_the_command_line_sets_it_among_the_settings_of_the_views() -> None:
    request = train_request("simclr", ["augmentation"], "nano", "random", "", {"stain_normalise": "macenko"})
    assert request.priors[0].settings["stain_normalise"] == "macenko"


def test_the_sheet_of_views_shows_the_images_as_they_are_and_then_in_one_stain(project: Project) -> None:
    cache = seen(project, Recipe(stain_normalise="macenko"))
    method = build_method("simclr", build_encoder("nano", {"width": 8}), {})
    config = TrainConfig(size=32, batch=30)
    training = Training(method, cache, alone, None, PRESETS["histology"], config, torch.device("cpu"))
    sheet = views_sheet(training)
    anchor = np.random.default_rng(config.seed).permutation(len(cache))[:1]
    cells = [sheet[4 : 4 + 96, place * 104 + 4 : place * 104 + 100] for place in range(2)]
    for cell, pixels in zip(cells, (cache.original.take(anchor), cache.take(anchor)), strict=True):  # type: ignore[attr-defined]
        wanted = np.asarray(Image.fromarray(pixels[0]).resize((96, 96), Image.Resampling.NEAREST))
        assert np.abs(cell.astype(int) - wanted).max() <= 1
    assert sheet.shape[1] == 8 * 104

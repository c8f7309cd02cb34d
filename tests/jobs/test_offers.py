"""The embeddings that a project can have, and making one anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import catalogue, files
from engine.home import weights_folder
from engine.jobs.offers import again, embed_offers
from engine.jobs.record import Record, write_record
from engine.jobs.request import EmbedRequest
from engine.project import Project
from engine.run_folder import RunFolder


def test_every_encoder_of_ours_is_offered_with_each_of_its_inits_random_weights_last(project: Project) -> None:
    offered = [(one.request.encoder, one.request.init) for one in embed_offers(project)]
    cards = [card for card in catalogue.read_catalogue()["encoders"] if "download" not in card]
    assert set(offered) == {(card["name"], init) for card in cards for init in card["inits"]}
    assert len(offered) == len(set(offered))
    assert [init == "random" for _, init in offered] == sorted(init == "random" for _, init in offered)


@pytest.mark.parametrize("name", ["torchvision:resnet50", "torchvision:convnext_tiny"])
def test_a_network_is_offered_once_its_weights_have_been_fetched(
    name: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDFUL_HOME", str(tmp_path))
    assert name not in {one.request.encoder for one in embed_offers(project)}
    files.write_text(weights_folder() / catalogue.card("encoders", name)["download"]["file"], "weights")
    assert [one.request.init for one in embed_offers(project) if one.request.encoder == name] == ["imagenet"]


def test_a_run_is_offered_once_it_has_an_encoder(project: Project) -> None:
    for run in ("trained", "begun"):
        folder = RunFolder.of(project, run)
        files.write_json(folder.request, {"kind": "train", "title": "SimCLR", "created": "2026-01-01"})
        write_record(folder, Record(state="done", queued=0))
    files.write_text(RunFolder.of(project, "trained").encoder, "weights")
    assert [one.request.run for one in embed_offers(project) if one.request.run] == ["trained"]
    assert embed_offers(project)[0].title == "trained (trained here)"


def test_an_embedding_is_made_anew_as_it_was_made() -> None:
    frozen = {"name": "e", "run": "", "encoder": "nano", "settings": {}, "init": "random", "size": 64, "seed": 3}
    assert again(frozen) == EmbedRequest(encoder="nano", init="random", name="e", size=64, seed=3)
    trained = {"name": "t", "run": "train-1", "encoder": "nano", "settings": {}, "init": "", "size": 32, "seed": 0}
    assert again(trained) == EmbedRequest(run="train-1", name="t", size=32)

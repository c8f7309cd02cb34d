"""Where first weights come from: fetched when allowed, of any program, of a run; never silently others."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import catalogue, files, jobs
from engine.encoders import build_encoder, pack
from engine.errors import CheckpointUnreadable, RunFailed, SettingInvalid, WeightsMissing
from engine.home import weights_folder
from engine.jobs.record import Record, read_record, write_record
from engine.jobs.reporter import Reporter
from engine.jobs.tasks.network import Start, first_encoder
from engine.jobs.weights import bring_weights, source
from engine.project import Project
from engine.run_folder import RunFolder

NAME = "torchvision:resnet18"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that a server on this machine gives away, where weights are looked for; and an empty home."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        monkeypatch.setenv("HANDFUL_WEIGHTS_URL", f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setenv("HANDFUL_HOME", str(tmp_path / "home"))
        yield folder
        server.shutdown()


@pytest.fixture
def report(project: Project) -> Reporter:
    folder = RunFolder.of(project, "train-1")
    files.write_json(folder.request, {})
    write_record(folder, Record(state="running", queued=0))
    return Reporter(folder)


@pytest.fixture
def small_card(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """ResNet-18's card, as if its weights were a file of ten bytes."""
    content = b"ten  bytes"
    file = f"resnet18-{hashlib.sha256(content).hexdigest()[:8]}.pth"
    card = catalogue.card("encoders", NAME)
    card = {**card, "download": {"file": file, "url": f"https://weights.invalid/{file}", "megabytes": 0}}
    monkeypatch.setattr(catalogue, "card", lambda kind, name: card)
    return card


def test_weights_come_from_torchvisions_address_or_the_mirror(
    small_card: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = small_card["download"]["file"]
    assert source(small_card) == f"https://weights.invalid/{file}"
    monkeypatch.setenv("HANDFUL_WEIGHTS_URL", "http://mirror/weights/")
    assert source(small_card) == f"http://mirror/weights/{file}"


def test_a_run_fetches_what_it_was_allowed_to_and_says_so(
    mirror: Path, report: Reporter, small_card: dict[str, Any]
) -> None:
    file = small_card["download"]["file"]
    (mirror / file).write_bytes(b"ten  bytes")
    with pytest.raises(WeightsMissing, match="Allow the download"):
        bring_weights(NAME, "imagenet", False, report)
    bring_weights(NAME, "imagenet", True, report)
    assert (weights_folder() / file).read_bytes() == b"ten  bytes"
    record = read_record(report.folder)
    assert record is not None and record.stage == "Fetching weights" and (record.done, record.total) == (10, 10)


def test_where_nothing_can_be_fetched_the_ways_without_are_named(mirror: Path, report: Reporter) -> None:
    with pytest.raises(WeightsMissing) as caught:
        bring_weights(NAME, "imagenet", True, report)
    for part in (str(mirror.parent / "home" / "weights"), "resnet18-f37072fd.pth", "Not found", "--init PATH"):
        assert part.lower() in str(caught.value).lower()


def test_a_run_with_another_content_than_torchvisions_fails_in_a_sentence(mirror: Path, project: Project) -> None:
    (mirror / "resnet18-f37072fd.pth").write_bytes(b"something else")
    run = jobs.start(project, jobs.EmbedRequest(encoder=NAME, download=True, map=""))
    with pytest.raises(RunFailed, match="SHA-256 begins with f41f3fa6, not f37072fd"):
        jobs.wait(project, run)


def test_a_run_trains_on_from_a_file_and_its_log_says_what_fitted(project: Project, tmp_path: Path) -> None:
    torch.save({"state_dict": build_encoder("nano", {"width": 8}).state_dict()}, tmp_path / "mine.pth")
    request = jobs.TrainRequest(
        encoder_settings={"width": 8},
        init=str(tmp_path / "mine.pth"),
        training={"epochs": 1, "size": 16},
        embed_after=False,
    )
    ended = jobs.wait(project, jobs.start(project, request))
    assert ended.state == "done", ended.error
    assert "First weights: 60 of 60 tensors came from the file" in RunFolder.of(project, ended.run).log.read_text()


def test_a_file_of_handful_brings_its_settings(project: Project, tmp_path: Path) -> None:
    before = build_encoder("nano", {"width": 16}, seed=4)
    torch.save(pack(before), tmp_path / "encoder.pt")
    start = Start(str(tmp_path / "encoder.pt"))
    after = first_encoder(project, "nano", {}, start)
    assert all(torch.equal(value, after.state_dict()[name]) for name, value in before.state_dict().items())
    with pytest.raises(SettingInvalid, match="width cannot be set"):
        first_encoder(project, "nano", {"width": 64}, start)
    with pytest.raises(SettingInvalid, match="holds the encoder nano, not resnet18"):
        first_encoder(project, "resnet18", {}, start)


def test_a_file_of_another_network_is_refused(project: Project, tmp_path: Path) -> None:
    torch.save(build_encoder("resnet18", {}).state_dict(), tmp_path / "other.pth")
    with pytest.raises(CheckpointUnreadable, match="not of this encoder"):
        first_encoder(project, "nano", {}, Start(str(tmp_path / "other.pth")))


def test_a_file_that_has_gone_since_is_named(project: Project, tmp_path: Path) -> None:
    with pytest.raises(CheckpointUnreadable, match=r"gone\.pth cannot be read"):
        first_encoder(project, "nano", {}, Start(str(tmp_path / "gone.pth")))

"""Embed: every image through a trained or a frozen encoder; the vectors and all that made them go to disk."""

from __future__ import annotations

import platform
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import engine
from engine import catalogue, files
from engine.embeddings import save_embedding
from engine.images.cache import PixelCache, build_cache
from engine.images.overview import overview
from engine.images.table import ImageTable, read_table
from engine.jobs.context import Context
from engine.jobs.hardware import device_name
from engine.jobs.request import EmbedRequest
from engine.jobs.weights import bring_weights
from engine.project import Project
from engine.run_folder import RunFolder
from engine.settings import build
from engine.train.config import TrainConfig

if TYPE_CHECKING:
    from engine.encoders import Encoder


def run(context: Context) -> None:
    """Embed all images.

    Raises:
        Stopped: the run was asked to stop; nothing is kept.
        EngineError: what is wrong with images, weights or settings.
    """
    request, report = context.request, context.report
    assert isinstance(request, EmbedRequest)
    report.take_device(device_name(request.device))
    table = read_table(context.project)
    size = request.size or _usual_size(context.project, request)
    if request.encoder:
        bring_weights(request.encoder, request.weights, request.download, report)
    report.begin("Preparing images")
    cache = build_cache(context.project, table, size, report.progress)

    report.begin("Embedding", "Embedding: loading")
    from engine.embed import embed  # torch, and only after the images are cut, which helpers do
    from engine.jobs.tasks.stains import about_stain
    from engine.train.device import choose_device

    cache = _in_one_stain(context, request, table, cache)
    encoder = _encoder(context, request, size)
    began = time.monotonic()
    vectors = embed(encoder, cache, choose_device(request.device), progress=report.progress)
    about = {
        **_about(context.project, request, encoder),
        "images": table.fingerprint,
        "size": size,
        **about_stain(cache),
        "seconds": round(time.monotonic() - began, 2),
        "created": datetime.now(UTC).isoformat(timespec="microseconds"),
    }
    save_embedding(context.project, request.embedding, vectors, list(table.ids), about)


def _in_one_stain(context: Context, request: EmbedRequest, table: ImageTable, cache: PixelCache) -> PixelCache:
    """The images in the stain that the run saw them in, or that was asked for."""
    from engine.jobs.tasks.stains import to_one_stain, to_stain_of_run
    from engine.train.checkpoint import load_checkpoint

    if request.run:
        kept = load_checkpoint(RunFolder.of(context.project, request.run).encoder)
        return to_stain_of_run(cache, kept, context.report.progress)
    return to_one_stain(cache, table, request.recipe, context.report.progress)


def _usual_size(project: Project, request: EmbedRequest) -> int:
    """The side a run was trained at, else the one a frozen encoder was made for, else what suits the images."""
    if request.run:
        training = files.read_json(RunFolder.of(project, request.run).request)["training"]
        return build(TrainConfig, training).size
    made_for: int = catalogue.card("encoders", request.encoder).get("input_size", 0)
    return made_for or overview(project).suggested_size


def _encoder(context: Context, request: EmbedRequest, size: int) -> Encoder:
    from engine.encoders import unpack
    from engine.jobs.tasks.network import Start, first_encoder
    from engine.train.checkpoint import load_checkpoint

    if request.run:
        return unpack(load_checkpoint(RunFolder.of(context.project, request.run).encoder))
    start = Start(request.weights, request.seed, size)
    return first_encoder(context.project, request.encoder, dict(request.encoder_settings), start, context.report.say)


def _about(project: Project, request: EmbedRequest, encoder: Encoder) -> dict[str, Any]:
    """Everything that made the vectors, beside the images."""
    import torch

    about = {
        "encoder": encoder.name,
        "settings": asdict(encoder.config),
        "weights": _weights_hash(encoder),
        "init": "" if request.run else request.weights,
        "run": request.run,
        "seed": request.seed,
        "versions": {"handful": engine.__version__, "torch": torch.__version__, "python": platform.python_version()},
    }
    if request.stain_normalise != "no":
        about |= {"stain_normalise": request.stain_normalise, "stain_reference": request.stain_reference}
    if request.run:
        folder = RunFolder.of(project, request.run)
        trained = files.read_json(folder.request)
        about |= {
            "run_weights": files.content_hash(folder.encoder),
            "method": trained["method"],
            "title": trained["title"],
        }
    return about


def _weights_hash(encoder: Encoder) -> str:
    """Changes with any weight."""
    weights = encoder.state_dict().items()
    return files.fingerprint({name: value.detach().cpu().numpy() for name, value in weights})

"""Embed: every image through a trained or a frozen encoder; the vectors and all that made them go to disk."""

from __future__ import annotations

import platform
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import engine
from engine import files
from engine.embeddings import save_embedding
from engine.images.cache import build_cache
from engine.images.table import read_table
from engine.jobs.context import Context
from engine.jobs.hardware import device_name
from engine.jobs.request import EmbedRequest
from engine.project import Project
from engine.run_folder import RunFolder

if TYPE_CHECKING:
    from engine.encoders import Encoder

FROZEN_SIZE = 128  # side of the images for an encoder that does not say, in pixels


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
    report.begin("Preparing images")
    cache = build_cache(context.project, table, size, report.progress)

    report.begin("Embedding", "Embedding: loading")
    from engine.embed import embed  # torch, and only after the images are cut, which helpers do
    from engine.train.device import choose_device

    encoder = _encoder(context.project, request)
    began = time.monotonic()
    vectors = embed(encoder, cache, choose_device(request.device), progress=report.progress)
    about = {
        **_about(context.project, request, encoder),
        "images": table.fingerprint,
        "size": size,
        "seconds": round(time.monotonic() - began, 2),
        "created": datetime.now(UTC).isoformat(timespec="microseconds"),
    }
    save_embedding(context.project, request.embedding, vectors, list(table.ids), about)

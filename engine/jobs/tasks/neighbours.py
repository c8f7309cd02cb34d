"""Find every image's neighbours in an embedding; faiss, and never torch."""

from __future__ import annotations

from engine.geometry.neighbours import build_neighbours
from engine.jobs.context import Context
from engine.jobs.request import EmbedRequest


def run(context: Context) -> None:
    """Raises Stopped where the run was asked to stop."""
    assert isinstance(context.request, EmbedRequest)
    context.report.begin("Finding neighbours")
    build_neighbours(context.project, context.request.embedding, context.report.progress)

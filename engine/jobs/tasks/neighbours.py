"""Find every image's neighbours in an embedding; faiss, and never torch."""

from __future__ import annotations

from engine.errors import EmbeddingError
from engine.geometry.neighbours import build_neighbours, load_graph
from engine.jobs.context import Context
from engine.jobs.request import Laid, MapRequest
from engine.project import Project


def run(context: Context) -> None:
    """Find them, for a map only where they are not there yet.

    Raises:
        Stopped: the run was asked to stop.
        EngineError: no such embedding, or one that holds no numbers.
    """
    request = context.request
    assert isinstance(request, Laid)
    if isinstance(request, MapRequest) and _found(context.project, request.embedding):
        return
    context.report.begin("Finding neighbours")
    build_neighbours(context.project, request.embedding, context.report.progress)


def _found(project: Project, embedding: str) -> bool:
    """Whether neighbours of exactly these vectors are there."""
    try:
        load_graph(project, embedding)
    except EmbeddingError:
        return False
    return True

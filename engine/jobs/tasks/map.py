"""Lay an embedding out in two dimensions; umap, which costs seconds to import and is a process of its own."""

from __future__ import annotations

from engine.geometry.atlas import make_map
from engine.jobs.context import Context
from engine.jobs.request import Laid, MapRequest


def run(context: Context) -> None:
    """Raises Stopped where the run was asked to stop."""
    request = context.request
    assert isinstance(request, Laid)
    algorithm = request.algorithm if isinstance(request, MapRequest) else request.map
    context.report.begin("Drawing the map")
    make_map(context.project, request.embedding, algorithm, request.seed, context.report.progress)

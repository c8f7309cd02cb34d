"""Put embeddings side by side as one; neighbours and map follow as for any embedding."""

from __future__ import annotations

from engine.combine import combine
from engine.jobs.combine_request import CombineRequest
from engine.jobs.context import Context


def run(context: Context) -> None:
    """Raises an EngineError where a part has gone or is stale."""
    request = context.request
    assert isinstance(request, CombineRequest)
    context.report.begin("Weighing the parts")
    weights = request.chosen_weights(context.project)
    shares = ", ".join(f"{part} {one:.0%}" for part, one in zip(request.parts, weights.values, strict=True))
    context.report.say(f"Weights: {shares} ({weights.reason}).")
    combine(context.project, request.parts, request.embedding, weights)

"""Cut slides into tiles; the scan that follows makes images of them."""

from __future__ import annotations

from pathlib import Path

from engine.jobs.context import Context
from engine.jobs.tile_request import TileRequest
from engine.slides.tile import tile_slides


def run(context: Context) -> None:
    """Look at the slides, then cut; a tile that is there already is not cut again, so a resumed run goes on.

    Raises:
        Stopped: the run was asked to stop; what was cut so far stays.
        EngineError: no tile came of any slide, or what is wrong with folder and settings.
    """
    request, report = context.request, context.report
    assert isinstance(request, TileRequest)
    report.begin("Cutting tiles", "Looking at the slides")
    found = tile_slides(context.project, Path(request.slides), request.config, report.progress)
    for name, reason in found.left_out:
        report.say(f"Left out {name}: {reason}")
    slides = "1 slide" if found.slides == 1 else f"{found.slides:,} slides"
    said = f"{found.tiles:,} tiles of {found.fields:,} fields from {slides}"
    report.tell(tiles=found.tiles, fields=found.fields, slides=found.slides, left_out=found.left_out, outcome=said)

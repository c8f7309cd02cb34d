"""Draw the maps of a training's snapshots; umap, which is a process of its own, far from torch."""

from __future__ import annotations

from engine.geometry.epochs import draw_epoch_maps
from engine.jobs.context import Context
from engine.jobs.reporter import Stopped
from engine.jobs.request import Training


def run(context: Context) -> None:
    """Draw them, where there are any; the training is done whether or not this succeeds, and the log says why not.

    Raises:
        Stopped: the run was asked to stop.
    """
    request, report = context.request, context.report
    assert isinstance(request, Training)
    report.begin("Drawing the map by epoch")
    try:
        draw_epoch_maps(context.folder, request.config.seed, report.progress)
    except Stopped:
        raise
    except Exception as error:  # noqa: BLE001 - whatever UMAP makes of odd vectors, the encoder is trained
        report.say(f"The map by epoch was not drawn: {type(error).__name__}: {error}")

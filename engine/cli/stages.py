"""finetune, distil: what follows on a training with SimCLR v2, each a job in a process of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from engine import jobs
from engine.cli.assign import stage_settings
from engine.cli.learning import Download, report_run
from engine.cli.options import Json, ProjectFolder, Settings, parse_settings
from engine.jobs.semi_supervised import DistilRequest, FineTuneRequest
from engine.project import open_project

Name = Annotated[str, typer.Option("--name", help="Name of the run.")]
Embed = Annotated[bool, typer.Option("--embed/--no-embed", help="Embed all images and draw the map when it has ended.")]
Waiting = Annotated[bool, typer.Option("--wait", help="Return when it has ended.")]


def add_commands(app: typer.Typer) -> None:
    for command in (finetune, distil):
        app.command()(command)


def finetune(
    folder: ProjectFolder,
    settings: Settings,
    run: Annotated[str, typer.Option("--run", help="The run of simclr_v2 to go on from.", show_default=False)],
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over the labelled images.")] = int(
        FineTuneRequest.usual["epochs"]
    ),
    name: Name = "",
    embed: Embed = True,
    wait_for_it: Waiting = False,
    as_json: Json = False,
) -> None:
    """Teach the classes of your labels to a network that has learnt from all images."""
    project = open_project(folder)
    given = stage_settings(FineTuneRequest.method, "", {"epochs": str(epochs), **parse_settings(settings)})
    request = FineTuneRequest(
        run=run, method_settings=given["stage"], training=given["training"], name=name, embed_after=embed
    )
    report_run(project, jobs.start(project, request), wait_for_it, as_json)


def distil(
    folder: ProjectFolder,
    settings: Settings,
    teacher: Annotated[str, typer.Option("--teacher", help="A run that was fine-tuned.", show_default=False)],
    encoder: Annotated[str, typer.Option("--encoder", help="The student; the teacher's kind if not said.")] = "",
    init: Annotated[
        str, typer.Option("--init", help="Where the student starts; at its teacher's encoder if of its kind.")
    ] = "",
    download: Download = False,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over all images.")] = int(
        DistilRequest.usual["epochs"]
    ),
    name: Name = "",
    embed: Embed = True,
    wait_for_it: Waiting = False,
    as_json: Json = False,
) -> None:
    """Let a student learn from all images to answer as a fine-tuned network does."""
    project = open_project(folder)
    given = stage_settings(DistilRequest.method, encoder, {"epochs": str(epochs), **parse_settings(settings)})
    request = DistilRequest(
        teacher=teacher,
        encoder=encoder,
        encoder_settings=given["encoder"],
        init=init,
        download=download,
        method_settings=given["stage"],
        training=given["training"],
        name=name,
        embed_after=embed,
    )
    report_run(project, jobs.start(project, request), wait_for_it, as_json)

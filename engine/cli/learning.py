"""train, runs, stop, resume, embed, map: long work, each a job in a process of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from engine import jobs
from engine.cli.assign import train_request
from engine.cli.options import (
    EmbeddingName,
    Json,
    ProjectFolder,
    RunName,
    Seed,
    Settings,
    parse_numbers,
    parse_settings,
)
from engine.cli.output import progress_bar, show, warn
from engine.errors import SettingInvalid
from engine.jobs.combine_request import CombineRequest
from engine.jobs.request import EmbedRequest, MapRequest
from engine.jobs.status import Status, status, statuses, wait
from engine.project import Project, open_project

Download = Annotated[
    bool, typer.Option("--download", help="Fetch pretrained weights that are not on this machine; else none are.")
]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Return when it has ended.")]


def add_commands(app: typer.Typer) -> None:
    for command in (train, runs, stop, resume, embed):
        app.command()(command)
    app.command("map")(draw_map)


def train(
    folder: ProjectFolder,
    settings: Settings,
    method: Annotated[str, typer.Option("--method", help="A method, as `methods` lists them.")] = "simclr",
    prior: Annotated[
        str, typer.Option("--prior", help="Priors with commas, e.g. same_group:patient.")
    ] = "augmentation",
    encoder: Annotated[str, typer.Option("--encoder", help="An encoder, as `encoders` lists them.")] = "nano",
    init: Annotated[
        str,
        typer.Option("--init", help="Where to start: random, imagenet, pca, lda, a run, or a checkpoint file's path."),
    ] = "random",
    download: Download = False,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over all images.")] = 20,
    balance: Annotated[
        str, typer.Option("--balance", help="Column over whose groups each batch is balanced, e.g. patient.")
    ] = "",
    name: Annotated[str, typer.Option("--name", help="Name of the run.")] = "",
    wait_for_it: Annotated[bool, typer.Option("--wait", help="Return when it has ended.")] = False,
    as_json: Json = False,
) -> None:
    """Train an encoder on the project's images, in the background."""
    project = open_project(folder)
    values = {"epochs": str(epochs), "balance": balance, **parse_settings(settings)}
    request = replace(train_request(method, prior.split(","), encoder, init, name, values), download=download)
    run = jobs.start(project, request)
    warn(jobs.warnings(project, request))
    report_run(project, run, wait_for_it, as_json)


def runs(folder: ProjectFolder, as_json: Json = False) -> None:
    """List the runs, newest first."""
    listed = statuses(open_project(folder))
    lines = [f"{one.run:<28} {one.state:<12} {one.title}\n{'':<28} {one.message}" for one in listed]
    show([_plain(one) for one in listed], as_json, "\n".join(lines) or "No run yet. Start one with: train")


def stop(folder: ProjectFolder, run: RunName, as_json: Json = False) -> None:
    """Stop a run; it saves where it is and can be resumed."""
    project = open_project(folder)
    before = status(project, run)
    jobs.stop_run(project, run)
    text = f"{run} stops at the end of its step. Resume it with: resume"
    show(_plain(status(project, run)), as_json, text if before.active else f"{run} has ended already: {before.state}.")


def resume(folder: ProjectFolder, run: RunName, wait_for_it: Wait = False, as_json: Json = False) -> None:
    """Go on with a run that was stopped or interrupted."""
    project = open_project(folder)
    jobs.resume_run(project, run)
    report_run(project, run, wait_for_it, as_json)


def embed(
    folder: ProjectFolder,
    run: Annotated[str, typer.Option("--run", help="The run whose encoder to use.")] = "",
    encoder: Annotated[str, typer.Option("--encoder", help="Or a frozen encoder by name.")] = "",
    weights: Annotated[
        str,
        typer.Option(
            "--weights",
            "--init",
            help="Of the frozen encoder: imagenet, random, pca, lda, or a checkpoint file's path. Of a combination: "
            "numbers with commas; where none are given, labels that are left out in turn choose.",
        ),
    ] = "",
    download: Download = False,
    combine: Annotated[str, typer.Option("--combine", help="Or embeddings to put side by side, with commas.")] = "",
    weights_of: Annotated[
        str, typer.Option("--weights-of", help="A combination whose weights to take, where none are given.")
    ] = "",
    group: Annotated[str, typer.Option("--group", help="Column whose groups are left out whole, e.g. patient.")] = "",
    stain_normalise: Annotated[
        str, typer.Option("--stain-normalise", help="Of a frozen encoder on H&E: macenko brings images to one stain.")
    ] = "no",
    stain_reference: Annotated[
        str, typer.Option("--stain-reference", help="Image whose stain that is, by id or path; else the usual one.")
    ] = "",
    name: Annotated[str, typer.Option("--name", help="Name of the embedding.")] = "",
    seed: Seed = 0,
    wait_for_it: Wait = True,
    as_json: Json = False,
) -> None:
    """Turn every image into a vector, and find every image's neighbours."""
    project = open_project(folder)
    request: EmbedRequest | CombineRequest
    if combine:
        _refuse_beside("--combine", {"--run": run, "--encoder": encoder})
        given = tuple(parse_numbers(weights)) if weights else ()
        parts = tuple(part.strip() for part in combine.split(","))
        request = CombineRequest(parts, given, weights_of, group, name, seed, map="")
    else:
        _refuse_beside("--run and --encoder", {"--weights-of": weights_of, "--group": group})
        request = EmbedRequest(run=run, encoder=encoder, init=weights, download=download, name=name, seed=seed, map="")
        request = replace(request, stain_normalise=stain_normalise, stain_reference=stain_reference)
    report_run(project, jobs.start(project, request), wait_for_it, as_json)


def draw_map(
    folder: ProjectFolder,
    embedding: EmbeddingName,
    algorithm: Annotated[str, typer.Option("--algorithm", help="Layout of the map.")] = "umap",
    seed: Seed = 0,
    wait_for_it: Wait = True,
    as_json: Json = False,
) -> None:
    """Lay an embedding out in two dimensions."""
    project = open_project(folder)
    request = MapRequest(embedding=embedding, algorithm=algorithm, seed=seed)
    report_run(project, jobs.start(project, request), wait_for_it, as_json)


def report_run(project: Project, run: str, wait_for_it: bool, as_json: bool) -> None:
    """Print the run's status; at its end, if so wished, a failed one as its error."""
    if wait_for_it:
        with progress_bar(run) as progress:
            wait(project, run, progress)
    now = status(project, run)
    show(_plain(now), as_json, f"{run}: {now.state}. {now.message}")


def _refuse_beside(chosen: str, others: dict[str, str]) -> None:
    """Raises SettingInvalid where an option was given that does not go with the one that was chosen."""
    for option, value in others.items():
        if value:
            raise SettingInvalid(f"{option} does not go with {chosen}. Leave one of them out.")


def _plain(one: Status) -> dict[str, Any]:
    return {"run": one.run, "status": one.state, **{key: value for key, value in vars(one).items() if key != "run"}}

"""benchmark: methods × priors × encoders on the user's own images, compared by what a few labels are worth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import catalogue, files, jobs
from engine.bench import as_csv, load_results, start_bench
from engine.bench.table import as_text
from engine.cli.options import Json, Settings, parse_settings
from engine.cli.output import progress_bar, show
from engine.errors import SettingInvalid
from engine.home import project_folder_for
from engine.images.prepare import prepare
from engine.jobs.bench_request import BenchRequest
from engine.project import Project, create_project, open_project


def add_commands(app: typer.Typer) -> None:
    app.command()(benchmark)


def benchmark(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER|PROJECT", help="Images, or a project over them.")],
    settings: Settings,
    truth: Annotated[Path, typer.Option("--truth", help="CSV or Parquet with paths and classes.", show_default=False)],
    column: Annotated[str, typer.Option("--column", help="Its column of classes.")] = "label",
    methods: Annotated[str, typer.Option("--methods", help="Methods with commas, or all.")] = "simclr",
    priors: Annotated[
        str, typer.Option("--priors", help="Priors with commas, each compared; a+b is one training with both.")
    ] = "augmentation",
    encoders: Annotated[str, typer.Option("--encoders", help="Encoders with commas.")] = "nano",
    inits: Annotated[str, typer.Option("--inits", help="Starting points with commas, as train's --init.")] = "random",
    labels: Annotated[str, typer.Option("--labels", help="Labels drawn of each class, with commas.")] = "1,5,10",
    seeds: Annotated[int, typer.Option("--seeds", help="Draws of labels, over which intervals are taken.")] = 5,
    repeats: Annotated[
        int, typer.Option("--repeats", help="Trainings of each kind with seeds of their own; intervals are over them.")
    ] = 1,
    group: Annotated[str, typer.Option("--group", help="Column whose groups labels and scores share not.")] = "",
    seconds: Annotated[float, typer.Option("--seconds", help="Wall time of each training; 0 goes by epochs.")] = 0.0,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over all images, without --seconds.")] = 20,
    size: Annotated[int, typer.Option("--size", help="Side of the views; 0 for what suits the images.")] = 0,
    name: Annotated[str, typer.Option("--name", help="Of the bench; made from what is asked where left out.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the result as CSV and JSON.")] = None,
    wait_for_it: Annotated[bool, typer.Option("--wait/--no-wait", help="Return when it has ended.")] = True,
    as_json: Json = False,
) -> None:
    """Compare trainings on images with known classes. The same command again goes on where it was."""
    project = _project_of(folder)
    request = BenchRequest(
        truth=str(truth.expanduser().resolve()),
        column=column,
        group=group,
        methods=_every_method() if methods == "all" else _listed(methods),
        priors=_listed(priors),
        encoders=_listed(encoders),
        inits=_listed(inits),
        labels=_numbers(labels),
        seeds=seeds,
        repeats=repeats,
        seconds=seconds,
        epochs=epochs,
        size=size,
        training=parse_settings(settings),
        name=name or "bench",
    )
    if not name:
        given = request.as_json() | {"truth": files.content_hash(truth) if truth.is_file() else str(truth)}
        request = BenchRequest(**{**vars(request), "name": f"bench-{files.fingerprint(given)[:6]}"})
    run = start_bench(project, request)
    if wait_for_it:
        _wait(project, run)
    _report(project, request.name, run, out, as_json)


def _wait(project: Project, run: str) -> None:
    try:
        with progress_bar(run) as progress:
            jobs.wait(project, run, progress)
    except KeyboardInterrupt:  # else it would go on unseen
        jobs.stop_run(project, run)
        raise


def _report(project: Project, bench: str, run: str, out: Path | None, as_json: bool) -> None:
    now = jobs.status(project, run)
    if now.active:
        show({"bench": bench, "run": run, "status": now.state}, as_json, f"{run}: {now.state}. See it with: runs")
        return
    results = load_results(project, bench)
    if out:
        files.write_text(out / f"{bench}.csv", as_csv(results))
        files.write_json(out / f"{bench}.json", results)
    show({**results, "status": now.state}, as_json, as_text(results))


def _project_of(folder: Path) -> Project:
    """The project in a folder, or the one over the images in it, made where there is none yet."""
    if (folder / "project.json").exists() or not folder.is_dir():
        return open_project(folder)
    root = project_folder_for(folder)
    if (root / "project.json").exists():
        return open_project(root)
    project = create_project(root, folder)
    with progress_bar(f"Reading {folder}") as progress:
        prepare(project, progress)
    return project


def _every_method() -> tuple[str, ...]:
    return tuple(card["name"] for card in catalogue.read_catalogue()["methods"])


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(sorted({int(part) for part in _listed(text)}))
    except ValueError:
        raise SettingInvalid(
            f"“--labels {text}” is not a list of whole numbers. Write, for instance, 1,5,10."
        ) from None

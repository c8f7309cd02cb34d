"""suggest, label, propagate, evaluate, export: from a few labels to all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import EmbeddingName, Json, ProjectFolder, Seed, Settings, Who, parse_settings
from engine.cli.output import show
from engine.errors import SettingInvalid
from engine.evaluate import evaluate as evaluate_project
from engine.export import export as export_project
from engine.images.table import read_table
from engine.labels.imports import import_labels
from engine.labels.store import LabelStore
from engine.labels.suggest import suggest as suggest_images
from engine.project import open_project
from engine.propagate import accept_above, propagate as propagate_labels, save_propagation


def add_commands(app: typer.Typer) -> None:
    for command in (suggest, label, undo, propagate, evaluate, export):
        app.command()(command)


def suggest(
    folder: ProjectFolder,
    embedding: EmbeddingName,
    strategy: Annotated[str, typer.Option("--strategy", help="As `strategies` lists them.")] = "typiclust",
    count: Annotated[int, typer.Option("--count", min=1, help="How many images.")] = 20,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Say which images to label next, and why."""
    suggestions = suggest_images(open_project(folder), embedding, strategy, count, seed)
    fields = ("id", "path", "score", "reason")
    show([{name: getattr(one, name) for name in fields} for one in suggestions], as_json)

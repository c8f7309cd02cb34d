"""enough, suspects, agreement, unlike: what the labels so far are worth."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from engine.cli.options import EmbeddingName, Json, ProjectFolder
from engine.cli.output import show
from engine.evaluate.agreement import agreement as measure_agreement
from engine.evaluate.learning_curve import learning_curve
from engine.evaluate.new_classes import new_classes
from engine.evaluate.support import read_support
from engine.evaluate.suspects import find_suspects
from engine.labels.store import LabelStore
from engine.project import open_project

LISTED = 20  # lines printed for people; --json has all

Group = Annotated[str, typer.Option("--group", help="Column whose groups are put aside whole, e.g. patient.")]


def add_commands(app: typer.Typer) -> None:
    for command in (enough, suspects, agreement, unlike):
        app.command()(command)


def enough(folder: ProjectFolder, embedding: EmbeddingName, group: Group = "", as_json: Json = False) -> None:
    """Say whether more labels are worth their time: the learning curve so far and what the next 20 will bring."""
    curve = learning_curve(read_support(open_project(folder), embedding, group), embedding)
    lines = [f"{one.labels:5.0f} labels: {one.score:.3f} ({one.low:.3f} to {one.high:.3f})" for one in curve.points]
    show({**asdict(curve), "sentence": curve.sentence}, as_json, "\n".join([*lines, curve.sentence]))


def suspects(folder: ProjectFolder, embedding: EmbeddingName, group: Group = "", as_json: Json = False) -> None:
    """List the labels that the other labels contradict, the strongest doubt first."""
    project = open_project(folder)
    store = LabelStore(project)
    found = find_suspects(read_support(project, embedding, group, store), store.confirmed(), embedding)
    lines = [
        f"  {one.path}: labelled {one.given} ({one.probability_given:.2f}), the others say {one.suggested} "
        f"({one.probability:.2f})"
        for one in found.suspects[:LISTED]
    ]
    show({**asdict(found), "sentence": found.sentence}, as_json, "\n".join([found.sentence, *lines]))


def agreement(folder: ProjectFolder, as_json: Json = False) -> None:
    """Say how far the people who labelled agree beyond chance, and on which images they do not."""
    found = measure_agreement(open_project(folder))
    lines = [
        f"  {one.people[0]} and {one.people[1]}: kappa {one.kappa:.2f}, {one.word}, on {one.images:,} images"
        for one in found.pairs
        if one.kappa is not None
    ]
    open_ones = [one for one in found.conflicts if not one.settled][:LISTED]
    lines += [f"  {one.path}: {', '.join(f'{who} says {name}' for who, name in one.said.items())}" for one in open_ones]
    show({**asdict(found), "sentence": found.sentence}, as_json, "\n".join([found.sentence, *lines]))


def unlike(folder: ProjectFolder, embedding: EmbeddingName, as_json: Json = False) -> None:
    """List the images that are unlike every class, group by group, as candidates for new classes."""
    found = new_classes(open_project(folder), embedding)
    groups = [[str(one) for one in found.ids[rows]] for rows in found.groups]
    value = {
        "sentence": found.sentence,
        "labelled": found.labelled,
        "expected": found.expected,
        "images": [{"id": str(found.ids[row]), "p": float(found.p[row])} for row in found.rows],
        "groups": groups,
    }
    lines = [f"  group of {len(group):,}: {', '.join(group[:3])} …" for group in groups[:LISTED]]
    show(value, as_json, "\n".join([found.sentence, *lines]))

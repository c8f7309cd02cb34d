"""recommend: which prior to begin with on a project's images, and why."""

from __future__ import annotations

from typing import Any

import typer

from engine.cli.options import Json, ProjectFolder
from engine.cli.output import show
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.priors.recommend import Offer, recommend
from engine.project import open_project


def add_commands(app: typer.Typer) -> None:
    app.command(name="recommend")(recommend_prior)


def recommend_prior(folder: ProjectFolder, as_json: Json = False) -> None:
    """Say which prior to begin with, why, what to mind, and what else the columns allow."""
    project = open_project(folder)
    table = read_table(project)
    codes, _ = LabelStore(project).label_codes(list(table.ids))
    found = recommend(table, codes)
    answer = {
        "prior": found.spec.as_json() if found.spec else None,
        "advice": found.advice,
        "here": found.here,
        "elsewhere": found.elsewhere,
        "caution": found.caution,
        "offers": [_plain(offer) for offer in found.offers],
    }
    lines = [f"Recommended: {found.title}.", found.advice, found.here, found.elsewhere, found.caution]
    lines += [f"  {one.title}: {one.coverage.sentence} {one.purity.sentence} {one.told}" for one in found.offers]
    show(answer, as_json, "\n".join(filter(None, lines)))


def _plain(offer: Offer) -> dict[str, Any]:
    """An offer as JSON; nothing is said of a purity that no label tells yet."""
    pure = offer.purity
    return {
        **offer.spec.as_json(),
        "reach": offer.coverage.fraction,
        "purity": {"share": pure.share, "low": pure.low, "high": pure.high} if pure.images else None,
        "seconds_per_epoch": offer.cost.seconds,
        "measured": [one.sentence for one in offer.evidence],
    }

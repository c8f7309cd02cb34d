"""A prior's report card: what is known of its pairs before anything is trained on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.images.colours import colours_of
from engine.images.table import ImageTable
from engine.priors.base import Coverage, Prior
from engine.priors.draw_cost import DrawCost, draw_cost
from engine.priors.evidence import evidence_for
from engine.priors.grouped import GroupPrior
from engine.priors.purity import Purity, purity
from engine.priors.recommend import told_of
from engine.priors.risks import colour_tells, one_class_groups
from engine.project import Project
from engine.types import Indices

COLOURS_SEEN = 400  # images whose thumbnails are read, about half a second


@dataclass(frozen=True)
class Report:
    """What to know of a prior."""

    coverage: Coverage
    purity: Purity
    cost: DrawCost
    measured: str  # what it was worth elsewhere, in a sentence
    risks: tuple[str, ...]  # what may mislead, one plain sentence each; the coverage's own come first


def report(project: Project, table: ImageTable, prior: Prior, codes: Indices, seed: int = 0) -> Report:
    """The report of a prior on a project's images.

    Args:
        project: whose thumbnails tell the colours.
        table: its images, N rows.
        prior: to report on.
        codes: class of each image by a person [N], UNKNOWN where there is none.
        seed: of the sample.

    Raises:
        ColumnMissing: the table lacks a column that the prior needs.
    """
    rng = np.random.default_rng(seed)
    coverage = prior.check(table)
    found = purity(prior, table, codes, rng)
    risks = list(coverage.warnings)
    if found.harmful:
        risks.append("Partners share a class less often than any two images do. This prior would do harm here.")
    if isinstance(prior, GroupPrior) and coverage.groups:
        risks += _of_groups(project, table, prior, codes, rng)
    return Report(coverage, found, draw_cost(prior, table, rng), told_of(evidence_for(prior.name)), tuple(risks))


def _of_groups(
    project: Project, table: ImageTable, prior: GroupPrior, codes: Indices, rng: np.random.Generator
) -> list[str]:
    groups, names = prior.grouping(table).codes, prior.group_names(table)
    rows = rng.choice(len(table), min(COLOURS_SEEN, len(table)), replace=False)
    colours = colours_of(project, table, rows)
    seen = ~np.isnan(colours).any(axis=1)
    said = [
        one_class_groups(groups, names, codes, prior.column),
        colour_tells(colours[seen], groups[rows][seen], prior.column),
    ]
    return [sentence for sentence in said if sentence]

"""Candidates for new classes: what of a project is unlike every class that it has labels of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.classify.base import Task
from engine.classify.unlike import FEWEST, LEVEL, candidates, groups, unlikeness
from engine.embeddings import load_embedding
from engine.geometry.neighbours import Graph, load_graph
from engine.labels.store import LabelStore
from engine.project import Project
from engine.propagate.run import check_enough
from engine.types import Array, Floats, Indices


@dataclass(frozen=True, eq=False)
class NewClasses:
    """Images that are none of the classes so far, as far as the labels tell."""

    ids: Array  # [N] images of the embedding
    rows: Indices  # [C] candidates, rows of the embedding, the most unlike first
    groups: list[Indices]  # candidates that are alike, the largest group first, in each its middle first
    p: Floats  # [N] conformal p-value of each image
    labelled: int  # images with a label of a person
    expected: int  # candidates there would be at most were no class missing and the labels drawn at random
    embedding: str

    @property
    def enough(self) -> bool:
        """Whether there are as many labels as it takes to call any image unlike them."""
        return self.labelled >= FEWEST

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        if not self.enough:
            more = f"{FEWEST - self.labelled} more image{'' if FEWEST - self.labelled == 1 else 's'}"
            return f"Label {more}: from {FEWEST} labels on it can be said what is unlike them."
        if not len(self.rows):
            return "No image is unlike all labelled ones."
        grouped = len(self.groups)
        kinds = f", in {grouped:,} group{'' if grouped == 1 else 's'} of images that are alike" if grouped else ""
        found = f"{len(self.rows):,} image{' is' if len(self.rows) == 1 else 's are'} unlike every labelled one{kinds}."
        if len(self.rows) <= self.expected:
            return f"{found} That can be chance: up to {self.expected:,} would be listed were no class missing."
        return f"{found} Were no class missing, up to {self.expected:,} would be listed by chance."


def new_classes(
    project: Project, embedding: str, graph: Graph | None = None, store: LabelStore | None = None
) -> NewClasses:
    """Find images that are unlike all that people have labelled.

    Args:
        graph: the neighbours in the embedding, if they are at hand.
        store: the project's label store, if one is at hand that has read the log before.

    Raises:
        TooFewLabels: fewer than two classes have a hand label among the images of the embedding.
        EmbeddingMissing, EmbeddingStale: no such embedding, or no neighbours that fit it.
    """
    source = load_embedding(project, embedding)
    labels, classes = (store or LabelStore(project)).label_codes(source.ids)
    check_enough(labels, classes)
    task = Task(np.asarray(source.vectors), labels, len(classes), graph or load_graph(project, embedding))
    found = unlikeness(task)
    rows = candidates(task, found)
    return NewClasses(
        ids=source.ids,
        rows=rows,
        groups=groups(task, rows),
        p=found.p,
        labelled=len(task.support),
        expected=round(LEVEL * len(task.queries)),
        embedding=embedding,
    )

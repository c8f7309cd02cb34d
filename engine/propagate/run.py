"""Propagate the hand labels of a project over the graph of one embedding."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from engine import files
from engine.embeddings import load_embedding
from engine.errors import TooFewLabels
from engine.geometry.neighbours import affinity, load_graph
from engine.labels.events import LabelClass
from engine.labels.store import LabelStore
from engine.project import Project
from engine.propagate.base import PROPAGATIONS, Calibration
from engine.settings import build
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True, eq=False)
class WarmStart:
    """What the next propagation over the same graph can take over; never saved."""

    affinity: csr_array  # [N N]
    made_from: str  # the embedding's fingerprint and the count of neighbours
    solution: Floats  # [N L]


@dataclass(frozen=True, eq=False)
class Propagation:
    """What the hand labels say about every image of an embedding."""

    id: str  # the same whenever the same labels are propagated in the same way
    embedding: str
    method: str
    settings: dict[str, Any]
    probabilities: Floats  # [N L], rows sum to 1, or to 0 where no label reaches
    ids: Array  # [N] images, in the order of the embedding
    classes: list[LabelClass]  # [L]
    labels: Indices  # [N] the hand labels it started from, UNKNOWN elsewhere
    label_version: int  # of the label log
    seconds: float
    warm_start: WarmStart | None = field(default=None, repr=False)
    note: str = ""  # why the answers were made as they were, in plain words
    calibration: Calibration | None = None  # None where probabilities are as the method gave them

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def predicted(self) -> Indices:
        """The place of the most probable class [N], UNKNOWN where no label reaches."""
        predicted: Indices = np.where(self.confidence > 0, self.probabilities.argmax(axis=1), UNKNOWN)
        return predicted

    @cached_property
    def class_ids(self) -> Indices:
        """The id of the most probable class [N], UNKNOWN where no label reaches."""
        ids = np.asarray([*(one.id for one in self.classes), UNKNOWN], np.int64)  # UNKNOWN, -1, is the last place
        return ids[self.predicted]

    @cached_property
    def confidence(self) -> Floats:
        """The probability of the predicted class [N], 0 where no label reaches."""
        confidence: Floats = self.probabilities.max(axis=1)
        return confidence

    @cached_property
    def margin(self) -> Floats:
        """How far the predicted class is ahead of the next one [N], in [0, 1]; 0 where no label reaches."""
        second, first = np.partition(self.probabilities, -2, axis=1)[:, -2:].T
        margin: Floats = first - second
        return margin


def propagate(
    project: Project,
    embedding: str,
    method: str = "spread",
    settings: Mapping[str, Any] | None = None,
    start: Propagation | None = None,
    store: LabelStore | None = None,
) -> Propagation:
    """Answer for every image from the labels that people gave; accepted pseudo-labels are no seeds.

    Args:
        embedding: its name.
        method: a name in PROPAGATIONS.
        settings: of the method; what is left out keeps its default.
        start: an earlier answer over the same embedding, which makes this one faster; it does not change it.
        store: the project's label store, if one is at hand that has read the log before.

    Raises:
        TooFewLabels: fewer than two classes have a hand label among the images of the embedding.
        EmbeddingMissing, EmbeddingStale: no such embedding, or no neighbours that fit it.
        UnknownName, SettingInvalid: no such method or setting.
    """
    began = time.perf_counter()
    part = PROPAGATIONS[method]
    config = build(part.Config, settings or {})
    source = load_embedding(project, embedding)
    store = store or LabelStore(project)
    version = store.version()
    labels, classes = store.label_codes(source.ids)
    check_enough(labels, classes)
    made_from = f"{source.fingerprint}/{config.neighbours}"
    warm = start.warm_start if start and start.warm_start and start.warm_start.made_from == made_from else None
    graph = warm.affinity if warm else affinity(load_graph(project, embedding), config.neighbours)
    first = _columns(start, classes) if start and warm and start.method == method else None
    answer = part(config).answer(graph, labels, len(classes), first)
    names = [one.id for one in classes]
    identity = files.fingerprint([source.fingerprint, method, asdict(config), labels, names])
    return Propagation(
        id=f"{method}-{identity}",
        embedding=embedding,
        method=method,
        settings=asdict(config),
        probabilities=answer.probabilities,
        ids=source.ids,
        classes=classes,
        labels=labels,
        label_version=version,
        seconds=time.perf_counter() - began,
        warm_start=WarmStart(graph, made_from, answer.solution),
    )


def check_enough(labels: Indices, classes: list[LabelClass]) -> None:
    """Raises TooFewLabels where fewer than two classes have a label."""
    seen = np.unique(labels[labels != UNKNOWN])
    if len(seen) < 2:
        only = f" (“{classes[seen[0]].name}”)" if len(seen) else ""
        raise TooFewLabels(
            f"An answer needs labels of at least 2 classes; there are labels of {len(seen)}{only}. "
            "Label one image of another class, then try again."
        )


def _columns(start: Propagation, classes: list[LabelClass]) -> Floats:
    """The earlier solution with its columns in today's order of classes [N L]; 0 for a class it did not know."""
    assert start.warm_start is not None
    places = {one.id: place for place, one in enumerate(start.classes)}
    solution = np.zeros((len(start), len(classes)), np.float32)
    for place, one in enumerate(classes):
        if one.id in places:
            solution[:, place] = start.warm_start.solution[:, places[one.id]]
    return solution

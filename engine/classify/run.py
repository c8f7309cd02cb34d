"""Classify the images of a project from its hand labels, in the vectors of one embedding."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from engine import files
from engine.classify.base import CLASSIFIERS, MANY_CLASSES, Answer, Classifier, Task
from engine.classify.calibration import calibrate
from engine.embeddings import Embedding, align, load_embedding
from engine.geometry.neighbours import affinity, load_graph
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from engine.propagate.base import PROPAGATIONS
from engine.propagate.run import Propagation, check_enough, propagate
from engine.registry import unknown
from engine.settings import build
from engine.types import UNKNOWN, Floats, Indices

SHARED = ("components", "affinity", "averages")  # of a task: the same whatever is labelled


@dataclass(frozen=True, eq=False)
class Prepared:
    """What every answer and suggestion in one embedding needs, whatever is labelled: components, edges, averages."""

    source: Embedding
    task: Task  # nothing labelled

    def labelled(self, labels: Indices, classes: int, groups: Indices | None = None) -> Task:
        """The task of these labels."""
        task = replace(self.task, labels=labels, classes=classes, groups=groups)
        if classes > MANY_CLASSES:
            task.__dict__["wider_components"] = self.task.wider_components  # made with the first such labels, and kept
        task.__dict__.update({name: made for name, made in self.task.__dict__.items() if name in SHARED})
        return task


def prepare(project: Project, embedding: str) -> Prepared:
    """What answers in an embedding have in common, for many of them.

    Raises:
        EmbeddingMissing, EmbeddingStale: no such embedding, or no neighbours that fit it.
    """
    prepared = unprepared(project, embedding)
    for name in SHARED:
        getattr(prepared.task, name)  # made now and kept
    return prepared


def unprepared(project: Project, embedding: str) -> Prepared:
    """The same with nothing worked out yet: for one answer, which may need little of it."""
    source = load_embedding(project, embedding)
    nothing = np.full(len(source.ids), UNKNOWN, np.int64)
    return Prepared(source, Task(np.asarray(source.vectors), nothing, 0, load_graph(project, embedding)))


def classify(
    project: Project,
    embedding: str | Prepared,
    method: str = "auto",
    settings: Mapping[str, Any] | None = None,
    group: str = "",
    store: LabelStore | None = None,
) -> Propagation:
    """Answer for every image from the labels that people gave; accepted pseudo-labels teach nothing.

    Args:
        embedding: its name, or what has been prepared of it.
        method: a name in CLASSIFIERS.
        settings: of the method; what is left out keeps its default.
        group: column of the image table (patient) whose groups are hidden as a whole when labels are left out.
        store: the project's label store, if one is at hand that has read the log before.

    Returns:
        The same as a propagation, so that it can be reviewed, accepted and saved as one; its `note` says why.

    Raises:
        TooFewLabels: fewer than two classes have a hand label among the images of the embedding.
        EmbeddingMissing, EmbeddingStale: no such embedding, or no neighbours that fit it.
        ColumnMissing: the images have no column `group`.
        UnknownName, SettingInvalid: no such method or setting.
    """
    began = time.perf_counter()
    part = CLASSIFIERS[method]
    config = build(part.Config, settings or {})
    prepared = embedding if isinstance(embedding, Prepared) else unprepared(project, embedding)
    source, store = prepared.source, store or LabelStore(project)
    version = store.version()
    labels, classes = store.label_codes(source.ids)
    check_enough(labels, classes)
    groups = _groups(project, source, group) if group else None
    answer = calibrated_answer(part(config), prepared.labelled(labels, len(classes), groups))
    names = [one.id for one in classes]
    identity = files.fingerprint([source.fingerprint, method, asdict(config), group, labels, names, "calibrated"])
    return Propagation(
        id=f"{method}-{identity}",
        embedding=source.name,
        method=method,
        settings=asdict(config),
        probabilities=answer.probabilities,
        ids=source.ids,
        classes=classes,
        labels=labels,
        label_version=version,
        seconds=time.perf_counter() - began,
        note=answer.note,
        calibration=answer.calibration,
    )


def calibrated_answer(part: Classifier, task: Task) -> Answer:
    """What a classifier says of a task, with probabilities as sure as labels left out show them to be."""
    answer = part.answer(task)
    if answer.calibration is not None:  # it has seen to that itself
        return answer
    told, calibration = calibrate(answer.probabilities, task, lambda other: part.answer(other).probabilities)
    return replace(answer, probabilities=told, calibration=calibration)


def calibrated(project: Project, found: Propagation) -> Propagation:
    """A propagation with probabilities as sure as labels left out show them to be."""
    part = PROPAGATIONS[found.method](build(PROPAGATIONS[found.method].Config, found.settings))
    source, graph = load_embedding(project, found.embedding), load_graph(project, found.embedding)
    edges = found.warm_start.affinity if found.warm_start else affinity(graph, found.settings["neighbours"])
    classes = len(found.classes)

    def answer(task: Task) -> Floats:
        return part.answer(edges, task.labels, classes).probabilities

    task = Task(np.asarray(source.vectors), found.labels, classes, graph)
    told, calibration = calibrate(found.probabilities, task, answer)
    identity = files.fingerprint([found.id, "calibrated"])
    return replace(found, id=f"{found.method}-{identity}", probabilities=told, calibration=calibration)


def answer_by(project: Project, embedding: str, method: str) -> Propagation:
    """The answers of a classifier or a propagation, whichever has the name.

    Raises:
        UnknownName: neither has it; for the others see `classify` and `propagate`.
    """
    if method in CLASSIFIERS:
        return classify(project, embedding, method)
    if method in PROPAGATIONS:
        return calibrated(project, propagate(project, embedding, method))
    raise unknown("classifier or propagation", method, [*CLASSIFIERS, *PROPAGATIONS])


def answer_task(task: Task, method: str) -> Answer:
    """What a classifier or a propagation, whichever has the name, says of a task; rows of 0 where it is silent.

    Raises:
        UnknownName: neither has it.
    """
    if method in CLASSIFIERS:
        part = CLASSIFIERS[method]
        return part(part.Config()).answer(task)
    if method in PROPAGATIONS:
        spreading = PROPAGATIONS[method]
        return Answer(spreading(spreading.Config()).answer(task.affinity, task.labels, task.classes).probabilities)
    raise unknown("classifier or propagation", method, [*CLASSIFIERS, *PROPAGATIONS])


def _groups(project: Project, source: Embedding, column: str) -> Indices:
    """The group of each vector [N], UNKNOWN where it has none."""
    table = read_table(project)
    rows = align(source, table)
    return np.where(rows == UNKNOWN, UNKNOWN, table.codes(column)[0][rows])

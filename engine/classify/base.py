"""What a few-shot classifier is: vectors and a few labels in, probabilities for every image out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from scipy.sparse import csr_array

from engine.geometry.components import COMPONENTS, principal_components
from engine.geometry.neighbours import NEIGHBOURS, Graph, affinity, at_length_one, centred_directions, find_neighbours
from engine.propagate.average import averaged
from engine.propagate.base import Calibration
from engine.registry import Registry
from engine.types import UNKNOWN, Array, Floats, Indices

CLASSIFIERS: Registry[type[Classifier]] = Registry("classifier")

BLOCK = 4_096  # images that are answered at a time
SAMPLE = 5_000  # images without label from which classifiers that use them learn
MANY_CLASSES, WIDER = 64, 128  # classes above which more components tell more: 4 points on 130 classes, -1 on ten
LISTENED = 15  # nearest neighbours that an image listens to where a classifier uses the graph


@dataclass(frozen=True, eq=False)
class Task:
    """What a classifier may look at. Classifiers work on directions: vectors less their mean, at length 1."""

    vectors: Floats  # [N D]
    labels: Indices  # class code [N], UNKNOWN where it is to be found; labels of at least one class
    classes: int  # L, codes run from 0 to L - 1; a class may have no label
    graph: Graph | None = None  # neighbours in these vectors; found when needed and not given
    groups: Indices | None = None  # group (patient, slide) of each image [N], UNKNOWN for none
    centre: Floats | None = None  # the middle of all vectors [D], where these are but a few of them

    @cached_property
    def directions(self) -> Floats:
        """[N D], of length 1."""
        if self.centre is None:
            return centred_directions(self.vectors)
        return at_length_one(np.asarray(self.vectors, np.float32) - self.centre)

    @cached_property
    def support(self) -> Indices:
        """Rows of the labelled images [S]."""
        return np.flatnonzero(self.labels != UNKNOWN)

    @cached_property
    def queries(self) -> Indices:
        """Rows of all others [N - S]."""
        return np.flatnonzero(self.labels == UNKNOWN)

    @cached_property
    def seen(self) -> Indices:
        """Codes of the classes that have a label [l], in order."""
        return np.unique(self.labels[self.support])

    @cached_property
    def codes(self) -> Indices:
        """Place in `seen` of each labelled image's class [S]."""
        return np.searchsorted(self.seen, self.labels[self.support])

    @cached_property
    def neighbours(self) -> Graph:
        """The neighbours of every image."""
        return self.graph or find_neighbours(self.vectors, NEIGHBOURS)

    @cached_property
    def affinity(self) -> csr_array:
        """Weights of the edges between images [N N]; see geometry.neighbours.affinity."""
        return affinity(self.neighbours, LISTENED)

    @cached_property
    def components(self) -> Floats:
        """The first principal components of the directions [N C], of length 1."""
        return principal_components(self.vectors, COMPONENTS, np.random.default_rng(0))

    @cached_property
    def wider_components(self) -> Floats:
        """More of them, for tasks of many classes."""
        return principal_components(self.vectors, WIDER, np.random.default_rng(0))

    @cached_property
    def reduced(self) -> Task:
        """The same task in principal components, over the neighbours of the whole vectors."""
        return self._in(self.wider_components if self.classes > MANY_CLASSES else self.components)

    @cached_property
    def averages(self) -> Floats:
        """Principal components averaged over the graph [N C], of length 1."""
        return averaged(self.components, self.affinity)

    @cached_property
    def smoothed(self) -> Task:
        """The same task in averages over the graph."""
        many = self.classes > MANY_CLASSES
        return self._in(averaged(self.wider_components, self.affinity) if many else self.averages)

    def for_all(self, probabilities: Array) -> Floats:
        """Probabilities of the classes seen [N l] as those of all classes [N L]; 0 for a class without labels."""
        full = np.zeros((len(probabilities), self.classes), np.float32)
        full[:, self.seen] = probabilities
        return full

    def _in(self, directions: Floats) -> Task:
        """The same task in other directions [N C], of length 1, over the same neighbours."""
        task = Task(directions, self.labels, self.classes, self.neighbours, self.groups)
        task.__dict__.update(directions=directions, affinity=self.affinity)
        return task

    def of_labelled(self, labels: Indices) -> Task:
        """A task of the labelled images alone [S], in the same directions, under other labels [S].

        The directions stand in coordinates of the space they span, fewer, with the same lengths and angles.
        """
        task = Task(self.vectors[self.support], labels, self.classes)
        task.__dict__["directions"] = self.labelled_points
        return task

    @cached_property
    def labelled_points(self) -> Floats:
        """The labelled images' directions in coordinates of their span [S R]."""
        return span(self.directions[self.support])[0]


@dataclass(frozen=True, eq=False)
class Answer:
    """What a classifier says about every image."""

    probabilities: Floats  # [N L], rows sum to 1; 0 for a class without labels
    note: str = ""  # how the classifier was chosen, in plain words
    calibration: Calibration | None = None  # by the classifier itself; others are calibrated from outside


class Classifier(Protocol):
    """A classifier, made from its Config; it holds no state."""

    Config: type[Any]

    def __init__(self, config: Any) -> None: ...

    def answer(self, task: Task) -> Answer:
        """Probabilities for every image of the task, labelled ones too."""
        ...


def one_hot(codes: Indices, classes: int) -> Floats:
    """[S L] with a single 1 a row."""
    return np.eye(classes, dtype=np.float32)[codes]


def class_means(points: Floats, codes: Indices, classes: int) -> Floats:
    """Mean of the points [S D] of each class [L D]; 0 for a class of no points."""
    members = one_hot(codes, classes)
    means: Floats = members.T @ points / np.maximum(members.sum(axis=0)[:, None], 1)
    return means


def softmax(scores: Array) -> Floats:
    """Along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)
    return shares


def span(points: Floats) -> tuple[Floats, Floats]:
    """The same points [S R] in coordinates of the space they span, R = min(S, D), and its axes [D R]."""
    if len(points) >= points.shape[1]:
        return points, np.eye(points.shape[1], dtype=np.float32)
    axes, _ = np.linalg.qr(points.T.astype(np.float64))
    return (points @ axes).astype(np.float32), axes.astype(np.float32)


def in_blocks(points: Floats, answer: Callable[[Floats], Floats]) -> Floats:
    """`answer` of all points [N D → N L], some thousand at a time, so that what lies between fits in memory."""
    return np.concatenate([answer(points[start : start + BLOCK]) for start in range(0, len(points), BLOCK)])


def some_queries(task: Task, most: int = SAMPLE) -> Indices:
    """Rows of the images without label; a random sample of them, the same every time, where there are many."""
    rows = task.queries
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))

"""The support: a project's hand labels under one embedding, and what the rest of them says of each.

Labels are left out in folds; with groups (patients) whole groups are, since images of a patient resemble one another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine.classify.base import Task
from engine.classify.left_out import Trials
from engine.classify.logistic import Logistic, LogisticConfig
from engine.embeddings import align, load_embedding
from engine.errors import TooFewLabels
from engine.evaluate.reliability import reliability
from engine.evaluate.scores import Scores, score
from engine.images.table import read_table
from engine.labels.events import LabelClass
from engine.labels.store import LabelStore
from engine.project import Project
from engine.propagate.run import check_enough
from engine.types import UNKNOWN, Array, Floats, Indices

FOLDS = 20  # labels are left out one by one while there are no more than that, and in so many parts beyond


@dataclass(frozen=True, eq=False)
class Support:
    """The labelled images of an embedding, in the order in which they got their labels."""

    task: Task  # of these S images alone
    ids: Array  # [S] images
    paths: Array  # [S] of the images, as the table has them
    rows: Indices  # [S] rows of the embedding
    classes: list[LabelClass]  # [L]
    group: str  # column whose groups are left out whole; "" where each image stands alone

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def names(self) -> list[str]:
        """Names of the classes that have labels [l], in the order of `task.codes`."""
        return [self.classes[code].name for code in self.task.seen]

    @cached_property
    def trials(self) -> Trials:
        """Every label judged once by those of other folds."""
        return hold_out(self.task.codes, self.task.groups)

    @cached_property
    def unseen(self) -> Floats:
        """What the rest of the labels says of each judged one [E l]: logistic regression, classes weighing the same."""
        return Logistic(LogisticConfig()).fit(self.task, self.trials).unseen


def read_support(project: Project, embedding: str, group: str = "", store: LabelStore | None = None) -> Support:
    """The hand labels of the images of an embedding.

    Args:
        group: column of the image table (patient) whose groups are left out whole.
        store: the project's label store, if one is at hand that has read the log before.

    Raises:
        TooFewLabels: fewer than two classes have a hand label among the images of the embedding.
        EmbeddingMissing, NoImages: no such embedding or images.
        ColumnMissing: the images have no column `group`.
    """
    source, table = load_embedding(project, embedding), read_table(project)
    store = store or LabelStore(project)
    labels, classes = store.label_codes(source.ids)
    check_enough(labels, classes)
    place = {identifier: row for row, identifier in enumerate(source.ids)}
    order = [place[image] for image in store.current()["image"] if image in place]
    rows = np.asarray([row for row in order if labels[row] != UNKNOWN], np.int64)
    at = align(source, table)[rows]
    groups = np.where(at == UNKNOWN, UNKNOWN, table.codes(group)[0][at]) if group else None
    centre = np.asarray(np.mean(source.vectors, axis=0, dtype=np.float64), np.float32)
    task = Task(np.asarray(source.vectors[rows]), labels[rows], len(classes), groups=groups, centre=centre)
    paths = np.where(at == UNKNOWN, "", table.paths[at])
    return Support(task, source.ids[rows], paths, rows, classes, group)


def hold_out(codes: Indices, groups: Indices | None = None, folds: int = FOLDS, seed: int = 0) -> Trials:
    """Trials in which every label is judged once, as many of each class in each fold as can be.

    A label whose class has none in other folds is not judged.

    Args:
        codes: class of each label [S].
        groups: group of each [S], UNKNOWN for none; a group lies in one fold.
        folds: how many; fewer where there are fewer labels or groups.
    """
    rng = np.random.default_rng(seed)
    own = np.arange(len(codes))
    if groups is not None:
        alone = groups.max(initial=0) + 1 + own
        own = np.unique(np.where(groups == UNKNOWN, alone, groups), return_inverse=True)[1]
    units = int(own.max()) + 1
    count = min(folds, units)
    first_code = codes[np.unique(own, return_index=True)[1]]
    order = np.lexsort((rng.random(units), first_code))  # one class follows the other: a fold holds few of each
    fold_of = np.empty(units, np.int64)
    fold_of[order] = np.arange(units) % count
    fold = fold_of[own]
    hidden = fold == np.arange(count)[:, None]
    same = codes[:, None] == codes
    judged = np.flatnonzero((same & ~hidden[fold]).any(axis=1))
    return Trials(judged, fold[judged], hidden)


def score_left_out(support: Support) -> Scores:
    """How often the rest of the labels is right about each label, in place of a truth.

    The labels were chosen, by a suggestion or by eye, and are no draw from all images; so is this score.

    Raises:
        TooFewLabels: no class has two labels.
    """
    judged, task = support.trials.judged, support.task
    if not len(judged):
        raise TooFewLabels("No class has two labels, so none can be put aside and asked for. Label a few more images.")
    groups = None if task.groups is None else task.groups[judged]
    answers, truth = support.unseen.argmax(axis=1), task.codes[judged]
    scores = score(answers, truth, support.names, groups)
    sure = reliability(support.unseen.max(axis=1), answers == truth)
    return replace(scores, group=support.group, method="logistic", calibration=sure)

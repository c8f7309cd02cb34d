"""Review a propagation: how many images lie above a threshold, which to look at first, and taking answers over."""

from __future__ import annotations

from math import floor
from typing import Any

import numpy as np

from engine.errors import SettingInvalid
from engine.geometry.neighbours import Graph
from engine.labels.events import HAND
from engine.labels.store import LabelStore
from engine.project import Project
from engine.propagate.folder import save_propagation
from engine.propagate.run import Propagation
from engine.types import UNKNOWN, Floats, Indices

ORDERS = ("least certain", "most certain", "neighbours disagree")
SUREST = 0.25  # share of the open images that counts as sure until a person says from where on
SURE_RANGE = (0.05, 0.99)  # probabilities from which an answer may be called sure
LISTENED = 15  # neighbours whose answers are compared with an image's own


def counts_above(propagation: Propagation, threshold: float, labels: Indices) -> Indices:
    """Images of each predicted class [L] with at least this probability that have no label yet.

    Args:
        labels: class code per image [N], UNKNOWN where it has none; hand labels, or with pseudo-labels.
    """
    rows = _open_rows(propagation, labels)
    above = rows[propagation.confidence[rows] >= threshold]
    return np.bincount(propagation.predicted[above], minlength=len(propagation.classes)).astype(np.int64)


def sure_from(propagation: Propagation, labels: Indices, share: float = SUREST) -> float:
    """The probability above which the surest of the open answers lie, in whole hundredths within SURE_RANGE.

    A fixed one would not do: how high the probabilities of a propagation go depends on the images and on how many are
    labelled, and on real sets its answers are right more often than they say.

    Args:
        labels: class code per image [N], UNKNOWN where it has none; without open images all answers count.
        share: of the open answers that are at least as probable, in (0, 1); a little more where probabilities repeat.
    """
    rows = _open_rows(propagation, labels)
    answers = propagation.confidence[rows if len(rows) else propagation.predicted != UNKNOWN]
    lowest, highest = SURE_RANGE
    if len(answers) == 0:
        return highest
    quantile = float(np.quantile(answers.astype(np.float64), 1 - share, method="higher"))
    return min(max(floor(quantile * 100) / 100, lowest), highest)


def review_order(propagation: Propagation, labels: Indices, graph: Graph, by: str = "least certain") -> Indices:
    """Rows of the images that have an answer and no label yet, the ones to look at first in front.

    Args:
        labels: class code per image [N], UNKNOWN where it has none.
        by: “least certain” (smallest margin), “most certain” (largest), or “neighbours disagree” (the largest share
            of neighbours with another class).

    Raises:
        SettingInvalid: another order.
    """
    rows = _open_rows(propagation, labels)
    margin = propagation.margin[rows]
    if by == "least certain":
        return rows[np.argsort(margin, kind="stable")]
    if by == "most certain":
        return rows[np.argsort(-margin, kind="stable")]
    if by == "neighbours disagree":
        return rows[np.lexsort((margin, -disagreement(propagation, labels, graph)[rows]))]
    raise SettingInvalid(f"Review can be sorted by {', '.join(ORDERS)}; “{by}” is none of them.")


def disagreement(propagation: Propagation, labels: Indices, graph: Graph) -> Floats:
    """Share of an image's nearest neighbours that have another class, by label or else by answer [N], in [0, 1]."""
    seen = np.where(labels != UNKNOWN, labels, propagation.predicted)
    around = seen[graph.indices[:, :LISTENED]]
    known = around != UNKNOWN
    other = known & (around != propagation.predicted[:, None])
    share: Floats = (other.sum(axis=1) / np.maximum(known.sum(axis=1), 1)).astype(np.float32)
    return share


def accept(
    project: Project, propagation: Propagation, rows: Indices, who: str, detail: dict[str, Any] | None = None
) -> int:
    """Take over the answers for some images as pseudo-labels, one act that undoes at once; returns how many.

    Left out are images without an answer, with a hand label, or with the same pseudo-label already. The propagation
    is saved first, so that every pseudo-label can be traced to it.

    Raises:
        UnknownClass: a class was deleted since; propagate again.
    """
    store = LabelStore(project)
    rows = _worth_accepting(store, propagation, np.asarray(rows, np.int64))
    if len(rows) == 0:
        return 0
    saved = save_propagation(project, propagation)
    class_ids, images = propagation.class_ids[rows], list(propagation.ids[rows])
    store.accept(images, class_ids, propagation.confidence[rows], saved, who, detail)
    return len(rows)


def accept_above(project: Project, propagation: Propagation, threshold: float, who: str) -> int:
    """Take over every answer with at least this probability; see accept."""
    rows = np.flatnonzero(propagation.confidence >= threshold)
    return accept(project, propagation, rows, who, {"threshold": threshold})


def _open_rows(propagation: Propagation, labels: Indices) -> Indices:
    """Rows with an answer and without a label."""
    return np.flatnonzero((propagation.predicted != UNKNOWN) & (labels == UNKNOWN))


def _worth_accepting(store: LabelStore, propagation: Propagation, rows: Indices) -> Indices:
    rows = np.unique(rows[propagation.predicted[rows] != UNKNOWN])
    frame = store.current()
    known = dict(zip(frame["image"], zip(frame["how"], frame["class_id"], strict=True), strict=True))
    keep = []
    for row, answer in zip(rows, propagation.class_ids[rows], strict=True):
        how, class_id = known.get(propagation.ids[row], ("", UNKNOWN))
        keep.append(how not in HAND and class_id != answer)
    worth: Indices = rows[np.asarray(keep, bool)]
    return worth

"""Score a project's answers against a truth file. The truth is read, compared and forgotten: no label comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.classify import answer_by
from engine.embeddings import list_embeddings
from engine.errors import EmbeddingMissing, TableUnreadable
from engine.evaluate.reliability import reliability
from engine.evaluate.scores import Scores, score
from engine.images.join import find_path_column, read_given
from engine.images.table import ImageTable, match_paths, read_table
from engine.labels.store import LabelStore
from engine.labels.write import plain_class_name
from engine.project import Project
from engine.propagate import Propagation
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True, eq=False)
class Truth:
    """What a truth file says of the images."""

    names: Array  # [N] class of each image of the table, "" where the file says nothing
    unmatched: list[str]
    conflicting: list[str]


def evaluate(
    project: Project, truth: Path, column: str = "label", group: str = "", embedding: str = "", method: str = "spread"
) -> Scores:
    """Score what a method makes of today's hand labels for the images that nobody labelled by hand.

    Args:
        truth: CSV or Parquet with a column of paths (project-relative, or file names where unique).
        column: its column of classes; rows without a class are left out.
        group: column of the image table whose groups (patients) the intervals keep whole; "" for single images.
        embedding: whose answers; the newest where "".
        method: a propagation or a classifier.

    Raises:
        TableUnreadable: the file cannot be read, lacks a column, or says nothing of any image to be scored.
        ColumnMissing: the images have no column `group`.
        EmbeddingMissing, EmbeddingStale, TooFewLabels: there is nothing to answer from.
    """
    table = read_table(project)
    groups = table.codes(group)[0] if group else None
    known = read_truth(table, truth, column)
    answer = answer_by(project, embedding or _newest(project), method)
    by_hand, _ = LabelStore(project).label_codes(list(table.ids))
    scored = np.flatnonzero((known.names != "") & (by_hand == UNKNOWN))
    if not len(scored):
        raise TableUnreadable(
            f"{truth} gives no class to any image that nobody labelled by hand, so there is nothing to score. "
            f"Check its paths and its column “{column}”."
        )
    classes = _all_classes(answer, known)
    predicted, truth_codes = _codes(_answers(table, answer), classes)[scored], _codes(known.names, classes)[scored]
    answered = predicted != UNKNOWN
    sure = _confidences(table, answer)[scored][answered]
    scores = score(
        predicted=predicted,
        truth=truth_codes,
        classes=classes,
        groups=None if groups is None else groups[scored],
    )
    return replace(
        scores,
        labelled=int(np.count_nonzero((known.names != "") & (by_hand != UNKNOWN))),
        group=group,
        unmatched=known.unmatched,
        conflicting=known.conflicting,
        embedding=answer.embedding,
        method=answer.method,
        calibration=reliability(sure, (predicted == truth_codes)[answered]),
    )


def read_truth(table: ImageTable, source: Path, column: str = "label") -> Truth:
    """The true class of each image, from a CSV or Parquet file.

    Raises:
        TableUnreadable: the file cannot be read, or lacks a column of paths or the column of classes.
    """
    given = read_given(source)
    path_column = find_path_column(given, source)
    if column not in given.columns:
        raise TableUnreadable(
            f"{source} has no column “{column}”; it has {', '.join(map(str, given.columns))}. "
            "Say which of them holds the true class."
        )
    given = given[given[column].str.strip() != ""]
    paths = list(given[path_column])
    rows, unmatched = match_paths(table, paths)
    names = np.full(len(table), "", dtype=object)
    conflicting: dict[int, str] = {}
    for row, path, text in zip(rows, paths, given[column], strict=True):
        name = plain_class_name(text)
        if row != UNKNOWN and names[row] not in ("", name):
            conflicting[int(row)] = path
        if row != UNKNOWN:
            names[row] = name
    names[list(conflicting)] = ""
    return Truth(names, unmatched, list(conflicting.values()))


def _newest(project: Project) -> str:
    embeddings = list_embeddings(project)
    if not embeddings:
        raise EmbeddingMissing("There is no embedding yet. Train and embed, or embed with a pretrained encoder, first.")
    return str(embeddings[0]["name"])


def _answers(table: ImageTable, answer: Propagation) -> Array:
    """Name of the class answered for each image of the table [N], "" where there is no answer."""
    names = np.array([*(one.name for one in answer.classes), ""], dtype=object)  # UNKNOWN, -1, is the last
    answered = dict(zip(answer.ids, names[answer.predicted], strict=True))
    return np.array([answered.get(one, "") for one in table.ids], dtype=object)


def _confidences(table: ImageTable, answer: Propagation) -> Floats:
    """Probability of the answer for each image of the table [N], 0 where there is none."""
    told = dict(zip(answer.ids, answer.confidence, strict=True))
    return np.array([told.get(one, 0.0) for one in table.ids], np.float32)


def _all_classes(answer: Propagation, known: Truth) -> list[str]:
    """The project's classes in their order, then those that only the truth has."""
    own = [one.name for one in answer.classes]
    return own + sorted(set(known.names) - set(own) - {""})


def _codes(names: Array, classes: list[str]) -> Indices:
    """Code of each name [N], UNKNOWN for ""."""
    code_of = {name: code for code, name in enumerate(classes)}
    return np.array([code_of.get(name, UNKNOWN) for name in names], dtype=np.int64)

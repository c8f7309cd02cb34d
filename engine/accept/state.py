"""How far an audit has come: which of its images a person has labelled, and which answers were wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.accept.audit import Audit
from engine.errors import TableUnreadable
from engine.images.join import find_path_column, read_given
from engine.images.table import match_paths, read_table
from engine.labels.store import LabelStore
from engine.labels.write import plain_class_name
from engine.project import Project
from engine.propagate import Propagation, load_propagation
from engine.types import UNKNOWN, Array, Indices


@dataclass(frozen=True, eq=False)
class AuditState:
    """An audit beside the labels as they stand. An image that a person skipped counts as a wrong answer."""

    audit: Audit
    answers: Propagation  # frozen
    rows: Indices  # [n] rows of the audit's images in the answers
    given: Indices  # [n] id of the class that a person gave, UNKNOWN where none
    skipped: Array  # bool [n], skipped without a label

    @property
    def checked(self) -> Array:
        """Bool [n]."""
        checked: Array = (self.given != UNKNOWN) | self.skipped
        return checked

    @property
    def wrong(self) -> Array:
        """Bool [n]: checked, and the person said something else."""
        wrong: Array = self.checked & (self.given != self.answers.class_ids[self.rows])
        return wrong

    @property
    def missing(self) -> int:
        """Images of the audit that wait for a label."""
        return int((~self.checked).sum())

    @property
    def progress(self) -> str:
        """“23 of 59 checked, 0 wrong”."""
        return f"{int(self.checked.sum()):,} of {len(self.rows):,} checked, {int(self.wrong.sum()):,} wrong"


def audit_state(
    project: Project, audit: Audit, store: LabelStore | None = None, answers: Propagation | None = None
) -> AuditState:
    """How far an audit has come.

    Args:
        store: the project's label store, if one is at hand that has read the log before.
        answers: the frozen answers, if they are at hand.

    Raises:
        PropagationMissing: the frozen answers are gone or cannot be read.
    """
    store = store or LabelStore(project)
    answers = answers or load_propagation(project, audit.propagation)
    place = dict(zip(answers.ids, range(len(answers)), strict=True))
    rows = np.asarray([place[one] for one in audit.images], np.int64)
    codes, classes = store.label_codes(audit.images)
    ids = np.asarray([*(one.id for one in classes), UNKNOWN], np.int64)  # UNKNOWN, -1, is the last place
    skipped = set(store.skipped())
    given = ids[codes]
    passed_over = np.asarray([one in skipped for one in audit.images], bool)
    return AuditState(audit, answers, rows, given, passed_over & (given == UNKNOWN))


def label_audit(
    store: LabelStore, audit: Audit, images: Sequence[str], class_id: int, who: str, screen: str = ""
) -> int:
    """A person's label on images of an audit, marked as such in the log; returns the number of the batch.

    Raises:
        UnknownClass: the class does not exist, or no longer.
    """
    detail = {"audit": audit.id} | ({"screen": screen} if screen else {})
    return store.label(images, class_id, who, "reviewed", detail)


def label_audit_from(project: Project, audit: Audit, source: Path, column: str, who: str) -> int:
    """Label the audit's images from a table; its other rows are left alone. Returns how many were labelled.

    Raises:
        TableUnreadable: the file cannot be read, lacks its columns, or says nothing of the audit's images.
        UnknownClass: it names a class that the project does not have.
    """
    given = read_given(source)
    paths = find_path_column(given, source)
    if column not in given.columns:
        raise TableUnreadable(f"{source} has no column “{column}”; it has {', '.join(map(str, given.columns))}.")
    table, store, wanted = read_table(project), LabelStore(project), set(audit.images)
    rows, _ = match_paths(table, list(given[paths]))
    named: dict[str, list[str]] = {}
    for row, text in zip(rows, given[column], strict=True):
        if row != UNKNOWN and text.strip() and table.ids[row] in wanted:
            named.setdefault(plain_class_name(text), []).append(str(table.ids[row]))
    if not named:
        raise TableUnreadable(
            f"{source} says nothing of the images of “{audit.id}”. `audit PROJECT --json` lists them."
        )
    codes = {name: store.class_named(name).id for name in named}
    for name, images in named.items():
        label_audit(store, audit, images, codes[name], who)
    return sum(map(len, named.values()))

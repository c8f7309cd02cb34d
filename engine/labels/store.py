"""The label log of a project: who said what about which image, when and how.

Append-only SQLite. Every call is one transaction that is on the disk when the call returns (write-ahead log,
synchronous = FULL), so a process killed at any moment loses nothing it has confirmed. Any number of processes and
threads may write at once. What holds now is a fold of the log (fold.py).
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from engine.errors import UnknownClass
from engine.labels import fold
from engine.labels.contradictions import Contradiction, fold_contradictions
from engine.labels.effort import fold_efforts
from engine.labels.events import ACCEPTED, ACTS, CLEARED, CONFIRM, HAND, SKIPPED, LabelClass, open_database
from engine.labels.history import describe_act, read_history, read_promises
from engine.labels.log import Act, Log
from engine.labels.places import Places
from engine.labels.ratings import fold_ratings
from engine.labels.write import Detail, Writing, plain_class_name, write_redo, write_undo
from engine.project import Project
from engine.types import UNKNOWN, Array, Indices

__all__ = ["ACCEPTED", "HAND", "LabelClass", "LabelStore"]


@dataclass(frozen=True, eq=False)
class _State:
    """What held at one version."""

    version: int
    classes: fold.Classes
    frame: pd.DataFrame
    skipped: list[str]
    confirmed: list[str]


class LabelStore:
    """The labels of one project. Cheap to make; keep one to read fast, for it remembers what it has read."""

    def __init__(self, project: Project) -> None:
        self._database = open_database(project.labels_path)
        self._log = Log()
        self._state: _State | None = None
        self._lock = threading.RLock()  # guards the two above; the database guards itself
        self._places = Places()

    # What holds now

    def version(self) -> int:
        """A number that grows with every act, whoever wrote it."""
        with self._database.connect() as connection:
            return connection.scalar(sa.select(sa.func.max(ACTS.c.id))) or 0

    def classes(self) -> list[LabelClass]:
        """The classes that live, in the order in which they were added."""
        return list(self._now().classes.live.values())

    def class_named(self, name: str) -> LabelClass:
        """The class of this name.

        Raises:
            UnknownClass: there is none; the message names the nearest.
        """
        named = {one.name: one for one in self.classes()}
        if (found := named.get(plain_class_name(name))) is not None:
            return found
        near = difflib.get_close_matches(name, named, n=1)
        guess = f" Did you mean “{near[0]}”?" if near else ""
        raise UnknownClass(f"There is no class “{name}”.{guess} The classes are: {', '.join(named) or 'none yet'}.")

    def current(self) -> pd.DataFrame:
        """One row for each labelled image: image, class_id, class, how, who, when, probability, propagation.

        `how` is one of HAND for a person's label and "accepted" for a pseudo-label; only that has a probability and a
        propagation (NaN and "" elsewhere). `when` is ISO 8601, UTC. Rows stand in the order of labelling.
        """
        return self._now().frame.copy()

    def skipped(self) -> list[str]:
        """The images that somebody skipped and nobody labelled or cleared since."""
        return list(self._now().skipped)

    def confirmed(self) -> list[str]:
        """The images whose label somebody confirmed, and that nobody labelled otherwise or cleared since."""
        return list(self._now().confirmed)

    def ratings(self) -> pd.DataFrame:
        """One row for each image and person who labelled it: image, who, class_id, class; each person's last word.

        Confirmations are left out: who settles a doubt has seen what others said.
        """
        with self._reading():
            return fold_ratings(self._log)

    def contradictions(self, since: int) -> list[Contradiction]:
        """The labels after version `since` that took the place of what another person had said, in order."""
        with self._reading():
            return fold_contradictions(self._log, since)

    def efforts(self) -> pd.DataFrame:
        """One row for each act about images: who, at (datetime, UTC), way, labels that count; see effort.py."""
        with self._reading():
            return fold_efforts(self._log)

    def label_codes(self, ids: Sequence[str] | Array, hand_only: bool = True) -> tuple[Indices, list[LabelClass]]:
        """Labels as numbers.

        Args:
            ids: images [N], in the order wanted.
            hand_only: leave out pseudo-labels.

        Returns:
            Per image [N] the place of its class in the list that follows, UNKNOWN where it has no label; the classes.
        """
        state = self._now()
        frame = state.frame[state.frame["how"] != ACCEPTED] if hand_only else state.frame
        classes = list(state.classes.live.values())
        places = {one.id: place for place, one in enumerate(classes)}
        codes = np.full(len(ids), UNKNOWN, np.int64)
        rows = self._places.of(frame["image"].to_numpy(object), ids)
        given = np.asarray([places[one] for one in frame["class_id"]], np.int64)
        codes[rows[rows >= 0]] = given[rows >= 0]
        return codes, classes

    def history(self, limit: int | None = 200, image: str | None = None) -> pd.DataFrame:
        """What was ever done, newest first, at most `limit` rows: batch, when, who, what, image, class_id, class, how,
        probability, propagation, detail, undone. With `image`, only what concerns that image."""
        with self._reading() as connection:
            return read_history(connection, self._log, limit, image)

    def promises(self) -> dict[str, str]:
        """What was promised of each pseudo-label that an audit let in, by image."""
        with self._reading() as connection:
            return read_promises(connection, self._log)

    # Labels

    def label(self, images: Sequence[str], class_id: int, who: str, how: str, detail: Detail = None) -> int:
        """Say that images are of a class; returns the number of the batch. Image ids are taken as given.

        Args:
            how: one of HAND.
            detail: what else is known, as JSON; of a lasso the polygon and the map.

        Raises:
            UnknownClass: the class does not exist, or no longer.
        """
        assert how in HAND, f"{how} is not a way in which a person labels"
        return self._mark(who, "label", [{"image": one, "class_id": class_id, "how": how} for one in images], detail)

    def label_as(self, images: Sequence[str], name: str, who: str, how: str, detail: Detail = None) -> int:
        """Say that images are of the class of this name, which is added in the same act where there is none.

        Raises:
            SettingInvalid: the name is empty.
        """
        assert how in HAND, f"{how} is not a way in which a person labels"
        plain = plain_class_name(name)
        with self.writing(who, "label", detail) as act:
            known = next((one for one in act.live.values() if one.name == plain), None) or act.add_class(plain)
            act.mark([{"image": image, "class_id": known.id, "how": how} for image in images])
        return act.act

    def confirm(
        self, images: Sequence[str], class_ids: Sequence[int] | Indices, who: str, detail: Detail = None
    ) -> int:
        """Say again, or otherwise than before, what images [n] are, having seen what speaks against it: it is settled.

        Raises:
            UnknownClass: one of the classes does not exist, or no longer.
        """
        marks = [
            {"image": image, "class_id": int(class_id), "how": "reviewed"}
            for image, class_id in zip(images, class_ids, strict=True)
        ]
        return self._mark(who, CONFIRM, marks, detail)

    def accept(
        self,
        images: Sequence[str],
        class_ids: Sequence[int] | Indices,
        probabilities: Sequence[float] | Array,
        propagation: str,
        who: str,
        detail: Detail = None,
    ) -> int:
        """Take over what a propagation says, as pseudo-labels [n]; they never stand over a person's label.

        Raises:
            UnknownClass: one of the classes does not exist, or no longer.
        """
        marks = [
            {
                "image": image,
                "class_id": int(class_id),
                "how": ACCEPTED,
                "probability": float(probability),
                "propagation": propagation,
            }
            for image, class_id, probability in zip(images, class_ids, probabilities, strict=True)
        ]
        return self._mark(who, "accept", marks, detail)

    def clear(self, images: Sequence[str], who: str) -> int:
        """Take the labels off images."""
        return self._mark(who, "clear", [{"image": image, "how": CLEARED} for image in images])

    def skip(self, images: Sequence[str], who: str) -> int:
        """Say that images shall not be suggested again; a label that one has stays."""
        return self._mark(who, "skip", [{"image": image, "how": SKIPPED} for image in images])

    # Classes

    def add_class(self, name: str, who: str, colour: str = "") -> LabelClass:
        """Add a class; without a colour it takes the next free one of the palette.

        Raises:
            ClassExists, SettingInvalid: the name is in use or empty; the colour is not of the form #RRGGBB.
        """
        with self.writing(who, "add class") as act:
            return act.add_class(name, colour)

    def rename_class(self, class_id: int, name: str, who: str) -> int:
        """Give a class another name.

        Raises:
            ClassExists, SettingInvalid, UnknownClass: the name is in use or empty; no such class.
        """
        with self.writing(who, "rename class") as act:
            act.rename_class(class_id, name)
        return act.act

    def recolour_class(self, class_id: int, colour: str, who: str) -> int:
        """Give a class another colour.

        Raises:
            SettingInvalid, UnknownClass: the colour is not of the form #RRGGBB; no such class.
        """
        with self.writing(who, "recolour class") as act:
            act.recolour_class(class_id, colour)
        return act.act

    def merge_classes(self, source: int, target: int, who: str) -> int:
        """Make all labels of one class those of another; the first ceases to exist.

        Raises:
            UnknownClass: one of them does not exist, or they are the same.
        """
        with self.writing(who, "merge classes") as act:
            act.merge_classes(source, target)
        return act.act

    def delete_class(self, class_id: int, who: str) -> int:
        """Delete a class; its images lose their label, the history keeps it.

        Raises:
            UnknownClass: it does not exist, or no longer.
        """
        with self.writing(who, "delete class") as act:
            act.delete_class(class_id)
        return act.act

    # Undo

    def undo(self, who: str) -> str:
        """Take back the last thing this person did, however many images it was; returns what that was, in words.

        What another person did is left alone. Works after a restart, and again and again, back to the first act.

        Raises:
            NothingToUndo: this person did nothing, or all of it is undone.
            ClassExists: the classes would then have one name twice.
        """
        return f"Undone: {self._reverse(write_undo, who)}."

    def undoable(self, who: str) -> str:
        """What `undo` would take back next, in words; "" where nothing is left."""
        with self._reading() as connection:
            act = fold.act_to_undo(self._log.acts, who)
            return describe_act(connection, self._log, act) if act else ""

    def redo(self, who: str) -> str:
        """Take back this person's last undo, if they did nothing new since; returns what counts again, in words.

        Raises:
            NothingToUndo: there is no such undo.
            ClassExists: the classes would then have one name twice.
        """
        return f"Redone: {self._reverse(write_redo, who)}."

    # Transactions

    @contextmanager
    def writing(self, who: str, what: str, detail: Detail = None) -> Iterator[Writing]:
        """One act of several changes and marks, in one transaction: all of it is written, or nothing."""
        with self._transaction() as connection:
            yield Writing.begin(connection, self._log, who, what, detail)

    def _mark(self, who: str, what: str, marks: list[dict[str, Any]], detail: Detail = None) -> int:
        with self.writing(who, what, detail) as act:
            act.mark(marks)
        return act.act

    def _reverse(self, write: Callable[[sa.Connection, Log, str], Act], who: str) -> str:
        with self._transaction() as connection:
            return describe_act(connection, self._log, write(connection, self._log, who))

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        """Hold the write lock, with the log read up to the moment it was taken."""
        with self._lock, self._database.execution_options(writing=True).begin() as connection:
            self._log.read_on(connection)
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """Read, with the log read up to this moment."""
        with self._lock, self._database.connect() as connection:
            self._log.read_on(connection)
            yield connection

    def _now(self) -> _State:
        """The state at the newest version; folded anew only when something was written since."""
        with self._reading():
            if self._state is None or self._state.version != self._log.version:
                self._state = _fold(self._log)
            return self._state


def _fold(log: Log) -> _State:
    undone = fold.undone_acts(log.acts)
    classes = fold.fold_classes(log.changes, undone)
    standing = fold.fold_marks(log, undone, classes)
    images = list(log.images)
    skipped = [images[place] for place in standing.skipped]
    confirmed = [images[place] for place in fold.confirmed_images(log, standing)]
    return _State(log.version, classes, fold.current_frame(log, standing, classes), skipped, confirmed)

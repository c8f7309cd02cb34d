"""One act being written: the checks and the rows of one transaction, against the log as it stands under the lock."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import ClassExists, NothingToUndo, SettingInvalid, UnknownClass
from engine.labels import fold
from engine.labels.events import ACTS, CHANGES, MARKS, REDO, UNDO, LabelClass
from engine.labels.log import Act, Log
from engine.labels.palette import checked_colour, next_colour, next_key

Mark = dict[str, Any]  # image, how, and where they apply class_id, probability, propagation, detail
Detail = Mapping[str, Any] | None


@dataclass
class Writing:
    """An act of one person inside an open transaction; `log` has been read up to that moment."""

    connection: sa.Connection
    log: Log
    who: str
    act: int
    live: dict[int, LabelClass]

    @classmethod
    def begin(cls, connection: sa.Connection, log: Log, who: str, what: str, detail: Detail) -> Writing:
        act = _insert_act(connection, who, what, None, detail)
        classes = fold.fold_classes(log.changes, fold.undone_acts(log.acts))
        return cls(connection, log, who, act, dict(classes.live))

    def mark(self, marks: Sequence[Mark]) -> None:
        """Write what the act says about images.

        Raises:
            UnknownClass: a class does not exist, or no longer.
        """
        for class_id in {mark["class_id"] for mark in marks if "class_id" in mark}:
            self._existing(class_id)
        empty: Mark = dict.fromkeys(("class_id", "probability", "propagation", "detail"))
        if marks:
            self.connection.execute(sa.insert(MARKS), [empty | mark | {"act": self.act} for mark in marks])

    def add_class(self, name: str, colour: str = "") -> LabelClass:
        """Write a new class; without a colour it takes the next free one.

        Raises:
            ClassExists, SettingInvalid: the name is in use or empty; not a colour.
        """
        name = self._free_name(name)
        colour = checked_colour(colour) if colour else next_colour([one.colour for one in self.live.values()])
        key = next_key([one.key for one in self.live.values()])
        added = LabelClass(self._change("add", name=name, colour=colour, key=key), name, colour, key)
        self.live[added.id] = added
        return added

    def rename_class(self, class_id: int, name: str) -> None:
        known = self._existing(class_id)
        if plain_class_name(name) != known.name:
            self._change("rename", class_id=class_id, name=self._free_name(name))

    def recolour_class(self, class_id: int, colour: str) -> None:
        self._change("recolour", class_id=self._existing(class_id).id, colour=checked_colour(colour))

    def merge_classes(self, source: int, target: int) -> None:
        if source == target:
            raise UnknownClass(f"“{self._existing(source).name}” cannot be merged with itself. Choose another class.")
        self._change("merge", class_id=self._existing(source).id, target=self._existing(target).id)

    def delete_class(self, class_id: int) -> None:
        self._change("delete", class_id=self._existing(class_id).id)

    def _change(self, what: str, **values: Any) -> int:
        row = {"act": self.act, "what": what, **values}
        return int(self.connection.execute(sa.insert(CHANGES).values(row)).lastrowid)

    def _existing(self, class_id: int) -> LabelClass:
        if class_id not in self.live:
            raise UnknownClass("That class exists no longer: somebody deleted or merged it. Choose another class.")
        return self.live[class_id]

    def _free_name(self, name: str) -> str:
        plain = plain_class_name(name)
        if any(one.name == plain for one in self.live.values()):
            raise ClassExists(f"There is a class “{plain}” already. Use it, or choose another name.")
        return plain


def write_undo(connection: sa.Connection, log: Log, who: str) -> Act:
    """Take back the last thing this person did that still counts; returns the act taken back.

    Raises:
        NothingToUndo: they did nothing, or all of it is undone; or the labels of others would go with it.
        ClassExists: two classes would then have one name.
    """
    act = fold.act_to_undo(log.acts, who)
    if act is None:
        raise NothingToUndo(f"There is nothing left that {who or 'you'} could undo.")
    if others := fold.others_upon(log, act):
        raise NothingToUndo(
            f"Your last step added a class that {', '.join(others)} labelled images with since; undone, those labels "
            "would go too. If the class shall go, delete it among the classes."
        )
    _write_reversal(connection, log, who, UNDO, act)
    return act


def write_redo(connection: sa.Connection, log: Log, who: str) -> Act:
    """Take back this person's last undo; returns the act that counts again.

    Raises:
        NothingToUndo: they undid nothing, or did something new since.
        ClassExists: two classes would then have one name.
    """
    undo = fold.act_to_redo(log.acts, who)
    if undo is None:
        raise NothingToUndo(f"There is nothing that {who or 'you'} could redo.")
    _write_reversal(connection, log, who, REDO, undo)
    return next(act for act in log.acts if act.id == undo.undoes)


def plain_class_name(name: str) -> str:
    """The name without spaces around it, in composed Unicode.

    Raises:
        SettingInvalid: nothing is left.
    """
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    if not plain:
        raise SettingInvalid("A class needs a name; an empty one came. Type at least one letter.")
    return plain


def _write_reversal(connection: sa.Connection, log: Log, who: str, what: str, target: Act) -> None:
    act = Act(_insert_act(connection, who, what, target.id, None), who, "", what, target.id)
    names = [one.name for one in fold.fold_classes(log.changes, fold.undone_acts([*log.acts, act])).live.values()]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ClassExists(f"Then there would be two classes “{twice}”. Rename the one there is now, then try again.")


def _insert_act(connection: sa.Connection, who: str, what: str, undoes: int | None, detail: Detail) -> int:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    row = {"who": who, "at": at, "what": what, "undoes": undoes, "detail": dict(detail) if detail else None}
    return int(connection.execute(sa.insert(ACTS).values(row)).lastrowid)

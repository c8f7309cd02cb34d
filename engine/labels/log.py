"""The label log as read so far, in columns: each read fetches only what was added since the last one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import sqlalchemy as sa

from engine.labels.events import ACTS, CHANGES, HOWS, MARKS
from engine.types import UNKNOWN, Array, Indices


@dataclass(frozen=True)
class Act:
    """One thing a person did."""

    id: int
    who: str
    at: str
    what: str
    undoes: int | None


@dataclass(frozen=True)
class Change:
    """What an act did to a class."""

    id: int
    act: int
    what: str
    class_id: int | None
    name: str | None
    colour: str | None
    key: str | None
    target: int | None


@dataclass(frozen=True, eq=False)
class Marks:
    """What acts said about images, in the order in which they were written."""

    act: Indices  # [M] ids of acts
    image: Indices  # [M] places in Log.images
    class_id: Indices  # [M], UNKNOWN where the mark gives no class
    how: Indices  # [M] places in HOWS
    probability: Array  # [M] float64, NaN where none
    propagation: Indices  # [M] places in Log.propagations, UNKNOWN where none

    def __len__(self) -> int:
        return len(self.act)


def no_marks() -> Marks:
    none = np.empty(0, np.int64)
    return Marks(none, none, none, none, np.empty(0), none)


@dataclass
class Log:
    """All acts, changes and marks up to `version`, the id of the last act."""

    acts: list[Act] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    marks: Marks = field(default_factory=no_marks)
    images: dict[str, int] = field(default_factory=dict)  # image id → place
    propagations: dict[str, int] = field(default_factory=dict)  # propagation id → place

    @property
    def version(self) -> int:
        return self.acts[-1].id if self.acts else 0

    def read_on(self, connection: sa.Connection) -> None:
        """Fetch what came after `version`."""
        seen = self.version
        acts = connection.execute(
            sa.select(ACTS.c.id, ACTS.c.who, ACTS.c.at, ACTS.c.what, ACTS.c.undoes)
            .where(ACTS.c.id > seen)
            .order_by(ACTS.c.id)
        )
        new = [Act(*row) for row in acts]
        if not new:
            return
        changes = connection.execute(sa.select(CHANGES).where(CHANGES.c.act > seen).order_by(CHANGES.c.id))
        columns = (MARKS.c[name] for name in ("act", "image", "class_id", "how", "probability", "propagation"))
        marks = connection.execute(sa.select(*columns).where(MARKS.c.act > seen).order_by(MARKS.c.id))
        self._append_marks([tuple(row) for row in marks])
        self.changes += [Change(row.id, *row[1:]) for row in changes]
        self.acts += new

    def _append_marks(self, rows: list[tuple[int, str, int | None, str, float | None, str | None]]) -> None:
        if not rows:
            return
        act, image, class_id, how, probability, propagation = zip(*rows, strict=True)
        hows = {name: place for place, name in enumerate(HOWS)}
        added = Marks(
            np.asarray(act, np.int64),
            np.asarray([self.images.setdefault(name, len(self.images)) for name in image], np.int64),
            np.asarray([UNKNOWN if one is None else one for one in class_id], np.int64),
            np.asarray([hows[name] for name in how], np.int64),
            np.asarray(probability, np.float64),  # None becomes NaN
            np.asarray([self._propagation(name) for name in propagation], np.int64),
        )
        old = self.marks
        self.marks = Marks(
            *(np.concatenate([getattr(old, name), getattr(added, name)]) for name in Marks.__dataclass_fields__)
        )

    def _propagation(self, name: str | None) -> int:
        return UNKNOWN if name is None else self.propagations.setdefault(name, len(self.propagations))

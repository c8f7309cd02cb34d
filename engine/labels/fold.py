"""From the log to what holds now: which acts still count, which classes live, which label each image has.

The log never changes; undoing, deleting and merging only change how it is read. So all of them can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from engine.labels.events import CLEARED, CONFIRM, HAND, HOWS, REDO, SKIPPED, UNDO, LabelClass
from engine.labels.log import Act, Change, Log
from engine.labels.palette import next_key
from engine.types import UNKNOWN, Array, Indices

COLUMNS = ["image", "class_id", "class", "how", "who", "when", "probability", "propagation"]


def undone_acts(acts: Sequence[Act]) -> set[int]:
    """Ids of the acts that an undo took back; an undo that was itself taken back no longer counts."""
    undone: set[int] = set()
    for act in reversed(acts):  # an act can only be undone by a later one
        if act.undoes is not None and act.id not in undone:
            undone.add(act.undoes)
    return undone


def act_to_undo(acts: Sequence[Act], who: str) -> Act | None:
    """The last thing this person did that still counts."""
    undone = undone_acts(acts)
    own = (act for act in reversed(acts) if act.who == who and act.what not in (UNDO, REDO))
    return next((act for act in own if act.id not in undone), None)


def act_to_redo(acts: Sequence[Act], who: str) -> Act | None:
    """This person's last undo that still counts, if they did nothing new since."""
    undone = undone_acts(acts)
    for act in reversed(acts):
        if act.who != who:
            continue
        if act.what == UNDO and act.id not in undone:
            return act
        if act.what not in (UNDO, REDO):
            return None
    return None


def others_upon(log: Log, act: Act) -> list[str]:
    """Who else has labelled images with a class that this act adds."""
    added = [change.id for change in log.changes if change.act == act.id and change.what == "add"]
    if not added:
        return []
    undone = undone_acts(log.acts)
    acts = set(log.marks.act[np.isin(log.marks.class_id, added)].tolist()) - undone
    return sorted({one.who for one in log.acts if one.id in acts and one.who != act.who})


@dataclass(frozen=True)
class Classes:
    """The classes that live, in the order in which they were added, and where the merged ones went."""

    live: dict[int, LabelClass]
    merged: dict[int, int]

    def resolve(self, class_id: int) -> int:
        """The class that stands for `class_id` today; UNKNOWN where it is gone."""
        while class_id in self.merged:
            class_id = self.merged[class_id]
        return class_id if class_id in self.live else UNKNOWN


def fold_classes(changes: Sequence[Change], undone: set[int]) -> Classes:
    """Replay the changes to classes, leaving out those that were undone or whose class is gone by then."""
    live: dict[int, LabelClass] = {}
    merged: dict[int, int] = {}
    for change in changes:
        if change.act in undone:
            continue
        if change.what == "add":
            live[change.id] = LabelClass(change.id, str(change.name), str(change.colour), str(change.key))
        elif (known := live.get(change.class_id or 0)) is not None:
            if change.what == "rename":
                live[known.id] = replace(known, name=str(change.name))
            elif change.what == "recolour":
                live[known.id] = replace(known, colour=str(change.colour))
            elif change.what == "delete":
                del live[known.id]
            elif change.target in live:  # merge
                del live[known.id]
                merged[known.id] = change.target
    return Classes(_with_own_keys(live), merged)


def _with_own_keys(live: dict[int, LabelClass]) -> dict[int, LabelClass]:
    """Undoing a deletion can bring back a class whose key was given away: the later one takes a free key."""
    used: set[str] = set()
    every = {one.key for one in live.values()}
    for one in live.values():
        key = one.key if one.key not in used else next_key(every | used)
        used.add(key)
        live[one.id] = replace(one, key=key)
    return live


@dataclass(frozen=True, eq=False)
class Standing:
    """Which mark holds for each image."""

    labelled: Indices  # marks that label an image, one an image, in the order in which they were written
    class_id: Indices  # the class of each of these, today's
    skipped: Indices  # images, as places in Log.images, whose last mark is a skip


def fold_marks(log: Log, undone: set[int], classes: Classes) -> Standing:
    """Find the mark that holds for each image: a person's label stands over pseudo-labels, else the last one counts."""
    marks = log.marks
    today = _resolved(marks.class_id, classes)
    counts = ~np.isin(marks.act, np.fromiter(undone, np.int64, len(undone)))
    hand = marks.how < len(HAND)
    skip = marks.how == HOWS.index(SKIPPED)
    clear = marks.how == HOWS.index(CLEARED)
    last_hand = _last(marks.image, counts & (hand | clear), len(log.images))
    last_other = _last(marks.image, counts & ~skip, len(log.images))
    stands = (last_hand >= 0) & hand[last_hand] & (today[last_hand] != UNKNOWN) if len(marks) else last_hand >= 0
    holding = np.where(stands, last_hand, last_other)
    holding = np.sort(holding[holding >= 0])
    holding = holding[today[holding] != UNKNOWN]
    last_skip = _last(marks.image, counts & skip, len(log.images))
    return Standing(holding, today[holding], np.flatnonzero(last_skip > last_other))


def confirmed_images(log: Log, standing: Standing) -> Indices:
    """Images, as places in Log.images, whose label was given by an act that confirms."""
    acts = np.fromiter((act.id for act in log.acts if act.what == CONFIRM), np.int64)
    settled: Indices = log.marks.image[standing.labelled[np.isin(log.marks.act[standing.labelled], acts)]]
    return settled


def current_frame(log: Log, standing: Standing, classes: Classes) -> pd.DataFrame:
    """One row for each labelled image, in the order in which the labels were given."""
    marks, rows = log.marks, standing.labelled
    acts = np.searchsorted(np.fromiter((act.id for act in log.acts), np.int64, len(log.acts)), marks.act[rows])
    names = {one.id: one.name for one in classes.live.values()}
    columns = {
        "image": _names(list(log.images))[marks.image[rows]],
        "class_id": standing.class_id,
        "class": _names([names.get(one, "") for one in range(max(names, default=0) + 1)])[standing.class_id],
        "how": _names(HOWS)[marks.how[rows]],
        "who": _names([act.who for act in log.acts])[acts],
        "when": _names([act.at for act in log.acts])[acts],
        "probability": marks.probability[rows],
        "propagation": _names([*log.propagations, ""])[marks.propagation[rows]],  # UNKNOWN is the last: ""
    }
    return pd.DataFrame({name: pd.Series(column, dtype=_column_type(name)) for name, column in columns.items()})


def _resolved(class_ids: Indices, classes: Classes) -> Indices:
    """Today's class of each mark [M], UNKNOWN where none."""
    known, place = np.unique(class_ids, return_inverse=True)
    today = np.asarray([classes.resolve(int(one)) for one in known], np.int64)
    return today[place]


def _last(image: Indices, chosen: Array, images: int) -> Indices:
    """Place of the last chosen mark of each image, -1 where none."""
    last = np.full(images, -1, np.int64)
    places = np.flatnonzero(chosen)
    np.maximum.at(last, image[places], places)
    return last


def _names(names: Sequence[str]) -> Array:
    array = np.empty(len(names), object)
    array[:] = names
    return array


def _column_type(name: str) -> str:
    return {"class_id": "int64", "probability": "float64"}.get(name, "object")

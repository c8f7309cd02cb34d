"""Contradictions: labels that took the place of what another person had said of the same image.

Nothing is lost by them: both labels stay in the log, the later one counts (fold.py), and the agreement of people is
measured from what each of them said last (ratings.py). But whoever is contradicted, or contradicts, should hear of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.labels.events import CLEARED, CONFIRM, HAND, HOWS
from engine.labels.fold import fold_classes, undone_acts
from engine.labels.log import Log
from engine.types import UNKNOWN


@dataclass(frozen=True)
class Contradiction:
    """One image that a person calls otherwise than another person just before."""

    image: str
    before: str  # who had labelled it
    said: str  # the class that they gave, as it is called today
    when: str  # they gave it; ISO 8601, UTC
    now: str  # who labels it otherwise
    says: str  # the class that counts now


def fold_contradictions(log: Log, since: int) -> list[Contradiction]:
    """The contradictions in acts after `since` that still count, in the order in which they came.

    Left out are acts that settle a doubt: who settles has seen what others said.
    """
    marks, acts = log.marks, {act.id: act for act in log.acts}
    undone = undone_acts(log.acts)
    gone = undone | {act.id for act in log.acts if act.what == CONFIRM and act.id > since}
    by_hand = (marks.how < len(HAND)) & ~np.isin(marks.act, np.fromiter(gone, np.int64, len(gone)))
    new = by_hand & (marks.act > since)
    if not new.any():
        return []
    speaking = by_hand | (marks.how == HOWS.index(CLEARED))
    about = np.flatnonzero(speaking & np.isin(marks.image, np.unique(marks.image[new])))
    classes, images = fold_classes(log.changes, undone), list(log.images)
    names = {one.id: one.name for one in classes.live.values()}
    found, last = [], dict[int, tuple[int, int]]()  # image → act and class of what was said of it last
    for act, image, given in np.stack([marks.act, marks.image, marks.class_id])[:, about].T.tolist():
        today = UNKNOWN if given == UNKNOWN else classes.resolve(given)
        earlier, said = last.get(image, (act, UNKNOWN))
        if act > since and UNKNOWN not in (today, said) and said != today and acts[earlier].who != acts[act].who:
            before, now = acts[earlier], acts[act]
            found.append(Contradiction(images[image], before.who, names[said], before.at, now.who, names[today]))
        last[image] = act, today
    return found

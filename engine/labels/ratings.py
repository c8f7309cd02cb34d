"""Ratings: what each person said of each image, whatever holds in the end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.labels.events import CLEARED, CONFIRM, HAND, HOWS
from engine.labels.fold import fold_classes, undone_acts
from engine.labels.log import Log
from engine.types import UNKNOWN

COLUMNS = ["image", "who", "class_id", "class"]


def fold_ratings(log: Log) -> pd.DataFrame:
    """One row for each image and person: the person's last label of it that was neither undone nor cleared by them.

    Returns:
        Columns image, who, class_id, class, by image in the order in which images were first labelled.
    """
    marks = log.marks
    if not len(marks):
        return pd.DataFrame(columns=COLUMNS)
    classes, undone = fold_classes(log.changes, undone_acts(log.acts)), undone_acts(log.acts)
    acts = {act.id: act for act in log.acts}
    people = {who: place for place, who in enumerate(dict.fromkeys(act.who for act in log.acts))}
    counting = {act.id for act in log.acts if act.id not in undone and act.what != CONFIRM}
    said = np.isin(marks.act, np.fromiter(counting, np.int64))
    said &= (marks.how < len(HAND)) | (marks.how == HOWS.index(CLEARED))
    places = np.flatnonzero(said)
    who = np.asarray([people[acts[act].who] for act in marks.act[places].tolist()], np.int64)
    key = marks.image[places] * len(people) + who
    last = len(key) - 1 - np.unique(key[::-1], return_index=True)[1]  # by image, then by person
    rows, who = places[last], who[last]
    today = np.asarray([classes.resolve(one) for one in marks.class_id[rows].tolist()], np.int64)
    kept = (today != UNKNOWN) & (marks.how[rows] < len(HAND))
    images, names = list(log.images), list(people)
    return pd.DataFrame(
        {
            "image": [images[place] for place in marks.image[rows][kept]],
            "who": [names[place] for place in who[kept]],
            "class_id": today[kept],
            "class": [classes.live[one].name for one in today[kept].tolist()],
        },
        columns=COLUMNS,
    )

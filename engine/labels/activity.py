"""Activity: how the labels that hold came over time; how fast they came is told by effort.py."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.labels.events import HAND


@dataclass(frozen=True, eq=False)
class Activity:
    """The labels that people gave, in the order of time."""

    curve: pd.DataFrame  # when (datetime, UTC), class, labelled (of all classes so far), of_class (of this one so far)
    by_person: pd.DataFrame  # who, labels; most first


def activity(labels: pd.DataFrame) -> Activity:
    """How the labels came.

    Args:
        labels: as LabelStore.current() gives them; pseudo-labels are left out.
    """
    hand = labels[labels["how"].isin(HAND)]
    when = pd.to_datetime(hand["when"], utc=True, format="ISO8601")
    curve = pd.DataFrame({"when": when, "class": hand["class"]}).sort_values("when", kind="stable", ignore_index=True)
    curve["labelled"] = np.arange(1, len(curve) + 1)
    curve["of_class"] = curve.groupby("class").cumcount() + 1
    people = hand["who"].value_counts().rename_axis("who").reset_index(name="labels")
    return Activity(curve, people)

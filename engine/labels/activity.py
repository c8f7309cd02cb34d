"""Activity: how the labelling went over time, from the labels that hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.labels.events import HAND

PAUSE = 120.0  # seconds without a label after which the person is taken to have stopped working


@dataclass(frozen=True, eq=False)
class Activity:
    """A person's labels in the order of time, and the pace at which they came."""

    curve: pd.DataFrame  # when (datetime, UTC), class, labelled (of all classes so far), of_class (of this one so far)
    by_person: pd.DataFrame  # who, labels; most first
    seconds: float  # spent labelling, pauses left out
    per_minute: float | None  # labels a minute of working time; None before two labels follow one another


def activity(labels: pd.DataFrame) -> Activity:
    """How the labelling went.

    Args:
        labels: as LabelStore.current() gives them; pseudo-labels are left out. Images labelled by one act (a lasso, an
            import) count one by one, but only acts have a pace: an import of 10,000 does not make anybody fast.
    """
    hand = labels[labels["how"].isin(HAND)]
    when = pd.to_datetime(hand["when"], utc=True, format="ISO8601")
    curve = pd.DataFrame({"when": when, "class": hand["class"]}).sort_values("when", kind="stable", ignore_index=True)
    curve["labelled"] = np.arange(1, len(curve) + 1)
    curve["of_class"] = curve.groupby("class").cumcount() + 1
    people = hand["who"].value_counts().rename_axis("who").reset_index(name="labels")
    gaps = np.diff(np.unique(curve["when"].dt.as_unit("ns").astype("int64").to_numpy())) / 1e9
    gaps = gaps[gaps <= PAUSE]
    seconds = float(gaps.sum())
    return Activity(curve, people, seconds, 60 * len(gaps) / seconds if seconds else None)

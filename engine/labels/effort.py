"""Effort: how long people laboured over their labels and how fast each way of labelling was, read from the log.

An act costs the time since the same person's last act. After a longer PAUSE they are taken to have been away: a new
session begins, and what its first act cost nobody knows. Labels that were taken back cost their time and count nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.labels.events import ACCEPTED, HAND, HOWS
from engine.labels.fold import undone_acts
from engine.labels.log import Log

PAUSE = 180.0  # seconds without an act after which a session has ended
ELSEWHERE = ("command", "imported")  # labels that were not given at a screen: they have no pace
COLUMNS = ["who", "at", "way", "labels"]


@dataclass(frozen=True)
class Pace:
    """How fast one way of labelling was."""

    way: str  # one of HAND, or ACCEPTED
    labels: int  # given this way that count
    acts: int  # in which they were given: a lasso gives many in one
    seconds: float  # that these acts took, where it is known
    per_minute: float | None  # labels a minute of that time; None before an act of known time


@dataclass(frozen=True)
class Session:
    """One person labelling without a longer pause."""

    who: str
    began: str  # ISO 8601, UTC
    seconds: float  # from the first act to the last
    labels: int  # given by hand that count
    per_minute: float | None  # labels a minute; None for a session of one act


@dataclass(frozen=True)
class Effort:
    """How the labelling went."""

    sessions: list[Session]  # the newest first
    paces: list[Pace]  # of the ways that were used, the most labels first
    seconds: float  # spent labelling, all people together
    per_minute: float | None  # labels by hand a minute of that time


def fold_efforts(log: Log) -> pd.DataFrame:
    """One row for each act about images, and for each undo: who, at (datetime, UTC), way, labels.

    `way` is how the act labels, "" where it labels nothing; `labels` is how many of its labels still count.
    """
    acts, first, counts = np.unique(log.marks.act, return_index=True, return_counts=True)
    how = dict(zip(acts.tolist(), log.marks.how[first].tolist(), strict=True))
    size = dict(zip(acts.tolist(), counts.tolist(), strict=True))
    undone = undone_acts(log.acts)
    rows = []
    for act in log.acts:
        if act.id not in how and act.undoes is None:
            continue
        way = HOWS[how[act.id]] if act.id in how else ""
        way = way if way in (*HAND, ACCEPTED) else ""
        rows.append((act.who, act.at, way, size[act.id] if way and act.id not in undone else 0))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["at"] = pd.to_datetime(frame["at"], utc=True, format="ISO8601")
    return frame


def effort(acts: pd.DataFrame, who: str = "") -> Effort:
    """How the labelling went.

    Args:
        acts: as LabelStore.efforts() gives them.
        who: the person whose effort is asked for; "" for everybody's together.
    """
    acts = acts[acts["who"] == who] if who else acts
    at_screen = acts[~acts["way"].isin(ELSEWHERE)]
    timed = _timed(at_screen)
    sessions = [_session(own) for _, own in timed.groupby(["who", "session"], sort=False)]
    sessions.sort(key=lambda one: one.began, reverse=True)
    by_hand, seconds = timed[timed["way"] != ACCEPTED], float(timed["cost"].sum())
    return Effort(
        sessions=[one for one in sessions if one.labels],
        paces=_paces(acts, timed),
        seconds=seconds,
        per_minute=_per_minute(by_hand),
    )


def _timed(acts: pd.DataFrame) -> pd.DataFrame:
    """The acts by person and time, with `cost` in seconds (NaN for the first of a session) and number of `session`."""
    acts = acts.sort_values(["who", "at"], kind="stable", ignore_index=True)
    cost = acts.groupby("who")["at"].diff().dt.total_seconds()
    fresh = cost.isna() | (cost > PAUSE)
    return acts.assign(cost=cost.mask(fresh), session=fresh.cumsum())


def _session(acts: pd.DataFrame) -> Session:
    by_hand = acts[acts["way"] != ACCEPTED]
    return Session(
        who=str(acts["who"].iloc[0]),
        began=acts["at"].iloc[0].isoformat(),
        seconds=float(acts["cost"].sum()),
        labels=int(by_hand["labels"].sum()),
        per_minute=_per_minute(by_hand),
    )


def _paces(acts: pd.DataFrame, timed: pd.DataFrame) -> list[Pace]:
    labelling = acts[acts["way"] != ""]
    paces = []
    for way, own in labelling.groupby("way"):
        known = timed[timed["way"] == way]
        counting = own[own["labels"] > 0]
        cost = float(known["cost"].sum())
        paces.append(Pace(str(way), int(own["labels"].sum()), len(counting), cost, _per_minute(known)))
    return sorted((one for one in paces if one.labels), key=lambda one: -one.labels)


def _per_minute(acts: pd.DataFrame) -> float | None:
    """Labels a minute over the acts whose cost is known."""
    known = acts.dropna(subset="cost")
    seconds = float(known["cost"].sum())
    return 60 * int(known["labels"].sum()) / seconds if seconds else None


def time_of_last(acts: pd.DataFrame, labels: int) -> float | None:
    """Seconds that the last so many labels by hand took; None where they were not given at a screen."""
    timed = _timed(acts[~acts["way"].isin(ELSEWHERE)]).sort_values("at", kind="stable", ascending=False)
    by_hand = timed[(timed["way"] != ACCEPTED)]
    before = by_hand["labels"].cumsum() - by_hand["labels"]
    taken = by_hand[before < labels]
    return float(taken["cost"].sum()) or None if taken["labels"].sum() >= labels else None

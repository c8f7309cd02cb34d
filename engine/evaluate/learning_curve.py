"""Enough labels? How the score rose with the labels so far, and what the next ones will likely bring.

Labels are put aside in folds (with groups: whole groups) and answered for by a linear classifier (ridge regression of
the classes, each weighing the same) on growing parts of the others, taken at random and, beside it, in the order in
which they were given. The score is balanced accuracy, its 95 % interval a bootstrap over the labels (or groups) put
aside and over the draws of parts; power laws through the resampled curves say what the next labels bring.

What it cannot know: the labels put aside were chosen like all others. Suggested images are typical at first and
doubtful later, so the score is not that on all images, and a part taken at random is not what drawing images at random
would have given. The rise is the surer of the two; its interval is stretched by STRETCH, since resamples that all
learn from the same labels look surer than new labels would. An audit of images drawn at random has neither flaw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.classify.base import Task, span
from engine.classify.left_out import Trials
from engine.errors import TooFewLabels
from engine.evaluate.bootstrap import resample_tables
from engine.evaluate.power_law import either_way, fit_power_law
from engine.evaluate.scores import TAILS, owners_of
from engine.evaluate.support import Support, hold_out
from engine.types import Array, Floats, Indices

NEXT = 20  # labels whose gain is foretold
WORTH = 0.01  # balanced accuracy that is worth NEXT labels: go on
NOUGHT = 0.05  # points of gain that read as 0.0
STOP = 0.01  # gain that NEXT labels will hardly exceed: stop
FOLDS, DRAWS = 10, 8  # parts in which labels are put aside, and how often anew
FEWEST, PER_CLASS = 12, 3  # labels below which no curve can be told, in all and of each of two classes
POINTS = 6  # numbers of labels at which the score is taken
AXES = 128  # dimensions in which models are fitted: the principal ones of the labelled images
FITS = 240_000  # labels in all the fits; fewer draws with many labels
RESAMPLES = 400
STRETCH = 2.0  # of the gain's interval, since all resamples learn from the same labels
RIDGE = 1.0  # penalty on the weights, beside labels that weigh 1 on average


@dataclass(frozen=True)
class Point:
    """The score with some labels."""

    labels: float
    score: float  # balanced accuracy of labels put aside, with as many others taken at random
    low: float  # 95 % interval
    high: float
    in_order: float | None = None  # the same, with the others taken in the order in which they were given


@dataclass(frozen=True)
class LearningCurve:
    """The score by the number of labels, and beyond."""

    points: list[Point]
    fitted: list[Point]  # the power law at and beyond the labels so far, up to NEXT more
    labels: int  # so far
    classes: int  # with labels
    chance: float  # balanced accuracy of guessing
    now: float  # the power law at `labels`
    gain: float  # what the next NEXT labels are expected to add to it
    interval: list[float]  # of the gain, 95 %
    last: int  # labels given last: NEXT, or fewer where there are hardly more than classes
    gained: float  # what those added to it, by the same law
    gained_interval: list[float]  # 95 %
    verdict: str  # stop, go on, or unsure
    group: str
    groups: int  # how many there were; 0 without groups
    embedding: str = ""

    @property
    def advice(self) -> str:
        """What to do, in a few words."""
        return {"stop": "You may stop", "go on": "Go on labelling", "unsure": "Not sure yet"}[self.verdict]

    @property
    def reason(self) -> str:
        """Why."""
        low, high = (100 * one for one in self.interval)
        gain = f"{NEXT} more labels will likely add {100 * self.gain:.1f} points (from {low:.1f} to {high:.1f})"
        then = {
            "stop": "Better check the answers now, or look for wrong labels.",
            "go on": "That is worth the time they take."
            if low >= NOUGHT
            else "That may be nothing, but the odds are good.",
            "unsure": "Label some more, then look again.",
        }
        return f"{gain} to a balanced accuracy of {self.now:.0%}. {then[self.verdict]}"

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        return f"{self.advice}. {self.reason}"


def learning_curve(support: Support, embedding: str = "", seed: int = 0) -> LearningCurve:
    """The learning curve of a project's labels.

    Raises:
        TooFewLabels: fewer than FEWEST labels, fewer than two classes with PER_CLASS, or labels of one group only.
    """
    task = support.task
    _check(task, support.group)
    draws = int(np.clip(FITS / (2 * POINTS * FOLDS * len(support)), 1, DRAWS))
    trials = [hold_out(task.codes, task.groups, FOLDS, seed + draw) for draw in range(draws)]
    rest = min(int((~one.hidden).sum(axis=1).min()) for one in trials)
    sizes = np.unique(np.geomspace(min(2 * len(task.seen), max(rest // 2, 2)), rest, POINTS).astype(np.int64))
    judged = np.unique(np.concatenate([one.judged for one in trials]))
    points, rng = _principal(task), np.random.default_rng(seed)
    by_chance, in_order = np.zeros((2, draws, len(sizes), len(judged)))
    for draw, one in enumerate(trials):
        ranks = np.stack([rng.permutation(len(support)) for _ in one.hidden])
        order = np.broadcast_to(np.arange(len(support)), ranks.shape)  # a support stands in the order of time
        by_chance[draw] = _hits(points, task.codes, one, ranks, sizes)[:, judged]
        in_order[draw] = _hits(points, task.codes, one, order, sizes)[:, judged]
    groups = None if task.groups is None else owners_of(task.groups[judged], len(judged))
    again = resample_tables(np.arange(len(judged)), len(judged), groups, RESAMPLES, rng)
    whole = np.ones((1, len(judged)))
    again = whole if again is None else again
    drawn = rng.multinomial(draws, np.full(draws, 1 / draws), size=len(again)) / draws
    codes, even = task.codes[judged], np.full((1, draws), 1 / draws)
    scores = _balanced(by_chance, codes, whole, even)[0], _balanced(in_order, codes, whole, even)[0]
    return _conclude(support, embedding, sizes, scores, _balanced(by_chance, codes, again, drawn), groups)


def _check(task: Task, group: str) -> None:
    counts = np.bincount(task.codes)
    missing = max(FEWEST - len(task.codes), 0)
    scarce = max(PER_CLASS - int(np.sort(counts)[-2]), 0)
    if missing or scarce:
        what = f"at least {FEWEST} labels, and {PER_CLASS} in each of two classes"
        raise TooFewLabels(f"A learning curve needs {what}. Label {max(missing, scarce)} more, then look again.")
    owners = owners_of(task.groups, len(task.codes))
    if owners is not None and owners.max() < 1:
        raise TooFewLabels(f"All labels are of one “{group}”, so none can be put aside. Label images of another one.")


def _principal(task: Task) -> Floats:
    """The labelled images [S R] in their principal AXES dimensions; distances from their middle are kept."""
    points = span(task.directions)[0]
    if points.shape[1] <= AXES:
        return points
    _, _, axes = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    principal: Floats = (points @ axes[:AXES].T).astype(np.float32)
    return principal


def _hits(points: Floats, codes: Indices, trials: Trials, ranks: Indices, sizes: Indices) -> Array:
    """Which judged labels come out right [M S] from the first so many others by rank [F S]; 0 where not judged."""
    classes = int(codes.max()) + 1
    place = np.argsort(np.argsort(np.where(trials.hidden, len(codes), ranks), axis=1, kind="stable"), axis=1)
    columns = np.hstack([points, np.ones((len(points), 1), np.float32)])
    hits = np.zeros((len(sizes), len(codes)))
    for at, size in enumerate(sizes):
        shown = place < size  # [F S]; hidden ones come last
        counts = np.stack([(shown & (codes == one)).sum(axis=1) for one in range(classes)], axis=1)
        weights = shown * (size / np.maximum(counts, 1) / (counts > 0).sum(axis=1, keepdims=True))[:, codes]
        models = _least_squares(columns, np.eye(classes)[codes], weights)
        scores = np.einsum("ed,edl->el", columns[trials.judged], models[trials.fold])
        known = (counts > 0)[trials.fold]
        answers = np.where(known, scores, -np.inf).argmax(axis=1)
        hits[at, trials.judged] = answers == codes[trials.judged]
    return hits


def _least_squares(columns: Floats, truth: Array, weights: Array) -> Array:
    """Coefficients [F D L] of weighted ridge regression of the classes [S L] on the columns [S D], weights [F S]."""
    weighted = columns.T * weights[:, None]  # [F D S]
    penalty = RIDGE * np.eye(columns.shape[1])
    penalty[-1, -1] = 1e-6  # the intercept is free
    return np.linalg.solve(weighted @ columns + penalty, weighted @ truth)


def _balanced(hits: Array, codes: Indices, weights: Array, draws: Array) -> Array:
    """Balanced accuracy [R M] of hits [T M E] where labels and draws count so often [R E] and [R T].

    A class of which nothing was drawn is left out.
    """
    members = (codes[:, None] == np.unique(codes)).astype(np.float64)  # [E l]
    counts = weights @ members  # [R l]
    right = np.stack(
        [np.einsum("rt,tme,re->rm", draws, hits[:, :, one], weights[:, one], optimize=True) for one in members.T > 0],
        axis=2,
    )
    shares = np.divide(right, counts[:, None], out=np.zeros_like(right), where=counts[:, None] > 0)
    balanced: Array = shares.sum(axis=2) / (counts > 0).sum(axis=1)[:, None]
    return balanced


def _conclude(
    support: Support,
    embedding: str,
    sizes: Indices,
    scores: tuple[Array, Array],
    drawn: Array,
    groups: Indices | None,
) -> LearningCurve:
    """The curve with its fit, from scores by chance [M] and by the order given [M] and the first resampled [R M]."""
    have = len(support)
    beyond = np.unique(np.linspace(sizes[0], have + NEXT, 3 * POINTS).astype(np.int64))
    law, laws = fit_power_law(sizes, scores[0][None]), either_way(sizes, drawn)
    gain, gains = law.gain(have, NEXT), laws.gain(have, NEXT)
    interval = _stretched(gain[0], gains)
    before = max(have - NEXT, len(np.unique(support.task.codes)))
    gained = law.gain(before, have - before)
    line, band = law.at(beyond)[0], np.percentile(laws.at(beyond), TAILS, axis=0)
    low, high = np.percentile(drawn, TAILS, axis=0)
    verdict = "stop" if interval[1] < STOP else "go on" if gain[0] >= WORTH else "unsure"
    return LearningCurve(
        points=[Point(*map(float, one)) for one in zip(sizes, scores[0], low, high, scores[1], strict=True)],
        fitted=[Point(*map(float, one)) for one in zip(beyond, line, *band, strict=True)],
        labels=have,
        classes=len(support.names),
        chance=1 / len(np.unique(support.task.codes)),
        now=float(law.at(have)[0, 0]),
        gain=float(gain[0]),
        interval=interval,
        last=have - before,
        gained=float(gained[0]),
        gained_interval=_stretched(gained[0], laws.gain(before, have - before)),
        verdict=verdict,
        group=support.group,
        groups=0 if groups is None else int(groups.max()) + 1,
        embedding=embedding,
    )


def _stretched(gain: float, gains: Array) -> list[float]:
    """The 95 % interval of a gain from its resamples [R], STRETCH times as wide and never below nought."""
    least, most = np.percentile(gains, TAILS)
    return [max(0.0, float(gain - STRETCH * (gain - least))), float(gain + STRETCH * (most - gain))]

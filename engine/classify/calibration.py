"""Calibration: probabilities made as sure as labels that were left out show them to be.

Temperature scaling, Guo et al., ICML 2017, https://arxiv.org/abs/1706.04599: one exponent for all, which changes no
image's class. Where many labels were left out, isotonic regression of “the answer is right” on its probability,
Zadrozny and Elkan, KDD 2002, https://doi.org/10.1145/775047.775151, if that predicts better what it has not seen.
Differs: the temperature is drawn towards 1, and the isotonic curve towards the probability itself, the more the fewer
labels there are. Labels that a person or a strategy chose are no random sample; an audit (engine/accept) is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.optimize import isotonic_regression

from engine.classify.base import Task
from engine.classify.left_out import Trials
from engine.propagate.base import Calibration
from engine.types import UNKNOWN, Array, Floats, Indices

BOLDNESS = np.geomspace(0.02, 10, 43)  # exponents tried
FOLDS = 5
LEAST = 1e-6  # probability as which one of 0 counts
MANY = 100  # labels left out from which an isotonic curve is tried
WORTH = 50  # labels that the probability itself is worth beside an isotonic curve


def calibrate(probabilities: Floats, task: Task, answer: Callable[[Task], Floats]) -> tuple[Floats, Calibration]:
    """Probabilities [N L] as sure as they have been right about labels left out, and what that rests on.

    Args:
        probabilities: of the task's images, rows of 0 where silent.
        answer: what the classifier says of a task [N L]; asked at most FOLDS times.
    """
    trials = folds(task.codes, None if task.groups is None else task.groups[task.support])
    unseen = left_out_answers(task, trials, answer)
    answered = unseen.sum(axis=1) > 0
    unseen, codes = unseen[answered], task.codes[trials.judged[answered]]
    bold = boldness(unseen, codes)
    softened, temperature = sharpen(probabilities, bold), 1 / bold
    if len(codes) < MANY:
        return softened, Calibration("temperature" if len(codes) else "none", temperature, len(codes))
    sure = sharpen(unseen, bold)
    right = (sure.argmax(axis=1) == codes).astype(float)
    curve = _better_curve(sure.max(axis=1), right)
    if curve is None:
        return softened, Calibration("temperature", temperature, len(codes))
    return bend(softened, curve), Calibration("isotonic", temperature, len(codes))


def boldness(unseen: Floats, codes: Array, weights: Array | None = None) -> float:
    """The exponent of probabilities under which the true classes come out likeliest; 1 without labels to judge by.

    Drawn a little towards 1, since few labels that all come out right would ask for certainty. Labels weigh as often as
    they occur: with all classes weighing the same, answers were a further 10 to 20 points too timid on her2st.

    Args:
        unseen: probabilities [E L] of labels left out.
        codes: their true classes [E].
        weights: of the labels [E], where they are not a fair share of all; 1 each where None.
    """
    if not len(codes):
        return 1.0
    rows = np.arange(len(codes))
    losses = [
        float(np.average(-np.log(np.maximum(sharpen(unseen, one)[rows, codes], LEAST)), weights=weights))
        + 0.5 / len(codes) * np.log(one) ** 2
        for one in BOLDNESS
    ]
    return float(BOLDNESS[int(np.argmin(losses))])


def sharpen(probabilities: Floats, exponent: float) -> Floats:
    """p^exponent, rows brought back to 1 [N L]; rows of 0 stay."""
    raised = np.maximum(probabilities, 0) ** exponent
    total = raised.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(raised, total, out=np.zeros_like(raised), where=total > 0)
    return shares


def bend(probabilities: Floats, curve: tuple[Array, Array]) -> Floats:
    """The probability of each answer [N L] read off a curve (from, to), the rest shared out as before.

    An answer stays the most probable class, whatever the curve says.
    """
    bent = probabilities.astype(np.float64)
    rows, best = np.arange(len(bent)), bent.argmax(axis=1)
    top = bent[rows, best]
    bent[rows, best] = 0
    rest, second = bent.sum(axis=1), bent.max(axis=1)
    wanted = np.interp(top, *curve)
    lowest = np.divide(second, rest + second, out=np.zeros_like(rest), where=rest > 0) + 1e-6
    wanted = np.where(rest > 0, np.clip(wanted, lowest, 1), top)
    bent *= np.divide(1 - wanted, rest, out=np.zeros_like(rest), where=rest > 0)[:, None]
    bent[rows, best] = wanted
    return bent.astype(np.float32)


def folds(codes: Indices, groups: Indices | None = None) -> Trials:
    """Every label whose class has others left, in at most FOLDS parts; images of a group are hidden together."""
    units = np.arange(len(codes)) if groups is None else _units(groups)
    fold = np.zeros(len(codes), np.int64)
    for code in np.unique(codes):  # class by class, so that each part holds a share of each
        own = np.unique(units[codes == code])
        fold[np.isin(units, own)] = np.searchsorted(own, units[np.isin(units, own)]) % FOLDS
    used, fold = np.unique(fold, return_inverse=True)
    hidden = fold == np.arange(len(used))[:, None]
    left = np.array([((codes == code) & ~hidden[part]).any() for code, part in zip(codes, fold, strict=True)], bool)
    judged = np.flatnonzero(left)
    return Trials(judged, fold[judged], hidden)


def left_out_answers(task: Task, trials: Trials, answer: Callable[[Task], Floats]) -> Floats:
    """What is said of the judged labels [E l] when they are hidden, by a full answer for each part."""
    said = np.zeros((len(trials), len(task.seen)), np.float32)
    for part, hidden in enumerate(trials.hidden):
        asked = np.flatnonzero(trials.fold == part)
        if len(asked):
            labels = task.labels.copy()
            labels[task.support[hidden]] = UNKNOWN
            without = replace(task, labels=labels, graph=task.neighbours)
            without.__dict__["directions"] = task.directions  # the same whatever is labelled
            said[asked] = answer(without)[task.support[trials.judged[asked]]][:, task.seen]
    return said


def _units(groups: Indices) -> Indices:
    """A number for each group; an image without one is its own."""
    alone = np.where(groups == UNKNOWN, groups.max(initial=0) + 1 + np.arange(len(groups)), groups)
    units: Indices = np.unique(alone, return_inverse=True)[1]
    return units


def _better_curve(probability: Array, right: Array) -> tuple[Array, Array] | None:
    """The isotonic curve, if in halves it foretells the other half better than the probability itself does."""
    half = np.arange(len(right)) % 2 == 0
    foretold = np.empty(len(right))
    for part in (half, ~half):
        foretold[~part] = np.interp(probability[~part], *_curve(probability[part], right[part]))
    if np.square(foretold - right).mean() >= np.square(probability - right).mean():
        return None
    return _curve(probability, right)


def _curve(probability: Array, right: Array) -> tuple[Array, Array]:
    """How often answers of a probability were right, rising; drawn towards the probability itself."""
    order = np.argsort(probability, kind="stable")
    ascending = probability[order]
    rising = isotonic_regression(right[order]).x
    share = len(right) / (len(right) + WORTH)
    return ascending, share * rising + (1 - share) * ascending

"""Automatic: classifiers mixed by what each says of labels it has not seen.

Labels are left out one by one, with groups by whole groups, and every candidate says what it makes of them. The shares
are those under which the left-out labels come out likeliest: stacking as of densities, Smyth and Wolpert, Machine
Learning 1999, https://doi.org/10.1023/A:1007511322260, by expectation maximisation; classes weigh the same. Few
left-out labels tell little, so shares begin from what did best on five real sets (see `start`), worth PRIOR labels;
this is also the answer where no class has two labels. All work on principal components: in 1,280 features a handful of
labels finds chance. The mixture is last made neither too bold nor too timid, which changes no image's class:
temperature scaling, Guo et al., ICML 2017, https://arxiv.org/abs/1706.04599.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import ClassVar

import numpy as np

from engine.classify.base import CLASSIFIERS, Answer, Classifier, Task, one_hot, some_queries
from engine.classify.calibration import boldness, sharpen
from engine.classify.ensemble import TOLERANCE
from engine.classify.knn import Knn, KnnConfig
from engine.classify.lda import Lda, LdaConfig
from engine.classify.left_out import Trials, balanced_accuracy, even_weights, left_out
from engine.classify.logistic import Logistic, LogisticConfig
from engine.classify.prototype import Prototype, PrototypeConfig
from engine.classify.tim import Tim, TimConfig
from engine.propagate.base import Calibration
from engine.propagate.solve import conjugate_gradients, symmetric_normal
from engine.propagate.spread import SpreadConfig, spread
from engine.types import Array, Floats

PRIOR = 20.0  # labels that the start is worth
ONE, FEW, MANY = 1, 5, 10  # labels a class
START = {  # shares to begin with, at ONE, FEW and MANY labels a class; candidates of little or none may earn more
    "label spreading": (0.68, 0.5, 0.35),
    "logistic regression": (0.23, 0.1, 0.25),
    "smoothed LDA": (0.0, 0.2, 0.2),
    "TIM": (0.0, 0.15, 0.15),
    "LDA": (0.03, 0.02, 0.05),
    "prototypes": (0.03, 0.02, 0.02),
    "neighbours": (0.03, 0.02, 0.02),
}
ENOUGH, MOSTLY = (3, 4), 0.6  # labels for each feature from which the scatter is well known; share of LDA then
JUDGED = 120  # labels judged at most
EVENNESS = 0.3  # of TIM: classes are seldom of even size
QUERIES, STEPS = 2_000, 60  # images on which TIM learns, and how long
FEWER_QUERIES, FEWER_STEPS = 300, 20  # the same for TIM without the labels left out
NEGLIGIBLE = 0.1  # share below which a candidate is left away
ROUNDS = 200  # of expectation maximisation
COLUMNS = 1_000_000  # numbers in the systems that leave labels out of spreading: fewer labels judged of more images
FEWEST_JUDGED = 16
ALPHA = SpreadConfig().alpha


@dataclass(frozen=True)
class AutoConfig:
    """The automatic choice can be told nothing."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """One classifier: what it says of all images, and of judged labels it has not seen."""

    everywhere: Callable[[], Floats]  # probabilities [N L], rows of 0 where it is silent
    unseen: Floats  # [E l]


@CLASSIFIERS.register("auto")
class Auto:
    """Automatic: spreading, logistic regression, LDA plain and smoothed, TIM and others, mixed by labels left out.

    Each says what it makes of labels it has not seen; the shares are those under which these come out likeliest.
    Stacking, Smyth and Wolpert, Machine Learning 1999, https://doi.org/10.1023/A:1007511322260.
    """

    name: ClassVar[str]
    Config = AutoConfig

    def __init__(self, config: AutoConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        groups = None if task.groups is None else task.groups[task.support]
        most = int(np.clip(COLUMNS / len(task.labels), FEWEST_JUDGED, JUDGED))
        trials = left_out(task.codes, groups, most)
        found = candidates(task, trials)
        codes = task.codes[trials.judged]
        unseen = np.stack([one.unseen for one in found.values()])
        shares = stack(unseen, codes, start(task, found))
        shares = np.where(shares < NEGLIGIBLE, 0, shares)
        shares = shares / shares.sum()
        kept = {name: float(share) for name, share in zip(found, shares, strict=True) if share}
        answers = {name: found[name].everywhere() for name in kept}
        mixed = np.sum([kept[name] * answers[name] for name in kept], axis=0)
        as_given = np.bincount(task.codes)[codes] / np.bincount(codes)[codes]  # judged are as many of each class
        bold = boldness(np.einsum("m,mel->el", shares, unseen), codes, as_given)
        probabilities = sharpen(mixed, bold)
        right = {name: balanced_accuracy(found[name].unseen, codes) for name in kept} if len(trials) else {}
        calibration = Calibration("temperature" if len(trials) else "none", 1 / bold, len(trials))
        return Answer(probabilities, _note(kept, right, len(trials), groups is not None), calibration)


def candidates(task: Task, trials: Trials) -> dict[str, Candidate]:
    """The classifiers to mix, all in principal components."""
    smoothed, task = task.smoothed, task.reduced
    logistic = Logistic(LogisticConfig())
    fit = logistic.fit(task, trials)
    found = {
        "label spreading": Candidate(
            lambda: spread(task.affinity, task.labels, task.classes, tolerance=TOLERANCE), _spread_unseen(task, trials)
        ),
        "logistic regression": Candidate(cache(lambda: logistic.predict(task, fit)), fit.unseen),
    }
    simple: dict[str, Classifier] = {
        "LDA": Lda(LdaConfig()),
        "prototypes": Prototype(PrototypeConfig()),
        "neighbours": Knn(KnnConfig()),
    }
    for name, part in simple.items():
        found[name] = Candidate(partial(_everywhere, part, task), _unseen(part, task, trials))
    discriminants = Lda(LdaConfig())
    found["smoothed LDA"] = Candidate(
        partial(_everywhere, discriminants, smoothed), _unseen(discriminants, smoothed, trials)
    )
    found["TIM"] = Candidate(partial(_tim, task), _tim_unseen(task, trials))
    return found


def start(task: Task, found: Mapping[str, Candidate]) -> Array:
    """The shares to begin with [M]: mostly spreading while labels are few, more of the linear rules later.

    TIM wants classes of even size, so it gets less where logistic regression finds fewer of them. LDA leads where
    labels are many for each feature, as with many classes: then what varies within a class is known (4 points better on
    130 classes).
    """
    counts = np.bincount(task.codes)
    a_class = len(counts) / (1 / counts).sum()  # harmonic mean: the scarce classes decide
    shares = {name: float(np.interp(a_class, (ONE, FEW, MANY), START[name])) for name in found}
    if shares["TIM"]:
        shares["TIM"] *= evenness(found["logistic regression"].everywhere()) ** 2
    total = sum(shares.values())
    shares = {name: share / total for name, share in shares.items()}
    a_feature = (counts.sum() - len(counts)) / task.reduced.vectors.shape[1]
    leading = float(np.interp(a_feature, ENOUGH, (shares["LDA"], MOSTLY)))
    others = (1 - leading) / (1 - shares["LDA"])
    return np.array([leading if name == "LDA" else others * shares[name] for name in found])


def evenness(answers: Floats) -> float:
    """How even the classes are in size over all answers [N L]: 0 for one class, 1 for all alike; e^entropy, scaled."""
    share = answers.mean(axis=0)
    share = share[share > 0] / share.sum()
    return float((np.exp(-(share * np.log(share)).sum()) - 1) / max(1, len(share) - 1))


def stack(unseen: Array, codes: Array, begin: Array) -> Array:
    """Shares of the candidates [M] under which the judged labels come out likeliest, drawn towards the start.

    Args:
        unseen: probabilities [M E l].
        codes: true classes [E].
        begin: shares [M], worth PRIOR labels.
    """
    if not len(codes):
        return begin
    likely = np.maximum(unseen[:, np.arange(len(codes)), codes], 1e-6)
    weights, shares = even_weights(codes), begin
    weights = weights * (weights.sum() / (weights**2).sum())  # a class of two labels weighs much and knows little
    for _ in range(ROUNDS):
        part = shares[:, None] * likely
        counts = (part / part.sum(axis=0)) @ weights
        shares = (counts + PRIOR * begin) / (counts.sum() + PRIOR)
    return shares


def _everywhere(part: Classifier, task: Task) -> Floats:
    return part.answer(task).probabilities


def _unseen(part: Classifier, task: Task, trials: Trials) -> Floats:
    """What a classifier that needs the labelled images only says of the judged ones [E l]."""
    said = np.zeros((len(trials), len(task.seen)), np.float32)
    for fold, hidden in enumerate(trials.hidden):
        asked = np.flatnonzero(trials.fold == fold)
        labels = np.where(hidden, -1, task.labels[task.support])
        answer = part.answer(task.of_labelled(labels)).probabilities[:, task.seen]
        said[asked] = answer[trials.judged[asked]]
    return said


def _tim(task: Task) -> Floats:
    """What TIM answers to all images [N L], learnt from the labels and a sample of the other images."""
    part = Tim(TimConfig(evenness=EVENNESS, steps=STEPS))
    queries = task.directions[some_queries(task, QUERIES)]
    weights = part.learn(task.directions[task.support], one_hot(task.codes, len(task.seen)), queries)
    return task.for_all(part.probabilities(task.directions, weights))


def _tim_unseen(task: Task, trials: Trials) -> Floats:
    """What TIM says of the judged images [E l] without the labels hidden with them; on fewer images, in fewer steps."""
    part = Tim(TimConfig(evenness=EVENNESS, steps=FEWER_STEPS))
    support, given = task.directions[task.support], one_hot(task.codes, len(task.seen))
    queries = task.directions[some_queries(task, FEWER_QUERIES)]
    said = np.zeros((len(trials), len(task.seen)), np.float32)
    for fold, hidden in enumerate(trials.hidden):
        asked = np.flatnonzero(trials.fold == fold)
        weights = part.learn(support[~hidden], given[~hidden], np.concatenate([queries, support[hidden]]))
        said[asked] = part.probabilities(support[trials.judged[asked]], weights)
    return said


def _spread_unseen(task: Task, trials: Trials) -> Floats:
    """What label spreading says of the judged images [E l] without the labels hidden with them.

    With K = (1 - α) (I - αS)⁻¹ the answer at i is the sum of K[i, s] over the labels s that are left, and the mass of a
    class the sum of their columns: one system a judged label, K being symmetric, and one for the masses.
    """
    if not len(trials):
        return np.zeros((0, len(task.seen)), np.float32)
    at = task.support[trials.judged]
    seeds = np.zeros((len(task.labels), len(at) + 1), np.float32)
    seeds[at, np.arange(len(at))] = 1
    seeds[:, -1] = 1
    solved, _ = conjugate_gradients(symmetric_normal(task.affinity), seeds, ALPHA, tolerance=TOLERANCE)
    reach = np.maximum(solved[task.support], 0)  # [S E+1]
    members = one_hot(task.codes, len(task.seen))
    left = ~trials.hidden[trials.fold]  # [E S]
    raw = (left * reach[:, :-1].T) @ members
    mass = (left * reach[:, -1]) @ members
    balanced = raw / np.maximum(mass, 1e-9)
    total = balanced.sum(axis=1, keepdims=True)
    told: Floats = np.where(total > 0, balanced / np.maximum(total, 1e-20), 1 / len(task.seen)).astype(np.float32)
    return told


def _note(shares: dict[str, float], right: dict[str, float], judged: int, grouped: bool) -> str:
    order = sorted(shares, key=lambda name: -shares[name])
    mixture = ", ".join(f"{shares[name]:.0%} {name}" for name in order)
    if not judged:
        return f"{mixture}: no class has two labels yet, so nothing could be left out to compare by"
    how = "left out with their whole group" if grouped else "left out in turn"
    marks = ", ".join(f"{right[name]:.0%} by {name}" for name in order)
    return f"{mixture}: of {judged} labels {how}, classes weighing the same, {marks} came out right"

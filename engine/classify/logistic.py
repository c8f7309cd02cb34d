"""Logistic regression: the linear classifier that makes the labels likely, its weights held small.

Multinomial, with an L2 penalty: minimise Σ wᵢ · -ln p(yᵢ | xᵢ) + ‖W‖² / 2C, the intercept free. Each class weighs the
same unless told otherwise. C is the one of three under which labels that are left out one by one (with a group, by
whole groups) come out likeliest. Solved by the bound on the Hessian of Böhning, Annals of the Institute of Statistical
Mathematics 1992, https://doi.org/10.1007/BF00048682, with Nesterov's momentum and restarts as in O'Donoghue and Candès,
Foundations of Computational Mathematics 2015, https://arxiv.org/abs/1204.3982: one factored matrix serves all left-out
fits at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from engine.classify.base import CLASSIFIERS, Answer, Task, one_hot, softmax, span
from engine.classify.left_out import Trials, even_weights, left_out, log_loss
from engine.settings import setting
from engine.types import Array, Floats, Indices

GRID = (1.0, 10.0, 100.0)  # of C
USUAL = 10.0  # C where nothing can be left out
STEPS, FEWER_STEPS = 300, 40  # of the fit, and of those that start from it with a label less
SMALL = 3e-5  # a step of which ends the fit


@dataclass(frozen=True)
class LogisticConfig:
    """What logistic regression can be told."""

    strength: float = setting(
        0.0, "freedom of the weights; 0 finds it by leaving labels out", minimum=0, maximum=1e4, symbol="C"
    )
    balanced: bool = setting(True, "whether each class weighs the same, however many labels it has")


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model and what it said about labels that it had not seen."""

    weights: Floats  # [D l]
    intercept: Floats  # [l]
    strength: float  # C
    unseen: Floats  # probabilities [E l] of the labels judged, each by a fit without it


@CLASSIFIERS.register("logistic")
class Logistic:
    """Logistic regression: the linear classifier that makes the labels likely, its weights held small.

    The penalty is chosen by leaving labels out; classes weigh the same. Sure from a few labels a class on, and not
    misled where classes differ in number.
    """

    name: ClassVar[str]
    Config = LogisticConfig

    def __init__(self, config: LogisticConfig) -> None:
        self.config = config

    def answer(self, task: Task) -> Answer:
        trials = left_out(task.codes, None if task.groups is None else task.groups[task.support])
        fit = self.fit(task, trials)
        return Answer(self.predict(task, fit), f"C = {fit.strength:g}")

    def fit(self, task: Task, trials: Trials) -> Fit:
        """The model on the labelled images, and what models without each judged label say of it."""
        points, axes = span(task.directions[task.support])
        weights = even_weights(task.codes) if self.config.balanced else np.ones(len(task.codes), np.float32)
        grid = [self.config.strength] if self.config.strength else GRID if len(trials) else [USUAL]
        best: tuple[float, float, Array, Floats] | None = None
        model = None
        for strength in grid:
            model = fit_logistic(points, task.codes, weights[None], strength, model)
            unseen = _judge(points, task.codes, weights, strength, model, trials)
            loss = log_loss(unseen, task.codes[trials.judged]) if len(trials) else 0.0
            if best is None or loss < best[0]:
                best = (loss, strength, model[0], unseen)
        assert best is not None
        _, strength, coefficients, unseen = best
        outward = (axes @ coefficients[:-1]).astype(np.float32)
        return Fit(outward, coefficients[-1].astype(np.float32), strength, unseen)

    def predict(self, task: Task, fit: Fit) -> Floats:
        """Probabilities [N L] of all images."""
        return task.for_all(softmax(task.directions @ fit.weights + fit.intercept))


def fit_logistic(
    points: Floats, codes: Indices, weights: Floats, strength: float, start: Array | None = None, steps: int = STEPS
) -> Array:
    """Fit several models at once, which differ in the weights of the labels only.

    Args:
        points: [S D].
        codes: class of each [S], 0 to L - 1.
        weights: [F S], ≥ 0; 0 hides a label.
        strength: C.
        start: coefficients to begin with, [F D+1 L] or one for all.
        steps: at most.

    Returns:
        Coefficients [F D+1 L], the intercept last.
    """
    columns = np.hstack([points, np.ones((len(points), 1), np.float32)]).astype(np.float64)
    classes = int(codes.max()) + 1
    truth = one_hot(codes, classes)
    penalty = np.append(np.full(points.shape[1], 1 / strength), 0.0)
    bound = 0.5 * columns.T @ (columns * weights.max(axis=0)[:, None]) + np.diag(penalty)
    bound[-1, -1] += 1e-9
    inverse = cho_solve(cho_factor(bound), np.eye(len(bound)))
    now = np.zeros((len(weights), len(bound), classes)) if start is None else np.repeat(start, len(weights), 0)
    look, momentum = now.copy(), np.ones(len(weights))
    for _ in range(steps):
        errors = weights[:, :, None] * (softmax(columns @ look) - truth)
        gradient = columns.T @ errors + penalty[:, None] * look
        after = look - inverse @ gradient
        change = after - now
        uphill = np.einsum("fdl,fdl->f", gradient, change) > 0
        faster = np.where(uphill, 1.0, (1 + np.sqrt(1 + 4 * momentum**2)) / 2)
        push = np.where(uphill, 0.0, (momentum - 1) / faster)
        look = after + push[:, None, None] * change
        now, momentum = after, faster
        if float(np.abs(change).max()) < SMALL * max(1.0, float(np.abs(now).max())):
            break
    return now


def _judge(points: Floats, codes: Indices, weights: Floats, strength: float, model: Array, trials: Trials) -> Floats:
    """What models without each judged label say of it [E L]."""
    if not len(trials):
        return np.zeros((0, model.shape[2]), np.float32)
    shown = np.where(trials.hidden, 0, weights)
    models = fit_logistic(points, codes, shown, strength, model, FEWER_STEPS)
    models = models[trials.fold]
    scores = np.einsum("ed,edl->el", points[trials.judged], models[:, :-1]) + models[:, -1]
    return softmax(scores)

"""The three ways in which a bench turns a few labels into answers; each sees centred vectors at length 1.

knn          Weighted nearest neighbours: votes of the 20 nearest labelled images, each weighing e^(cosine / 0.07).
             Wu et al., CVPR 2018, https://arxiv.org/abs/1805.01978, section 3.4.
linear       Logistic regression with an L2 penalty, C = 10.
propagation  Label spreading over the neighbour graph of all images (engine/propagate/spread.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from engine.bench.draws import Draw
from engine.propagate.spread import spread
from engine.types import UNKNOWN, Array, Floats, Indices

NEAREST, TEMPERATURE = 20, 0.07  # of the weighted vote
REGULARISATION = 10.0  # C, the inverse of the penalty's weight

Classifier = Callable[[Floats, csr_array, Indices, Draw], Indices]


def knn(directions: Floats, affinity: csr_array, truth: Indices, draw: Draw) -> Indices:
    """Answers [Q] of the weighted vote of the nearest labelled images."""
    cosines = directions[draw.scored] @ directions[draw.support].T
    return vote(cosines, truth[draw.support], int(truth.max()) + 1)


def linear(directions: Floats, affinity: csr_array, truth: Indices, draw: Draw) -> Indices:
    """Answers [Q] of a logistic regression on the labelled images."""
    given = truth[draw.support]
    if len(np.unique(given)) < 2:
        return np.full(len(draw.scored), given[0])
    model = LogisticRegression(C=REGULARISATION, max_iter=2000).fit(directions[draw.support], given)
    answers: Indices = model.predict(directions[draw.scored])
    return answers


def propagation(directions: Floats, affinity: csr_array, truth: Indices, draw: Draw) -> Indices:
    """Answers [Q] of label spreading; UNKNOWN where no label reaches the image."""
    given = np.full(len(truth), UNKNOWN)
    given[draw.support] = truth[draw.support]
    probabilities = spread(affinity, given, int(truth.max()) + 1)[draw.scored]
    return np.where(probabilities.max(axis=1) > 0, probabilities.argmax(axis=1), UNKNOWN)


CLASSIFIERS: Mapping[str, Classifier] = {"knn": knn, "linear": linear, "propagation": propagation}


def vote(cosines: Floats, codes: Indices, classes: int, nearest: int = NEAREST) -> Indices:
    """The class with the most weight among the nearest.

    Args:
        cosines: similarity to each labelled image [Q M]; -inf for one that may not vote.
        codes: its class [M].
        classes: L.
        nearest: how many vote; fewer where there are fewer.

    Returns:
        Class codes [Q]; UNKNOWN where nobody may vote.
    """
    count = min(nearest, cosines.shape[1])
    chosen = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    weights: Array = np.exp((np.take_along_axis(cosines, chosen, axis=1) - 1) / TEMPERATURE)
    votes = np.zeros((len(cosines), classes))
    np.add.at(votes, (np.arange(len(cosines))[:, None], codes[chosen]), weights)
    return np.where(votes.max(axis=1) > 0, votes.argmax(axis=1), UNKNOWN)

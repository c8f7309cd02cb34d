"""Suspects: labels that the rest of the labels contradicts, by confident learning.

Northcutt et al., Journal of Artificial Intelligence Research 2021, https://arxiv.org/abs/1911.00068. The probabilities
are those of labels left out. A class's threshold is the mean probability of the class among images labelled as it
(equation 2); an image counts as confidently of the likeliest class that reaches its threshold (equation 1). Labels off
the diagonal of this confident joint are suspect, ranked by normalised margin.

Differs: the number of wrong labels is not estimated from the joint (equation 3). With a handful of labels the
classifier errs more often than a person: of 60 labels of ten kinds of photographs, 6 of them wrong, it made 38. The
order is what holds: labels changed at random came before right ones in 77 to 100 of 100 pairs (three real sets, 60 and
200 labels, 10 % changed, mean of 8 draws), where chance gives 50.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.evaluate.support import Support
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True)
class Suspect:
    """A label that the rest contradicts."""

    id: str  # of the image
    path: str
    given: str  # class that a person gave
    suggested: str  # class that the rest of the labels suggests
    probability: float  # of the suggested class, in [0, 1]
    probability_given: float  # of the given one
    margin: float  # probability of the given class less that of the likeliest other, in [-1, 1]


@dataclass(frozen=True)
class Suspects:
    """The labels that are contradicted, those most against the rest first."""

    suspects: list[Suspect]
    judged: int  # labels that could be left out
    confirmed: int  # contradicted ones that a person has confirmed, and that are therefore not listed
    embedding: str = ""

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        if not self.judged:
            return "No class has two labels yet, so no label can be held against the others."
        settled = f" {self.confirmed:,} more you have settled." if self.confirmed else ""
        if not self.suspects:
            return f"None of {self.judged:,} labels is contradicted by the others.{settled}"
        one = len(self.suspects) == 1
        return (
            f"{len(self.suspects):,} of {self.judged:,} labels {'is' if one else 'are'} contradicted by the others, "
            f"the strongest doubt first. Where classes are hard to tell apart, many of these are right.{settled}"
        )


@dataclass(frozen=True, eq=False)
class ConfidentJoint:
    """How labels and confident classes go together."""

    thresholds: Array  # [l] mean probability of each class among those labelled as it
    confident: Indices  # [E] class of which each image is confidently, UNKNOWN where of none
    counts: Array  # [l l] images by label and confident class


def confident_joint(probabilities: Floats, given: Indices) -> ConfidentJoint:
    """Count labels against confident classes.

    Args:
        probabilities: of labels left out [E l].
        given: class of each label [E]; each class has at least one.
    """
    count = probabilities.shape[1]
    sizes = np.maximum(np.bincount(given, minlength=count), 1)
    own = np.take_along_axis(probabilities, given[:, None], axis=1)[:, 0].astype(np.float64)
    thresholds = np.bincount(given, own, minlength=count) / sizes
    thresholds[np.bincount(given, minlength=count) == 0] = np.inf
    reached = probabilities >= thresholds - 1e-6
    confident = np.where(reached.any(axis=1), np.where(reached, probabilities, -1).argmax(axis=1), UNKNOWN)
    known = confident != UNKNOWN
    cells = given[known] * count + confident[known]
    return ConfidentJoint(thresholds, confident, np.bincount(cells, minlength=count**2).reshape(count, count))


def find_suspects(support: Support, confirmed: list[str], embedding: str = "") -> Suspects:
    """The suspects among the labels of a project.

    Args:
        confirmed: images whose label a person has confirmed; they are not listed again.
    """
    judged = support.trials.judged
    if not len(judged):
        return Suspects([], 0, 0, embedding)
    given, unseen = support.task.codes[judged], support.unseen
    joint = confident_joint(unseen, given)
    own = unseen[np.arange(len(given)), given]
    others = unseen.copy()
    others[np.arange(len(given)), given] = -1
    margin = own - others.max(axis=1)
    off = (joint.confident != UNKNOWN) & (joint.confident != given)
    settled = np.isin(support.ids[judged], confirmed)
    ranked = np.flatnonzero(off & ~settled)
    ranked = ranked[np.argsort(margin[ranked], kind="stable")]
    names = support.names
    listed = [
        Suspect(
            id=str(support.ids[judged[place]]),
            path=str(support.paths[judged[place]]),
            given=names[given[place]],
            suggested=names[joint.confident[place]],
            probability=float(unseen[place, joint.confident[place]]),
            probability_given=float(own[place]),
            margin=float(margin[place]),
        )
        for place in ranked
    ]
    return Suspects(listed, len(judged), int((off & settled).sum()), embedding)

"""What an embedding is worth: balanced accuracy from a few labels, its neighbours, and what they give away of groups.

Truth and scores meet here and nowhere else: neither a training nor a suggestion nor the label log ever sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

from engine import files
from engine.bench.classifiers import CLASSIFIERS, NEAREST, REGULARISATION, TEMPERATURE, vote
from engine.bench.draws import draws, owners_of
from engine.embeddings import fresh_embedding
from engine.evaluate.leakage import NEIGHBOURS, chance_share, neighbour_shares
from engine.geometry.neighbours import Graph, affinity, centred_directions, load_graph
from engine.project import Project
from engine.propagate.spread import SpreadConfig
from engine.types import UNKNOWN, Array, Floats, Indices, Progress, silent

BLOCK = 1_024  # images compared with all others at a time
PROTOCOL = 2  # raised when the same settings would give other scores


@dataclass(frozen=True, eq=False)
class Protocol:
    """What is asked of every embedding alike."""

    truth: Indices  # class per image of the table [N], UNKNOWN where nothing is known
    groups: Indices | None  # group per image [N], UNKNOWN where it has none; None without groups
    labels: Sequence[int]  # of each class
    seeds: Sequence[int]  # of the draws

    @property
    def owners(self) -> Indices | None:
        """The same with every image in a group: one that has none is its own."""
        return None if self.groups is None else owners_of(self.groups)

    @property
    def key(self) -> str:
        """Changes with anything that changes a score."""
        constants = [PROTOCOL, NEAREST, TEMPERATURE, REGULARISATION, asdict(SpreadConfig()), NEIGHBOURS]
        return files.fingerprint([self.truth, self.groups, list(self.labels), list(self.seeds), constants])


def score_embedding(project: Project, name: str, protocol: Protocol, progress: Progress = silent) -> dict[str, Any]:
    """The scores of an embedding, from its folder where they were taken before.

    Returns:
        {"scores": [{"classifier", "labels", "folds", "per_seed"}], "neighbours", "leakage", "leakage_chance"}; the
        last two are None without groups.

    Raises:
        EmbeddingError: it is missing, has no neighbours, or no longer fits the images.
    """
    embedding, graph = fresh_embedding(project, name), load_graph(project, name)
    path = project.scores_path(name, protocol.key)
    try:
        kept = files.read_object(path, "embedding", "scores", "neighbours", "leakage")
    except (OSError, ValueError):
        kept = {}
    if kept.get("embedding") != embedding.fingerprint:
        directions = centred_directions(embedding.vectors)
        kept = {
            "embedding": embedding.fingerprint,
            "scores": few_label_scores(directions, graph, protocol, progress),
            "neighbours": rounded(neighbour_score(directions, protocol.truth, protocol.owners)),
            **_leakage(graph, protocol.groups),
        }
        files.write_json(path, kept)
    return {key: value for key, value in kept.items() if key != "embedding"}


def few_label_scores(
    directions: Floats, graph: Graph, protocol: Protocol, progress: Progress = silent
) -> list[dict[str, Any]]:
    """Balanced accuracy of every classifier, fold and number of labels, for each draw."""
    edges = affinity(graph, SpreadConfig().neighbours)
    found: dict[tuple[str, int, str], list[float]] = {}
    drawn = list(draws(protocol.truth, protocol.owners, protocol.labels, protocol.seeds))
    for number, draw in enumerate(drawn):
        for name, classify in CLASSIFIERS.items():
            answers = classify(directions, edges, protocol.truth, draw)
            score = balanced_accuracy(protocol.truth[draw.scored], answers)
            found.setdefault((name, draw.labels, draw.folds), []).append(score)
        progress(number + 1, len(drawn))
    return [
        {
            "classifier": name,
            "labels": labels,
            "folds": folds,
            "per_seed": [rounded(value) for value in values],
        }
        for (name, labels, folds), values in found.items()
    ]


def balanced_accuracy(truth: Indices, answers: Indices) -> float:
    """Mean over the true classes of the share found; no answer is a wrong one."""
    return float(np.mean([np.mean(answers[truth == code] == code) for code in np.unique(truth)]))


def rounded(value: float) -> float:
    """As scores are kept: to a hundredth of a point."""
    return round(float(value), 4)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % interval of the mean of at least two values, by Student's t."""
    count = len(values)
    half = float(stdtrit(count - 1, 0.975) * np.std(values, ddof=1) / np.sqrt(count))
    middle = float(np.mean(values))
    return middle - half, middle + half


def neighbour_score(directions: Floats, truth: Indices, owners: Indices | None) -> float:
    """Balanced accuracy of the weighted vote with every label known but an image's own (its group's, where given)."""
    known = np.flatnonzero(truth != UNKNOWN)
    codes, points = truth[known], directions[known]
    groups = np.arange(len(known)) if owners is None else owners[known]
    answers = [
        vote(_without_own(points[start : start + BLOCK] @ points.T, groups, start), codes, int(codes.max()) + 1)
        for start in range(0, len(known), BLOCK)
    ]
    return balanced_accuracy(codes, np.concatenate(answers))


def _leakage(graph: Graph, groups: Indices | None) -> dict[str, float | None]:
    """Mean share of the nearest neighbours that belong to the image's own group, and the same by chance."""
    if groups is None:
        return {"leakage": None, "leakage_chance": None}
    shares = neighbour_shares(graph.indices.astype(np.int64), groups)
    return {"leakage": rounded(float(np.nanmean(shares))), "leakage_chance": rounded(chance_share(groups))}


def _without_own(cosines: Floats, groups: Array, start: int) -> Floats:
    own = groups[start : start + len(cosines), None] == groups[None]
    masked: Floats = np.where(own, -np.inf, cosines)
    return masked

"""Several embeddings side by side as one: each centred, at length 1, weighted, concatenated. No torch.

Two networks that learnt from different things err on different images. The likeness of two images under the combination
is the weighted mean of their likenesses (cosines) under its parts, since each part is multiplied by the root of its
weight. Weights come from labels left out one by one, as in engine/classify/left_out.py: those under which a logistic
regression makes the left-out labels likeliest, where it beats equal weights by more than one standard error (Breiman et
al., Classification and Regression Trees, 1984, for the rule); else, and where too few labels can be judged, equal ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Any

import numpy as np

import engine
from engine.classify.base import Task
from engine.classify.left_out import Trials, even_weights, left_out
from engine.classify.logistic import Logistic, LogisticConfig
from engine.embeddings import Embedding, fresh_embedding, load_embedding, save_embedding
from engine.errors import SettingInvalid
from engine.geometry.neighbours import centred_directions
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from engine.types import UNKNOWN, Array, Floats, Indices

FEWEST = 10  # labels that must be left out in turn before their verdict counts
NEGLIGIBLE = 0.01  # nats a label, by which other weights must at least be better
GRID = (1, 2, 3, 5, 8)  # weights tried, before they are brought to a sum of 1


@dataclass(frozen=True)
class Weights:
    """How much each part counts, and why."""

    values: tuple[float, ...]  # one a part, > 0, sum 1
    reason: str  # a plain sentence


def combine(project: Project, parts: Sequence[str], name: str, weights: Weights) -> Embedding:
    """Write the combination of some embeddings as another one.

    Args:
        parts: their names, in order.
        name: of the new embedding.
        weights: one a part.

    Raises:
        EmbeddingMissing, EmbeddingStale: a part is not there, or older than the images.
        SettingInvalid: fewer than two parts, one of them twice, a combination of itself, or weights that do not fit.
    """
    check_parts(parts, name, weights.values)
    made_from = [fresh_embedding(project, part) for part in parts]
    about = {
        "encoder": "combination",
        "parts": [
            {"name": one.name, "fingerprint": one.fingerprint, "weight": round(weight, 4)}
            for one, weight in zip(made_from, weights.values, strict=True)
        ],
        "reason": weights.reason,
        "images": read_table(project).fingerprint,
        "versions": {"handful": engine.__version__},
        "created": datetime.now(UTC).isoformat(timespec="microseconds"),
    }
    vectors = side_by_side([one.vectors for one in made_from], weights.values)
    return save_embedding(project, name, vectors, list(made_from[0].ids), about)


def side_by_side(parts: Sequence[Array], weights: Sequence[float]) -> Floats:
    """Vectors [N D1+D2+…]: the parts' centred directions [N D], each times the root of its weight."""
    blocks = [centred_directions(part) * np.float32(np.sqrt(w)) for part, w in zip(parts, weights, strict=True)]
    return np.concatenate(blocks, axis=1)


def weights_of(project: Project, name: str, count: int) -> Weights:
    """The weights that another combination of as many parts has.

    Raises:
        EmbeddingMissing: there is none of this name.
        SettingInvalid: it is no combination, or one of another number of parts.
    """
    parts: list[dict[str, Any]] = load_embedding(project, name).about.get("parts", [])
    if len(parts) != count:
        raise SettingInvalid(f"“{name}” combines {len(parts)} embeddings, so it has no weights for {count}.")
    return Weights(tuple(float(part["weight"]) for part in parts), f"the weights of “{name}”")


def given_weights(values: Sequence[float]) -> Weights:
    """Weights as a person gave them, brought to a sum of 1.

    Raises:
        SettingInvalid: one is not above 0.
    """
    if not all(np.isfinite(one) and one > 0 for one in values):
        raise SettingInvalid(f"A weight is a number above 0; these came: {', '.join(map(str, values))}.")
    return Weights(tuple(one / sum(values) for one in values), "given by hand")


def learnt_weights(project: Project, parts: Sequence[str], group: str = "") -> Weights:
    """The weights under which today's hand labels, left out one by one, come out likeliest.

    Args:
        parts: names of embeddings.
        group: column of the image table whose groups (patients) are left out whole; "" for single images.

    Raises:
        EmbeddingMissing, EmbeddingStale: a part is not there, or older than the images.
        ColumnMissing: the images have no such column.
    """
    made_from = [fresh_embedding(project, part) for part in parts]
    table = read_table(project)
    groups = table.codes(group)[0] if group else None
    codes, _ = LabelStore(project).label_codes(list(made_from[0].ids))
    rows = np.flatnonzero(codes != UNKNOWN)
    points = [centred_directions(one.vectors)[rows] for one in made_from]
    return best_weights(points, codes[rows], None if groups is None else groups[rows])


def best_weights(points: Sequence[Floats], codes: Indices, groups: Indices | None = None) -> Weights:
    """The same from the labelled images' directions.

    Args:
        points: of each part [S D].
        codes: class of each label [S].
        groups: group of each [S], UNKNOWN for none.
    """
    equal = (1 / len(points),) * len(points)
    codes = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    trials = left_out(codes, groups)
    if len(trials) < FEWEST:
        return Weights(equal, f"equal: {len(trials)} labels can be left out in turn, and {FEWEST} are needed to choose")
    losses = {one: _losses(points, one, codes, trials) for one in [equal, *_grid(len(points))]}
    share = even_weights(codes[trials.judged])
    best = min(losses, key=lambda one: float(np.average(losses[one], weights=share)))
    gain = losses[equal] - losses[best]
    error = float(np.sqrt(np.average((gain - np.average(gain, weights=share)) ** 2, weights=share) / len(gain)))
    if np.average(gain, weights=share) <= max(error, NEGLIGIBLE):
        return Weights(equal, f"equal: {len(trials)} labels left out in turn speak for no others")
    return Weights(best, f"those that named {len(trials)} labels left out in turn best")


def check_parts(parts: Sequence[str], name: str, weights: Sequence[float] = ()) -> None:
    """Raises SettingInvalid where the parts or their weights make no combination."""
    if len(set(parts)) < 2 or len(set(parts)) < len(parts):
        raise SettingInvalid(f"A combination takes at least 2 different embeddings; these came: {', '.join(parts)}.")
    if name in parts:
        raise SettingInvalid(f"The combination would overwrite its part “{name}”. Give it another name.")
    if weights and len(weights) != len(parts):
        raise SettingInvalid(f"{len(parts)} embeddings take {len(parts)} weights; {len(weights)} came.")


def _losses(points: Sequence[Floats], weights: Sequence[float], codes: Indices, trials: Trials) -> Array:
    """-ln p of the true class of each judged label [E]."""
    joined = np.concatenate([one * np.float32(np.sqrt(w)) for one, w in zip(points, weights, strict=True)], axis=1)
    task = Task(joined, codes, int(codes.max()) + 1, centre=np.zeros(joined.shape[1], np.float32))
    unseen = Logistic(LogisticConfig()).fit(task, trials).unseen
    losses: Array = -np.log(np.maximum(unseen[np.arange(len(trials)), codes[trials.judged]], 1e-6))
    return losses


def _grid(parts: int) -> list[tuple[float, ...]]:
    """Weights to try, of sum 1; those of two parts run from 1 : 8 to 8 : 1."""
    raw = GRID if parts == 2 else GRID[::2]
    found = {tuple(round(one / sum(row), 6) for one in row) for row in product(raw, repeat=parts) if 1 in row}
    return sorted(found)

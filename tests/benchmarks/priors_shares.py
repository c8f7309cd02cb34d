"""Gains where much is labelled: a share of all labels of half of the patients, scored on the other half.

The setting of Chhipa et al., WACV 2023, https://arxiv.org/abs/2203.07707 (20 to 100 % of the labels), but for a
logistic regression on frozen features in place of fine-tuning, and halves of the patients in place of their folds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engine.bench.classifiers import linear
from engine.bench.compare import Difference, is_null
from engine.bench.draws import DISJOINT, Draw, draws
from engine.bench.results import Results
from engine.bench.run import read_protocol
from engine.bench.score import balanced_accuracy, interval
from engine.embeddings import load_embedding
from engine.geometry.neighbours import centred_directions
from engine.jobs.bench_request import BenchRequest
from engine.project import Project
from engine.types import Floats, Indices

SHARES = (0.2, 0.6, 1.0)
EVERY = 10**9  # labels of a class: all that there are


def gains_at_shares(project: Project, results: Results, truth: Path, count: int) -> list[dict[str, Any]]:
    """For each row and share: the score of each repeat, its mean, and the paired gain over the first prior's row."""
    settings = results["settings"]
    request = BenchRequest(truth=str(truth), column=settings["column"], group=settings["group"])
    _, protocol = read_protocol(project, request)
    found: list[dict[str, Any]] = []
    for row in results["rows"]:
        per_share: dict[float, list[float]] = {share: [] for share in SHARES}
        for repeat in row["repeats"]:
            directions = centred_directions(load_embedding(project, repeat["embedding"]).vectors)
            first = repeat["repeat"] * count
            drawn = [
                draw
                for draw in draws(protocol.truth, protocol.owners, [EVERY], range(first, first + count))
                if draw.folds == DISJOINT
            ]
            for share in SHARES:
                scores = [_score(directions, protocol.truth, _part(draw, protocol.truth, share)) for draw in drawn]
                per_share[share].append(float(np.mean(scores)))
        plain = next((one for one in found if one["prior"] == settings["priors"][0]), None)
        for share, scores in per_share.items():
            found.append({"prior": row["prior"], "init": row["init"], "trained": not is_null(row), "share": share})
            found[-1] |= {"mean": round(float(np.mean(scores)), 4), "per_seed": [round(score, 4) for score in scores]}
            if plain and not is_null(row):
                base = next(one for one in found if one["prior"] == plain["prior"] and one["share"] == share)
                gains = np.subtract(scores, base["per_seed"])
                gain = Difference(float(gains.mean()), *interval(list(gains)))
                found[-1]["over_first"] = {"mean": round(gain.mean, 4), "interval": [gain.low, gain.high]}
                found[-1]["in_points"] = gain.in_points
    return found


def _part(draw: Draw, truth: Indices, share: float) -> Draw:
    """The first images of each class of a draw, as many as the share of the class."""
    chosen = []
    for code in np.unique(truth[draw.support]):
        own = draw.support[truth[draw.support] == code]
        chosen.append(own[: max(1, round(share * len(own)))])
    return Draw(draw.folds, draw.labels, draw.seed, np.concatenate(chosen), draw.scored)


def _score(directions: Floats, truth: Indices, draw: Draw) -> float:
    return balanced_accuracy(truth[draw.scored], linear(directions, None, truth, draw))  # type: ignore[arg-type]

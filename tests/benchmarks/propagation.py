"""Propagation speed: the answer after one more label, against scikit-learn's LabelSpreading(kernel="knn").

    python tests/benchmarks/propagation.py [--images 10000 50000] [--features FILE.npz] [--rounds 7] [--oracle-rounds 3]

Both spread the same labels over the same number of neighbours with the same alpha, and take turns:

- ours: Spread.answer() after one more label, warm, over the neighbour graph that a project keeps, which is built once
  (its time is reported, and not counted: a project needs it for the map, search and suggestions as well);
- scikit-learn: LabelSpreading.fit() after one more label, which is the only way to tell it, with its own tolerance.

Features are synthetic (10 classes, 64 numbers) unless a file with arrays x [N D] and y [N] is given. Prints one JSON
line: medians in seconds, their ratio (goal 20), how often both agree and how often each is right, versions.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.semi_supervised import LabelSpreading

from engine.geometry.neighbours import affinity, centred_directions, find_neighbours
from engine.propagate.spread import Spread, SpreadConfig
from engine.types import UNKNOWN, Array, Floats, Indices

CLASSES = 10
LABELLED = 100
GOAL = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, nargs="+", default=[10_000, 50_000], help="sizes of the synthetic sets")
    parser.add_argument("--features", type=Path, help="an .npz with x [N D] and y [N] in place of synthetic features")
    parser.add_argument("--rounds", type=int, default=7, help="labels that are added one by one to ours")
    parser.add_argument(
        "--oracle-rounds", type=int, default=3, help="labels that are added one by one to scikit-learn's"
    )
    arguments = parser.parse_args()
    sets = [real(arguments.features)] if arguments.features else [synthetic(count) for count in arguments.images]
    results = [compare(vectors, truth, arguments.rounds, arguments.oracle_rounds) for vectors, truth in sets]
    names = ("numpy", "scipy", "scikit-learn", "faiss-cpu")
    machine = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "python": platform.python_version()}
    versions = {name: version(name) for name in names}
    print(json.dumps({"benchmark": "propagation", "goal": GOAL, "results": results, **machine, "versions": versions}))


def synthetic(images: int) -> tuple[Floats, Indices]:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, CLASSES, images)
    vectors = 0.7 * rng.normal(size=(CLASSES, 64))[truth] + rng.normal(size=(images, 64))
    return vectors.astype(np.float32), truth


def real(path: Path) -> tuple[Floats, Indices]:
    with np.load(path) as arrays:
        return arrays["x"].astype(np.float32), arrays["y"].astype(np.int64)


def compare(vectors: Floats, truth: Indices, rounds: int, oracle_rounds: int) -> dict[str, Any]:
    config = SpreadConfig()
    graph, graph_seconds = timed(lambda: affinity(find_neighbours(vectors), config.neighbours))
    directions = centred_directions(vectors)
    order = np.random.default_rng(1).permutation(len(truth))
    classes = int(truth.max()) + 1
    part = Spread(config)
    labels = first_labels(truth, order, LABELLED)
    before, cold = timed(partial(part.answer, graph, labels, classes))
    ours, oracle = [], []
    for step in range(max(rounds, oracle_rounds)):
        labels = first_labels(truth, order, LABELLED + step + 1)
        if step < rounds:
            before, seconds = timed(partial(part.answer, graph, labels, classes, before.solution))
            ours.append(seconds)
        if step < oracle_rounds:
            other, seconds = timed(partial(scikit_learn, directions, labels, config))
            oracle.append(seconds)
            agreement = (before.probabilities.argmax(axis=1) == other).mean()
            right = before.probabilities.argmax(axis=1) == truth, other == truth
    return {
        "images": len(truth),
        "features": vectors.shape[1],
        "ours_seconds": round(statistics.median(ours), 4),
        "ours_cold_seconds": round(cold, 4),
        "graph_once_seconds": round(graph_seconds, 2),
        "scikit_learn_seconds": round(statistics.median(oracle), 4),
        "ratio": round(statistics.median(oracle) / statistics.median(ours), 1),
        "agreement": round(float(agreement), 4),
        "ours_right": round(float(right[0].mean()), 4),
        "scikit_learn_right": round(float(right[1].mean()), 4),
    }


def first_labels(truth: Indices, order: Indices, count: int) -> Indices:
    labels = np.full(len(truth), UNKNOWN)
    labels[order[:count]] = truth[order[:count]]
    return labels


def scikit_learn(directions: Floats, labels: Indices, config: SpreadConfig) -> Array:
    spreading = LabelSpreading(kernel="knn", n_neighbors=config.neighbours, alpha=config.alpha)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it stops after 30 steps by default
        warnings.simplefilter("ignore", RuntimeWarning)  # and divides by zero where no label reaches
        spreading.fit(directions, labels)
    transduced: Array = spreading.transduction_
    return transduced


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


if __name__ == "__main__":
    main()

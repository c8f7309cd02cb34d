"""How cost grows with the number of images: the answer after one more label, and each strategy's next 20.

    python -m tests.benchmarks.scale [--images 10000 100000] [--features 512] [--peer 10000]

Synthetic classes; neighbours are made beside the vectors, since finding them is paid once for an embedding and measured
by benchmarks/propagation.py. Prepared once as well, and reported: principal components, edges of the graph. Seconds of
this process' own time (one thread with OMP_NUM_THREADS=1), the better of two, so that others on the machine do not
count; peak memory of the process. The peer is scikit-learn's LabelSpreading. Written to results/scale.json.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine import files
from engine.classify import CLASSIFIERS, Task
from engine.geometry.neighbours import Graph
from engine.labels.suggest import STRATEGIES, Situation
from engine.propagate.spread import Spread, SpreadConfig
from engine.types import UNKNOWN, Floats, Indices
from tests.benchmarks.propagation import scikit_learn

RESULTS = Path(__file__).parent / "results" / "scale.json"
CLASSES, LABELLED, NEXT, NEIGHBOURS = 10, 100, 20, 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--features", type=int, default=512)
    parser.add_argument("--peer", type=int, default=10_000, help="images up to which scikit-learn is measured too")
    asked = parser.parse_args()
    rows = []
    for images in sorted(asked.images):
        rows.append(measure(images, asked.features, images <= asked.peer))
        files.write_json(RESULTS, {"benchmark": "scale", "cores": os.cpu_count(), "python": platform.python_version(),
                                   "growth": growth(rows), "results": rows})  # fmt: skip
        print(rows[-1], flush=True)


def measure(images: int, features: int, with_peer: bool) -> dict[str, Any]:
    """One row: seconds of each piece of work at this size."""
    vectors, truth, graph = synthetic(images, features)
    labels = np.full(images, UNKNOWN)
    rows = np.random.default_rng(1).permutation(images)[: LABELLED + 1]
    labels[rows[:-1]] = truth[rows[:-1]]
    more = labels.copy()
    more[rows[-1]] = truth[rows[-1]]
    now = Situation(Task(vectors, labels, CLASSES, graph), labels == UNKNOWN)
    points = once(lambda: now.points)
    edges = once(lambda: now.whole.affinity)
    averages = once(lambda: now.averages)
    part = Spread(SpreadConfig())
    before = part.answer(now.task.affinity, labels, CLASSES)
    row: dict[str, Any] = {
        "images": images,
        "features": features,
        "prepare_components": points,
        "prepare_edges": edges,
        "prepare_averages": averages,
        "propagate_again": best(partial(part.answer, now.task.affinity, more, CLASSES, before.solution)),
        "classify_auto": best(lambda: CLASSIFIERS["auto"](CLASSIFIERS["auto"].Config()).answer(now.task)),
        "suggest": {name: best(partial(suggest_next, name, now)) for name in STRATEGIES},
    }
    if with_peer:
        row["scikit_learn_propagate"] = once(partial(scikit_learn, now.points, more, SpreadConfig()))
    row["peak_gigabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
    return row


def suggest_next(name: str, prepared: Situation) -> None:
    """The next images of a strategy, in an embedding that is prepared, as the Label screen asks for them."""
    now = Situation(prepared.whole, prepared.open)
    part = STRATEGIES[name]
    assert len(part(part.Config()).choose(now, NEXT, np.random.default_rng(0))) == NEXT


def synthetic(images: int, features: int) -> tuple[Floats, Indices, Graph]:
    """Vectors [N D] around a centre a class, in order of classes, with neighbours near in that order."""
    rng = np.random.default_rng(0)
    truth = np.arange(images) * CLASSES // images
    vectors = rng.normal(size=(images, features)).astype(np.float32)
    vectors += rng.normal(size=(CLASSES, features)).astype(np.float32)[truth] * 0.7
    offsets = rng.integers(1, 400, (images, NEIGHBOURS)) * rng.choice([-1, 1], (images, NEIGHBOURS))
    indices = np.abs(np.arange(images)[:, None] + offsets)
    indices = np.where(indices >= images, 2 * images - 2 - indices, indices).astype(np.int32)
    similarities = -np.sort(-rng.uniform(0.3, 0.9, indices.shape), axis=1).astype(np.float32)
    return vectors, truth, Graph(indices, similarities, "exact", 1.0)


def growth(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Exponents p of seconds ~ images^p between the smallest and largest size, and what a million images would take."""
    if len(rows) < 2:
        return {}
    small, large = rows[0], rows[-1]
    ratio = np.log(large["images"] / small["images"])
    told = {}
    for name in ("propagate_again", "classify_auto", *(f"suggest {one}" for one in large["suggest"])):
        first, last = (_value(row, name) for row in (small, large))
        power = float(np.log(max(last, 1e-3) / max(first, 1e-3)) / ratio)
        million = last * (1_000_000 / large["images"]) ** max(power, 0)
        told[name] = {"power": round(power, 2), "seconds_at_a_million_extrapolated": round(million, 1)}
    return told


def _value(row: dict[str, Any], name: str) -> float:
    return float(row["suggest"][name.removeprefix("suggest ")] if name.startswith("suggest ") else row[name])


def once(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return round(time.process_time() - began, 3)


def best(work: Callable[[], Any]) -> float:
    return min(once(work), once(work))


if __name__ == "__main__":
    main()

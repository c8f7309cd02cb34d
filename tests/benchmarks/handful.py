"""What a handful of labels is worth: every strategy with every classifier, on five real sets.

    python -m tests.benchmarks.handful FEATURES [--sets crc_cells,cifar10] [--strategies auto] [--labels 1,5]

Labels are drawn as a user would, ten at a time (a tenth of what is labelled, where that is more), the classes unknown
until met; `--labels` counts them in all, in units of the number of classes. Scored: balanced accuracy of all other
images. Each seed takes four fifths of the images, so that strategies that draw nothing vary too. “Other patients”:
labels from one half of the patients, scores from the other. The null: labels drawn uniformly, logistic regression.

FEATURES is a folder for the frozen features, made at the first run. Every cell (set, patients, strategy, seed) is
written to results/handful.json when done and never measured again; set OMP_NUM_THREADS=1. `--write` only renders.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine import files
from engine.classify import CLASSIFIERS, Task, answer_task
from engine.geometry.neighbours import Graph, find_neighbours
from engine.labels.suggest import STRATEGIES, Situation
from engine.propagate.base import PROPAGATIONS
from engine.types import UNKNOWN, Array, Floats, Indices
from tests.benchmarks.handful_sets import SETS, Known, load_set
from tests.benchmarks.handful_tables import RESULTS, report

BATCH = 10  # labels between one suggestion and the next; the smallest batch of the Label screen
SHARE = 0.8  # of the images that a seed takes
Cell = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Pool:
    """The images of one seed, and which of them may be labelled and which are scored."""

    vectors: Floats  # [N D]
    graph: Graph
    truth: Indices  # [N]
    groups: Indices | None  # [N] patients, where scores shall be of other ones
    source: Array  # bool [N]
    target: Array  # bool [N]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--strategies", default=",".join(STRATEGIES))
    parser.add_argument("--classifiers", default=",".join([*CLASSIFIERS, *PROPAGATIONS]))
    parser.add_argument("--labels", default="1,5,10,20", help="labels in all, in units of the number of classes")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--patients", choices=("all", "other", "both"), default="both", help="whose images are scored")
    parser.add_argument("--write", action="store_true", help="render the tables of what is measured already")
    asked = parser.parse_args()
    cells = files.read_json(RESULTS)["cells"] if RESULTS.exists() else []
    for name in [] if asked.write else asked.sets.split(","):
        known = load_set(name, asked.features)
        modes = {"all": ["all"], "other": ["other"], "both": ["all", "other"]}[asked.patients]
        for seed in range(asked.seeds):
            for mode in modes if known.patients is not None else [one for one in modes if one == "all"]:
                pool = draw_pool(known, seed, mode == "other")
                for strategy in asked.strategies.split(","):
                    cell = {"set": name, "patients": mode, "strategy": strategy, "seed": seed}
                    wanted = (list(map(int, asked.labels.split(","))), asked.classifiers.split(","))
                    if measure(pool, cell_of(cells, cell), *wanted):
                        files.write_json(RESULTS, report(cells))
    files.write_json(RESULTS, report(cells))


def cell_of(cells: list[Cell], key: Cell) -> Cell:
    """The cell of this key among those measured; a new one at their end where there is none."""
    for cell in cells:
        if all(cell[name] == value for name, value in key.items()):
            return cell
    cells.append({**key, "scores": {}})
    return cells[-1]


def draw_pool(known: Known, seed: int, other: bool) -> Pool:
    """Four fifths of the images, drawn by the seed, and half of the patients to label where others are scored."""
    rng = np.random.default_rng([seed, len(known.truth)])
    rows = np.sort(rng.permutation(len(known.truth))[: int(SHARE * len(known.truth))])
    vectors, everything = known.vectors[rows], np.ones(len(rows), bool)
    if not other:
        return Pool(vectors, find_neighbours(vectors), known.truth[rows], None, everything, everything)
    assert known.patients is not None
    patients = known.patients[rows]
    names = rng.permutation(np.unique(patients))
    source = np.isin(patients, names[: len(names) // 2])
    return Pool(vectors, find_neighbours(vectors), known.truth[rows], patients, source, ~source)


def measure(pool: Pool, cell: Cell, budgets: Sequence[int], classifiers: Sequence[str]) -> bool:
    """Add to the cell what is not measured yet, {"scores": {budget: {classifier: accuracy}}, …}; whether any was."""
    classes = int(pool.truth.max()) + 1
    sizes = {str(one): one * classes for one in budgets if one * classes <= pool.source.sum() * 0.7}
    missing = {one: set(classifiers) - cell["scores"].get(one, {}).keys() for one in sizes}
    if not any(missing.values()):
        return False
    began = time.perf_counter()
    rows = choose(pool, cell["strategy"], [size for one, size in sizes.items() if missing[one]], cell["seed"])
    cell["choosing_seconds"] = round(time.perf_counter() - began, 2)
    for budget, size in sizes.items():
        scores = cell["scores"].setdefault(budget, {})
        for classifier in sorted(missing[budget]):
            scores[classifier] = round(balanced_accuracy(pool, rows[:size], answers(pool, rows[:size], classifier)), 4)
    print(json.dumps(cell), flush=True)
    return True


def choose(pool: Pool, strategy: str, sizes: Sequence[int], seed: int) -> Indices:
    """Rows in the order in which they are labelled; a batch ends at every size that is asked for."""
    part, rng = STRATEGIES[strategy], np.random.default_rng(seed)
    rows = np.zeros(0, np.int64)
    for size in sorted(sizes):
        while len(rows) < size:
            labels, met = reveal(pool, rows)
            now = Situation(Task(pool.vectors, labels, len(met), pool.graph), pool.source & (labels == UNKNOWN))
            chosen = part(part.Config()).choose(now, min(max(BATCH, len(rows) // 10), size - len(rows)), rng)
            rows = np.append(rows, [one.row for one in chosen])
    return rows


def reveal(pool: Pool, rows: Indices) -> tuple[Indices, Indices]:
    """Labels [N] by codes of the classes met so far, and which classes these are."""
    met, codes = np.unique(pool.truth[rows], return_inverse=True)
    labels = np.full(len(pool.truth), UNKNOWN)
    labels[rows] = codes
    return labels, met


def answers(pool: Pool, rows: Indices, classifier: str) -> Indices:
    """The class that each image is given [N]; the only one met where there is no other, UNKNOWN where none is given."""
    labels, met = reveal(pool, rows)
    if len(met) < 2:
        return np.full(len(labels), met[0])
    task = Task(pool.vectors, labels, len(met), pool.graph, pool.groups)
    said = answer_task(task, classifier).probabilities
    return np.where(said.max(axis=1) > 0, met[said.argmax(axis=1)], UNKNOWN)


def balanced_accuracy(pool: Pool, rows: Indices, given: Indices) -> float:
    """Mean over the classes of the share of their images named right, of those to be scored and not labelled."""
    rest = pool.target.copy()
    rest[rows] = False
    truth = pool.truth[rest]
    found = np.bincount(truth, given[rest] == truth)
    there = np.bincount(truth)
    return float((found[there > 0] / there[there > 0]).mean())


if __name__ == "__main__":
    main()

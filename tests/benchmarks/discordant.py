"""What the Discordant view is worth: how many of the first images it shows have a wrong answer, beside other orders.

    python -m tests.benchmarks.discordant FEATURES [--sets her2st,cifar10] [--labels 2,5,10] [--seeds 5] [--shown 50]

Labels are drawn as a user would with the automatic strategy (handful.py says how); `--labels` counts them in units of
the number of classes. The nulls: the least certain answers, and images at random. Each line is a JSON object; the last
one has the means. FEATURES is a folder for the frozen features, made at the first run; set OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from engine.classify import Task, answer_task
from engine.labels.palette import colour_at
from engine.labels.store import LabelClass
from engine.propagate import Propagation
from engine.propagate.discordant import GROUNDS, SECOND, find_discordant
from engine.types import UNKNOWN, Array, Indices
from tests.benchmarks.handful import Pool, choose, draw_pool, reveal
from tests.benchmarks.handful_sets import load_set

SETS = "her2st,breakhis_tiles,cifar10,crc_cells"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path)
    parser.add_argument("--sets", default=SETS)
    parser.add_argument("--labels", default="2,5,10", help="labels in all, in units of the number of classes")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--shown", type=int, default=50)
    parser.add_argument("--second", default=SECOND, help="a classifier that gives the second opinion")
    asked = parser.parse_args()
    found = []
    for name in asked.sets.split(","):
        known = load_set(name, asked.features)
        for seed in range(asked.seeds):
            pool = draw_pool(known, seed, other=False)
            sizes = [int(one) * known.classes for one in asked.labels.split(",")]
            order = choose(pool, "auto", sizes, seed)
            for size in sizes:
                shares = wrong_shares(pool, order[:size], seed, asked.shown, asked.second)
                found.append(shares)
                print(json.dumps({"set": name, "seed": seed, "labels": size, **shares}), flush=True)
    print(json.dumps({one: round(float(np.mean([cell[one] for cell in found])), 3) for one in found[0]}))


def wrong_shares(pool: Pool, labelled: Indices, seed: int, shown: int, second: str) -> dict[str, float]:
    """Share of wrong answers among the first images of each order; of all of them where there are fewer."""
    labels, met = reveal(pool, labelled)
    answer, other = (said_by(name, pool, labels, len(met)) for name in ("auto", second))
    wrong = met[answer.predicted] != pool.truth
    unlabelled = np.flatnonzero(labels == UNKNOWN)
    orders = {
        "random": np.random.default_rng(seed).permutation(unlabelled),
        "least certain": unlabelled[np.argsort(answer.confidence[unlabelled], kind="stable")],
        "smallest margin": unlabelled[np.argsort(answer.margin[unlabelled], kind="stable")],
    }
    discordant = find_discordant(answer, other, labels, labels, pool.graph)
    orders |= {grounds: discordant.rows(grounds) for grounds in GROUNDS}
    return {name: _share(wrong[rows[:shown]]) for name, rows in orders.items()}


def said_by(name: str, pool: Pool, labels: Indices, count: int) -> Propagation:
    """What a classifier or a propagation says of all images."""
    probabilities = answer_task(Task(pool.vectors, labels, count, pool.graph), name).probabilities
    classes = [LabelClass(place, str(place), colour_at(place), "") for place in range(count)]
    ids = np.arange(len(labels)).astype(object)
    return Propagation(name, "frozen", name, {}, probabilities, ids, classes, labels, 1, 0.0)


def _share(wrong: Array) -> float:
    return round(float(wrong.mean()), 4) if len(wrong) else float("nan")


if __name__ == "__main__":
    main()

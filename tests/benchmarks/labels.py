"""What a label is worth: balanced accuracy of propagation from a few chosen labels, by embedding and by choice.

    python -m tests.benchmarks.labels PROJECT --truth labels.csv --group patient --embeddings trained,imagenet_lite0

Labels are revealed only for the images that a strategy chose; the score is taken on all others. Where a group is
given, the labels come from half of the groups and the score from the other half: no patient answers for itself.
Prints one JSON line a row, and at the end a table for reading.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.linear_model import LogisticRegression

from engine.classify import Task
from engine.embeddings import load_embedding
from engine.evaluate.truth import read_truth
from engine.geometry.neighbours import Graph, affinity, centred_directions, find_neighbours
from engine.images.table import ImageTable, read_table
from engine.labels.suggest import STRATEGIES, Situation
from engine.project import Project, open_project
from engine.propagate.spread import SpreadConfig, spread
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True)
class Field:
    """The images whose truth is known, under one embedding."""

    name: str
    vectors: Floats  # [N D]
    graph: Graph
    truth: Indices  # [N]
    groups: Indices  # [N], all 0 without groups
    classes: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--column", default="label")
    parser.add_argument("--group", default="", help="column of the image table; scores are then disjoint in it")
    parser.add_argument("--embeddings", required=True)
    parser.add_argument("--strategies", default="random,typiclust")
    parser.add_argument("--labels", default="5,10", help="labels in all, in units of the number of classes")
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    project = open_project(asked.project)
    table = read_table(project)
    names = read_truth(table, asked.truth, asked.column).names
    rows = []
    for embedding in asked.embeddings.split(","):
        field = _field(project, table, names, embedding, asked.group)
        for strategy in asked.strategies.split(","):
            for labels in map(int, asked.labels.split(",")):
                row = _measure(field, strategy, labels, asked.seeds, bool(asked.group))
                print(json.dumps(row), flush=True)
                rows.append(row)
    _print_table(rows)


def _field(project: Project, table: ImageTable, names: Array, embedding: str, group: str) -> Field:
    source = load_embedding(project, embedding)
    assert list(source.ids) == list(table.ids), f"{embedding} is older than the table; embed again"
    known = np.flatnonzero(names != "")
    vectors = np.asarray(source.vectors)[known]
    classes, truth = np.unique(names[known].astype(str), return_inverse=True)
    groups = table.codes(group)[0][known] if group else np.zeros(len(known), np.int64)
    return Field(embedding, vectors, find_neighbours(vectors), truth.astype(np.int64), groups, len(classes))


def _measure(field: Field, strategy: str, labels: int, seeds: int, disjoint: bool) -> dict[str, object]:
    """One row: the mean over the seeds and its 95 % interval (Student's t)."""
    scores, logistic, seconds = [], [], []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        source, target = _split(field.groups, disjoint, rng)
        began = time.perf_counter()
        seeds_at = _choose(field, strategy, labels * field.classes, source, rng)
        given = np.full(len(field.truth), UNKNOWN)
        given[seeds_at] = field.truth[seeds_at]
        probabilities = spread(affinity(field.graph, SpreadConfig().neighbours), given, field.classes)
        seconds.append(time.perf_counter() - began)
        scored = np.flatnonzero(target & (given == UNKNOWN))
        answers = np.where(probabilities.max(axis=1) > 0, probabilities.argmax(axis=1), UNKNOWN)
        scores.append(_balanced(field.truth[scored], answers[scored]))
        logistic.append(_balanced(field.truth[scored], _logistic(field, seeds_at)[scored]))
    return {
        "embedding": field.name,
        "strategy": strategy,
        "labels": labels * field.classes,
        "labels_per_class": labels,
        "seeds": seeds,
        "disjoint": disjoint,
        "spread": _interval(scores),
        "logistic_regression": _interval(logistic),
        "seconds": round(float(np.median(seconds)), 2),
    }


def _split(groups: Indices, disjoint: bool, rng: np.random.Generator) -> tuple[Array, Array]:
    """Which images may be labelled, and which are scored; two halves of the groups, or everything twice."""
    if not disjoint:
        everything = np.ones(len(groups), bool)
        return everything, everything
    names = rng.permutation(np.unique(groups))
    source = np.isin(groups, names[: len(names) // 2])
    return source, ~source


def _choose(field: Field, strategy: str, count: int, source: Array, rng: np.random.Generator) -> Indices:
    part = STRATEGIES[strategy]
    nothing = np.full(len(field.truth), UNKNOWN)
    choices = part(part.Config()).choose(Situation(Task(field.vectors, nothing, 0, field.graph), source), count, rng)
    return np.array([choice.row for choice in choices])


def _logistic(field: Field, seeds_at: Indices) -> Indices:
    """The usual thing to do, as a peer: logistic regression on the same labels."""
    features = centred_directions(field.vectors)
    if len(np.unique(field.truth[seeds_at])) < 2:
        return np.full(len(features), field.truth[seeds_at][0])
    model = LogisticRegression(max_iter=2000, C=10).fit(features[seeds_at], field.truth[seeds_at])
    answers: Indices = model.predict(features)
    return answers


def _balanced(truth: Indices, answers: Indices) -> float:
    """Mean over the true classes of the share found; no answer is a wrong one."""
    return float(np.mean([np.mean(answers[truth == one] == one) for one in np.unique(truth)]))


def _interval(scores: list[float]) -> dict[str, float]:
    half = stats.t.ppf(0.975, len(scores) - 1) * np.std(scores, ddof=1) / np.sqrt(len(scores))
    return {"mean": round(float(np.mean(scores)), 3), "half_interval_95": round(float(half), 3)}


def _print_table(rows: list[dict[str, object]]) -> None:
    print("| embedding | choice | labels | spread | logistic regression |\n|---|---|---|---|---|")
    for row in rows:
        cells = [
            f"{row[peer]['mean']:.3f} ± {row[peer]['half_interval_95']:.3f}"
            for peer in ("spread", "logistic_regression")
        ]  # type: ignore[index]
        print(f"| {row['embedding']} | {row['strategy']} | {row['labels']} | {cells[0]} | {cells[1]} |")


if __name__ == "__main__":
    main()

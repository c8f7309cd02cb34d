"""Does the promise of an audit hold? 200 audits of answers whose truth is known, on real images.

    python -m tests.benchmarks.acceptance PROJECT --truth labels.csv --embedding NAME --out results/acceptance.json

For every audit a few labels are drawn at random, a classifier answers for all others, an audit is drawn, and what it
allows is compared with the truth: the share of audits in which it holds (sequence), or the mean share of errors
(conformal). One object a data set, plan and number of labels is put into the file.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from engine.accept import AuditPlan
from engine.accept.bounds import upper_bound
from engine.accept.conformal import conformal_selection
from engine.accept.sequence import fixed_sequence
from engine.classify import CLASSIFIERS, Task
from engine.classify.run import calibrated_answer
from engine.embeddings import load_embedding
from engine.evaluate.reliability import reliability
from engine.evaluate.truth import read_truth
from engine.geometry.neighbours import Graph, find_neighbours
from engine.images.table import read_table
from engine.project import open_project
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True)
class Case:
    """One kind of audit."""

    plan: AuditPlan
    count: int  # images audited (of each class, where the promise is by class)


CASES = [
    Case(AuditPlan(0.05), 59),
    Case(AuditPlan(0.05), 200),
    Case(AuditPlan(0.10), 100),
    Case(AuditPlan(0.20), 100),
    Case(AuditPlan(0.30), 100),
    Case(AuditPlan(0.20, by="class"), 100),
    Case(AuditPlan(0.05, mode="conformal"), 59),
    Case(AuditPlan(0.05, mode="conformal"), 200),
    Case(AuditPlan(0.20, mode="conformal"), 59),
]


@dataclass(frozen=True)
class Field:
    """The images whose truth is known."""

    name: str
    vectors: Floats
    graph: Graph
    truth: Indices
    classes: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--column", default="label")
    parser.add_argument("--embedding", required=True)
    parser.add_argument("--name", required=True, help="of the data set")
    parser.add_argument("--classifier", default="auto")
    parser.add_argument("--labels", default="10,40", help="labels a class, on average")
    parser.add_argument("--draws", type=int, default=20, help="draws of labels; audits are shared out among them")
    parser.add_argument("--audits", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("tests/benchmarks/results/acceptance.json"))
    asked = parser.parse_args()
    field = _field(asked)
    rows = []
    for labels in map(int, asked.labels.split(",")):
        rows += _measure(field, asked.classifier, labels, asked.draws, asked.audits)
    kept = [one for one in json.loads(asked.out.read_text()) if one["set"] != field.name] if asked.out.exists() else []
    asked.out.write_text(json.dumps(kept + rows, indent=1) + "\n")


def _field(asked: argparse.Namespace) -> Field:
    project = open_project(asked.project)
    table, source = read_table(project), load_embedding(project, asked.embedding)
    names = dict(zip(table.ids, read_truth(table, asked.truth, asked.column).names, strict=True))
    own = np.array([names.get(one, "") for one in source.ids], object)
    known = np.flatnonzero(own != "")
    vectors = np.asarray(source.vectors)[known]
    classes, truth = np.unique(own[known].astype(str), return_inverse=True)
    return Field(asked.name, vectors, find_neighbours(vectors), truth.astype(np.int64), len(classes))


def _measure(field: Field, classifier: str, labels: int, draws: int, audits: int) -> list[dict[str, object]]:
    part = CLASSIFIERS[classifier](CLASSIFIERS[classifier].Config())
    outcomes: list[list[tuple[bool, float, float, float]]] = [[] for _ in CASES]
    accuracy, errors, began = [], [], time.perf_counter()
    for draw in range(draws):
        rng = np.random.default_rng([draw, labels])
        given = np.full(len(field.truth), UNKNOWN)
        chosen = rng.choice(len(given), labels * field.classes, replace=False)
        given[chosen] = field.truth[chosen]
        told = calibrated_answer(part, Task(field.vectors, given, field.classes, field.graph)).probabilities
        rows = np.flatnonzero(given == UNKNOWN)
        probability, predicted = told[rows].max(axis=1), told[rows].argmax(axis=1)
        wrong = predicted != field.truth[rows]
        accuracy.append(1 - wrong.mean())
        honest = reliability(probability, ~wrong)
        assert honest is not None
        errors.append(honest.error)
        for place, case in enumerate(CASES):
            for _ in range(audits // draws):
                outcomes[place].append(_audit(case, probability, predicted, wrong, rng))
    seconds = time.perf_counter() - began
    common = {
        "set": field.name,
        "classifier": classifier,
        "labels_per_class": labels,
        "accuracy": round(float(np.mean(accuracy)), 4),
        "calibration_error": round(float(np.mean(errors)), 4),
        "seconds": round(seconds, 1),
    }
    found = [common | _row(case, outcome) for case, outcome in zip(CASES, outcomes, strict=True)]
    for row in found:
        print(json.dumps(row), flush=True)
    return found


def _audit(
    case: Case, probability: Floats, predicted: Indices, wrong: Array, rng: np.random.Generator
) -> tuple[bool, float, float, float]:
    """Whether the promise held; share of errors among the unchecked answers taken over, the worst part's, and taken."""
    parts = [np.flatnonzero(predicted == one) for one in np.unique(predicted)] if case.plan.by else [slice(None)]
    taken, held, worst = np.zeros(len(wrong), bool), True, 0.0
    for own in parts:
        bad, sure = wrong[own], probability[own]
        checked = np.zeros(len(bad), bool)
        checked[rng.permutation(len(bad))[: case.count]] = True
        if case.plan.mode == "conformal":
            chosen = conformal_selection(sure, checked, bad & checked, case.plan.error)
        else:
            chosen, _ = fixed_sequence(sure, checked, bad & checked, case.plan.error, case.plan.level(len(parts)))
        share = float(bad[chosen].mean()) if chosen.any() else 0.0
        held, worst = held and share <= case.plan.error, max(worst, share)
        both = np.zeros(len(wrong), bool)
        both[own] = chosen & ~checked
        taken |= both
    return held, float(wrong[taken].mean()) if taken.any() else 0.0, worst, float(taken.mean())


def _row(case: Case, outcomes: list[tuple[bool, float, float, float]]) -> dict[str, object]:
    held, shares, worst, taken = map(np.asarray, zip(*outcomes, strict=True))
    return {
        **asdict(case.plan),
        "audited": case.count,
        "audits": len(held),
        "held": round(float(held.mean()), 4),
        "broken_at_most": round(upper_bound(int((~held).sum()), len(held)), 4),
        "accepted_something": round(float((taken > 0).mean()), 4),
        "mean_share_accepted": round(float(taken.mean()), 4),
        "mean_error_accepted": round(float(shares.mean()), 4),
        "mean_error_where_accepted": round(float(shares[taken > 0].mean()), 4) if (taken > 0).any() else 0.0,
        "worst_error": round(float(worst.max()), 4),
    }


if __name__ == "__main__":
    main()

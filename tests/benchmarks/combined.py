"""What two embeddings side by side are worth: their combination against the frozen one alone, on the same draws.

    python -m tests.benchmarks.combined PROJECT --truth labels.csv --group patient --frozen NAME --own NAME --out FILE

Every seed draws the labels anew (n of each class); with a group, scores of other groups than the labels are from
stand beside those of all other images. The parts count alike. Gains are paired by draw, with their 95 % interval.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from engine import files
from engine.bench.score import Protocol, few_label_scores, interval
from engine.combine import side_by_side
from engine.embeddings import load_embedding
from engine.evaluate.truth import read_truth
from engine.geometry.neighbours import centred_directions, find_neighbours
from engine.images.table import read_table
from engine.project import open_project
from engine.types import UNKNOWN, Floats

Score = tuple[str, str, int]  # folds, classifier, labels of each class


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--column", default="label")
    parser.add_argument("--group", default="", help="column of the image table, such as patient")
    parser.add_argument("--frozen", required=True, help="embedding of the frozen encoder")
    parser.add_argument("--own", required=True, help="embedding of a run on these images")
    parser.add_argument("--labels", default="1,5,10", help="labels of each class")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    project = open_project(asked.project)
    table = read_table(project)
    names = read_truth(table, asked.truth, asked.column).names
    classes = sorted({one for one in names if one})
    truth = np.array([classes.index(one) if one else UNKNOWN for one in names], np.int64)
    groups = table.codes(asked.group)[0] if asked.group else None
    protocol = Protocol(truth, groups, [int(one) for one in asked.labels.split(",")], range(asked.seeds))
    frozen, own = (load_embedding(project, name).vectors for name in (asked.frozen, asked.own))
    rows = compared({"frozen": frozen, "own": own, "combined": side_by_side([frozen, own], [0.5, 0.5])}, protocol)
    for row in rows:
        print(
            f"{row['folds']:9} {row['classifier']:12} {row['labels']:3} labels a class: frozen {row['frozen']:.3f}, "
            f"own {row['own']:.3f}, combined {row['combined']:.3f}, gain {100 * row['gain']:+.1f} "
            f"({100 * row['low']:+.1f} to {100 * row['high']:+.1f})"
        )
    if asked.out:
        about = {"benchmark": "combined", "frozen": asked.frozen, "own": asked.own, "seeds": asked.seeds}
        files.write_json(asked.out, about | {"rows": rows})


def compared(vectors: dict[str, Floats], protocol: Protocol) -> list[dict[str, str | float]]:
    """Mean scores of every embedding, and what the combination gains over the frozen one, draw by draw."""
    scores = {name: scored(one, protocol) for name, one in vectors.items()}
    rows: list[dict[str, str | float]] = []
    for key in scores["frozen"]:
        gains = np.subtract(scores["combined"][key], scores["frozen"][key])
        low, high = interval(list(gains))
        means = {name: round(float(np.mean(scores[name][key])), 4) for name in vectors}
        gained = {"gain": float(gains.mean()), "low": low, "high": high}
        rows.append(dict(zip(("folds", "classifier", "labels"), key, strict=True)) | means | gained)
    return rows


def scored(vectors: Floats, protocol: Protocol) -> dict[Score, list[float]]:
    """Balanced accuracy of every draw, by folds, classifier and labels."""
    found = few_label_scores(centred_directions(vectors), find_neighbours(vectors), protocol)
    return {(one["folds"], one["classifier"], one["labels"]): one["per_seed"] for one in found}


if __name__ == "__main__":
    main()

"""The result of a bench: one JSON value in the project, and the same as rows for a spreadsheet."""

from __future__ import annotations

from typing import Any, TypeAlias

import pandas as pd

from engine import files
from engine.errors import BenchMissing
from engine.project import Project

Results: TypeAlias = dict[str, Any]  # name, images, classes, groups, hardware, created, settings, cells, rows, skipped

COLUMNS = (
    "method", "prior", "encoder", "init", "run", "embedding", "train_seconds", "views_per_second", "steps", "epochs",
    "neighbours", "neighbours_null", "leakage", "leakage_chance",
)  # fmt: skip


def save_results(project: Project, bench: str, results: Results) -> None:
    """Write the result so far, the old or the new one whole at any moment."""
    files.write_json(project.bench_folder(bench) / "results.json", results)


def load_results(project: Project, bench: str) -> Results:
    """The result of a bench, as far as it is.

    Raises:
        BenchMissing: there is none of this name, or its file is damaged.
    """
    path = project.bench_folder(bench) / "results.json"
    try:
        return files.read_object(path, "rows", "skipped", "settings", "classes")
    except FileNotFoundError:
        raise BenchMissing(f"The benchmark “{bench}” has no result yet. Start it on the Compare screen.") from None
    except (OSError, ValueError) as error:
        raise BenchMissing(
            f"{path} cannot be read ({error}). Start the benchmark again; what is done is kept."
        ) from error


def list_benches(project: Project) -> list[str]:
    """Names of the benches with a request or a result, newest first."""
    try:
        folders = [folder for folder in project.benches_folder.iterdir() if not folder.name.startswith(".")]
        return [one.name for one in sorted(folders, key=lambda folder: folder.stat().st_mtime, reverse=True)]
    except OSError:  # none yet, or the project is being deleted
        return []


def as_frame(results: Results) -> pd.DataFrame:
    """A row for each cell × classifier × number of labels × folds, with what the cell took and gave beside it."""
    records = [
        {name: row[name] for name in COLUMNS}
        | {
            "classifier": score["classifier"],
            "labels": score["labels"],
            "folds": score["folds"],
            "balanced_accuracy": score["mean"],
            "low": score["interval"][0],
            "high": score["interval"][1],
            "over_first": score.get("over_first", {}).get("mean"),
            "over_first_low": score.get("over_first", {}).get("interval", [None, None])[0],
            "over_first_high": score.get("over_first", {}).get("interval", [None, None])[1],
            "per_seed": " ".join(map(str, score["per_seed"])),
        }
        for row in results["rows"]
        for score in row["scores"]
    ]
    return pd.DataFrame(records)


def as_csv(results: Results) -> str:
    """The frame as CSV."""
    return as_frame(results).to_csv(index=False)

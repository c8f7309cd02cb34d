"""From what each training of a bench gave to the rows of its result.

With one training of a kind, a score has a value for each draw of labels. With several, it has one for each training,
the mean of that training's own draws, and the interval is over trainings and draws together: it says how far the score
would move if all were done again on these images.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from engine.bench.compare import Question, Row, difference, first_of_kind, is_null
from engine.bench.plan import Cell
from engine.bench.score import interval, rounded
from engine.bench.work import Spent


@dataclass(frozen=True)
class Take:
    """A cell that is done."""

    cell: Cell
    spent: Spent | None  # None where nothing was trained
    embedding: str
    scored: dict[str, Any]  # as `score_embedding` gives it


def rows_of(takes: Sequence[Take], repeats: int, first_prior: str) -> list[Row]:
    """A row for each kind of cell that was done often enough for an interval, in the order of the work.

    Args:
        takes: what is done so far.
        repeats: how many of each kind there will be.
        first_prior: the one that others are compared with.
    """
    kinds = dict.fromkeys(take.cell.kind for take in takes)
    grouped = [[take for take in takes if take.cell.kind == kind] for kind in kinds]
    rows = [_row(own) for own in grouped if len(own) >= min(2, repeats)]
    for row in rows:
        _add_null(row, rows)
        _add_differences(row, first_of_kind(rows, row, first_prior))
    return rows


def _row(takes: Sequence[Take]) -> Row:
    cell, scored = takes[0].cell, [take.scored for take in takes]
    took = [asdict(take.spent) if take.spent else {} for take in takes]
    seconds, speed, epochs = (
        _mean([one.get(name) for one in took]) for name in ("seconds", "views_per_second", "epochs")
    )
    steps = _mean([one.get("steps") for one in took])
    return {
        "method": cell.method,
        "prior": cell.prior,
        "encoder": cell.encoder,
        "init": cell.init,
        "run": cell.train.name if cell.train else "",
        "embedding": takes[0].embedding,
        "train_seconds": seconds,
        "views_per_second": speed,
        "steps": None if steps is None else round(steps),
        "epochs": epochs,
        "neighbours": _mean([one["neighbours"] for one in scored]),
        "neighbours_null": None,
        "leakage": _mean([one["leakage"] for one in scored]),
        "leakage_chance": scored[0]["leakage_chance"],
        "repeats": [_repeat(take) for take in takes],
        "scores": [_score([one["scores"][place] for one in scored]) for place in range(len(scored[0]["scores"]))],
    }


def _repeat(take: Take) -> Row:
    return {
        "repeat": take.cell.repeat,
        "run": take.cell.train.name if take.cell.train else "",
        "embedding": take.embedding,
        "neighbours": take.scored["neighbours"],
        "leakage": take.scored["leakage"],
    }


def _score(of_repeats: Sequence[Row]) -> Row:
    """One question's score; `per_seed` by draw where there is one training, else by training."""
    values = [rounded(float(np.mean(one["per_seed"]))) for one in of_repeats]
    if len(of_repeats) == 1:
        values = of_repeats[0]["per_seed"]
    return {
        **{name: of_repeats[0][name] for name in ("classifier", "labels", "folds")},
        "mean": rounded(float(np.mean(values))),
        "interval": [rounded(end) for end in interval(values)],
        "per_seed": values,
    }


def _add_null(row: Row, rows: Sequence[Row]) -> None:
    null = next((one for one in rows if is_null(one) and one["encoder"] == row["encoder"]), None)
    if null and not is_null(row):
        row["neighbours_null"] = null["neighbours"]


def _add_differences(row: Row, first: Row | None) -> None:
    """Beside each score how much it is over that of the first prior, where the row is of another."""
    if first is None:
        return
    for score in row["scores"]:
        gain = difference(row, first, Question(score["classifier"], score["labels"], score["folds"]))
        if gain:
            score["over_first"] = {"mean": rounded(gain.mean), "interval": [rounded(gain.low), rounded(gain.high)]}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return rounded(float(np.mean(known))) if known else None

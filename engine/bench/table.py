"""The result of a bench as a table for reading: on the command line, and as Markdown in MEASURED.md."""

from __future__ import annotations

from collections.abc import Sequence

from engine import catalogue
from engine.bench.classifiers import CLASSIFIERS
from engine.bench.compare import (
    Question,
    Row,
    difference,
    first_of_kind,
    first_prior,
    is_null,
    ranked,
    score_of,
    strictest,
)
from engine.bench.results import Results

NULLS = {"random": "random weights (null)", "imagenet": "frozen ImageNet (null)"}


def row_title(row: Row) -> str:
    """What a row is, in words."""
    if is_null(row):
        return NULLS[row["init"]]
    title: str = catalogue.card("methods", row["method"])["title"]
    return title if row["init"] == "random" else f"{title}, from {row['init']}"


def table(results: Results) -> tuple[list[str], list[list[str]]]:
    """Headings and cells: the scores at the most labels, disjoint where there are groups, best linear score first."""
    first = strictest(results)
    questions = [Question(name, first.labels, first.folds) for name in CLASSIFIERS]
    grouped = results["groups"] is not None
    heads = ["method", "prior", "encoder", "seconds", "views/s", "neighbours", *CLASSIFIERS]
    lines = [_cells(row, questions, grouped) for row in ranked(results, first)]
    heads += ["leakage"] if grouped else []
    if len(results["settings"].get("priors", ())) < 2:
        return heads, lines
    gains = [_gain(results, row, first) for row in ranked(results, first)]
    return [*heads, f"linear, over {first_prior(results)}"], [
        [*line, gain] for line, gain in zip(lines, gains, strict=True)
    ]


def caption(results: Results) -> str:
    """What the numbers are, in a few sentences."""
    settings, first = results["settings"], strictest(results)
    where = "on other groups than the labels are from" if first.folds == "disjoint" else "on all other images"
    known, one = results.get("with_truth", results["images"]), results["hardware"]
    repeats, steps = settings.get("repeats", 1), settings.get("training", {}).get("steps")
    length = f"{steps} steps each" if steps else f"{settings['epochs']} epochs each"
    if settings["seconds"]:
        length = f"{settings['seconds']:g} seconds each"
    draws = f"{settings['seeds']} draws"
    if repeats > 1:
        draws = f"{repeats} trainings with {draws} of labels each"
    return (
        f"{results['images']:,} images, {known:,} with a known class, {len(results['classes'])} classes; "
        f"{length} on {one['cores']} cores ({one['device']}), {results['created'][:10]}. Balanced accuracy from "
        f"{first.labels} labels a class {where}, mean of {draws} ± half a 95 % interval; "
        "neighbours: with all labels known but the image's own"
        + (" group's." if results["groups"] is not None else ".")
    )


def as_text(results: Results) -> str:
    """The table in columns, with what was left out and why."""
    heads, lines = table(results)
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in [heads, *lines]]
    text += ["", caption(results)]
    text += [f"Left out: {_left_out(one)}" for one in results["skipped"]]
    return "\n".join(text)


def as_markdown(results: Results) -> str:
    """The table as MEASURED.md has it."""
    return markdown(*table(results))


def markdown(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Any table as Markdown."""
    return "\n".join(["| " + " | ".join(cells) + " |" for cells in (heads, ["---"] * len(heads), *lines)])


def _cells(row: Row, questions: Sequence[Question], grouped: bool) -> list[str]:
    scores = [_score(score_of(row, question)) for question in questions]
    null = row["neighbours_null"]
    beside = f" (null {_plain(null)})" if null is not None else ""
    cells = [
        row_title(row),
        row["prior"],
        row["encoder"],
        _count(row["train_seconds"]),
        _count(row["views_per_second"]),
    ]
    cells += [_plain(row["neighbours"]) + beside, *scores]
    return cells + ([f"{_plain(row['leakage'])} (chance {_plain(row['leakage_chance'])})"] if grouped else [])


def _gain(results: Results, row: Row, question: Question) -> str:
    other = first_of_kind(results["rows"], row, first_prior(results))
    gain = difference(row, other, question) if other else None
    return gain.in_points if gain else ""


def _score(score: Row | None) -> str:
    if score is None:
        return ""
    return f"{_plain(score['mean'])} ± {_plain((score['interval'][1] - score['interval'][0]) / 2)}"


def _plain(share: float) -> str:
    return f"{share:.3f}".removeprefix("0")


def _count(number: float | None) -> str:
    return "" if number is None else f"{number:,.0f}"


def _left_out(one: Row) -> str:
    return f"{' · '.join(filter(None, (one['method'], one['prior'], one['encoder'])))}: {one['reason']}"

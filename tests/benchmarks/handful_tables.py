"""The benchmark of labels, summed up: gains against the null, a table and a figure for the README."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from engine import files

RESULTS = Path(__file__).parent / "results" / "handful.json"
FIGURE = Path(__file__).parents[2] / "assets" / "labels.svg"
NULL = ("random", "logistic")  # uniform labels, logistic regression
BUDGETS = ("1", "5", "10", "20")
SHOWN = (  # (strategy, classifier, colour, words) of the figure: the theme's colours
    ("auto", "auto", "#7A5CC0", "suggested, automatic"),
    ("typiclust", "auto", "#009E73", "TypiClust, automatic"),
    ("random", "auto", "#E69F00", "random, automatic"),
    ("random", "logistic", "#8C8579", "random, logistic regression (null)"),
)
COLUMNS = [("all", 1), ("all", 5)]  # (patients, labels a class) of the table
FEWEST = 3  # seeds from which the figure shows an interval
Cell = dict[str, Any]
Key = tuple[str, str, str, str]


def report(cells: Sequence[Cell]) -> dict[str, Any]:
    """All cells with what the README shows of them; draws the figure as well."""
    figure(cells)
    gained = gains(cells)
    return {
        "benchmark": "few labels",
        "machine": f"{os.cpu_count()} cores, one thread, Python {platform.python_version()}",
        "null": " + ".join(NULL),
        "gains": gained,
        "best_single": best_single(cells),
        "tables": [
            {
                "caption": caption(cells),
                "heads": ["which images were labelled", "sets", *(f"{labels} x classes" for _, labels in COLUMNS)],
                "lines": lines(cells, gained),
            }
        ],
        "cells": list(cells),
    }


def gains(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Of every strategy, classifier and budget: its mean over the sets, and its paired gain over the null."""
    rows, measured = [], tables(cells)
    for (patients, budget, strategy, classifier), scores in measured.items():
        null = measured.get((patients, budget, *NULL), {})
        sets = sorted(scores.keys() & null.keys())
        both = {name: sorted(scores[name].keys() & null[name].keys()) for name in sets}
        if not sets or not all(both.values()):
            continue
        reached = [[scores[name][seed] for seed in both[name]] for name in sets]
        gained = [[scores[name][seed] - null[name][seed] for seed in both[name]] for name in sets]
        rows.append(
            {
                "patients": patients,
                "labels": int(budget),
                "strategy": strategy,
                "classifier": classifier,
                "sets": dict(zip(sets, (round(float(np.mean(one)), 4) for one in reached), strict=True)),
                **interval(reached, ""),
                **interval(gained, "gain_"),
            }
        )
    return sorted(rows, key=lambda row: (row["patients"], row["labels"], row["strategy"], row["classifier"]))


def tables(cells: Sequence[Cell]) -> dict[Key, dict[str, dict[int, float]]]:
    """Scores: (patients, budget, strategy, classifier) → set → seed → balanced accuracy."""
    found: dict[Key, dict[str, dict[int, float]]] = {}
    for cell in cells:
        for budget, scores in cell["scores"].items():
            for classifier, score in scores.items():
                key = (cell["patients"], budget, cell["strategy"], classifier)
                found.setdefault(key, {}).setdefault(cell["set"], {})[cell["seed"]] = score
    return found


def interval(values: Sequence[Sequence[float]], prefix: str) -> dict[str, float]:
    """Mean over sets of the means over seeds, and half its 95 % interval over seeds (sets are given, not drawn)."""
    mean = float(np.mean([np.mean(one) for one in values]))
    degrees = sum(len(one) - 1 for one in values)
    variance = sum(float(np.var(one, ddof=1)) / len(one) for one in values if len(one) > 1) / len(values) ** 2
    alone = any(len(one) < 2 for one in values)  # a set with one draw tells nothing of how far draws differ
    half = 0.0 if alone else float(stats.t.ppf(0.975, degrees)) * variance**0.5
    return {f"{prefix}mean": round(mean, 4), f"{prefix}half_interval_95": round(half, 4)}


def best_single(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """On every set and budget, labels chosen automatically: the best classifier beside auto, and auto less it."""
    rows = []
    for name in _in(cells, "set"):
        for budget in BUDGETS:
            chosen = [
                one["scores"][budget]
                for one in cells
                if (one["set"], one["patients"], one["strategy"]) == (name, "all", "auto") and budget in one["scores"]
            ]
            common = set.intersection(*(set(one) for one in chosen)) if chosen else set()
            if "auto" not in common or len(common) < 2:
                continue
            means = {one: float(np.mean([scores[one] for scores in chosen])) for one in common}
            auto = means.pop("auto")
            best = max(means, key=lambda one: means[one])
            rows.append(
                {"set": name, "labels": int(budget), "best": best, "auto_less_best": round(auto - means[best], 4)}
            )
    return rows


def caption(cells: Sequence[Cell]) -> str:
    """What the table shows, and how much of it is measured."""
    by_set = {name: [one for one in cells if one["set"] == name] for name in _in(cells, "set")}
    seeds = {name: len(_in(those, "seed")) for name, those in by_set.items()}
    measured = ", ".join(f"{name} ({count})" for name, count in seeds.items())
    return (
        "Points of balanced accuracy over labels drawn uniformly with logistic regression (the null), answered by the "
        "automatic classifier; mean over the sets ± half a 95 % interval over seeds. Labels are counted in all, in "
        f"units of the number of classes. Sets (seeds): {measured}."
    )


def lines(cells: Sequence[Cell], gained: Sequence[dict[str, Any]]) -> list[list[str]]:
    """A line a strategy: its gains with the automatic classifier, in points; the null first."""
    rows = {(one["patients"], one["labels"], one["strategy"], one["classifier"]): one for one in gained}
    order = sorted(_in(cells, "strategy"), key=lambda one: -_gain(rows.get(("all", 5, one, "auto"))))
    sets = {one: len(rows.get(("all", 5, one, "auto"), {"sets": ()})["sets"]) for one in order}
    null = ["the null itself", str(sets.get("random", 0)), *(_cell(rows.get((*one, *NULL)), "") for one in COLUMNS)]
    return [
        null,
        *(
            [f"`{one}`", str(sets[one]), *(_cell(rows.get((*column, one, "auto")), "gain_") for column in COLUMNS)]
            for one in order
        ),
    ]


def figure(cells: Sequence[Cell]) -> None:
    """Write assets/labels.svg: a panel a set, balanced accuracy over labels, one line a way of choosing."""
    measured = tables(cells)
    names = [name for name in _in(cells, "set") if name in measured.get(("all", "5", *NULL), {})]
    width, height, left = 190, 170, 34
    parts = []
    for place, name in enumerate(names):
        parts.append(
            f'<g transform="translate({place * width + left},24)">{_panel(measured, name, width - 44, height)}</g>'
        )
    legend = "".join(
        f'<rect x="{left + 235 * place}" y="232" width="14" height="3" rx="1.5" fill="{colour}"/>'
        f'<text x="{left + 20 + 235 * place}" y="237">{words}</text>'
        for place, (_, _, colour, words) in enumerate(SHOWN)
    )
    total = max(len(names) * width + 8, 960)
    files.write_text(
        FIGURE,
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} 248" font-family="sans-serif" font-size="11" '
        f'fill="#6B665E"><title>Balanced accuracy over labels in all, in units of the number of classes</title>'
        f"{''.join(parts)}{legend}</svg>\n",
    )


def _panel(measured: dict[Key, dict[str, dict[int, float]]], name: str, width: int, height: int) -> str:
    lines = [
        f'<text x="0" y="-9" font-weight="600">{name.replace("_", " ")}</text>',
        *(
            f'<line x1="0" x2="{width}" y1="{height * (1 - share):.1f}" y2="{height * (1 - share):.1f}" '
            f'stroke="#8C8579" stroke-opacity=".25"/><text x="-6" y="{height * (1 - share) + 4:.1f}" '
            f'text-anchor="end">.{10 * share:.0f}</text>'
            for share in (0.2, 0.4, 0.6, 0.8)
        ),
    ]
    budgets = [one for one in BUDGETS if any(key[1] == one for key in measured)]
    step = 0.88 / max(1, len(budgets) - 1)
    across = {budget: width * (0.06 + step * place) for place, budget in enumerate(budgets)}
    lines += [f'<text x="{x:.1f}" y="{height + 16}" text-anchor="middle">{one}</text>' for one, x in across.items()]
    for strategy, classifier, colour, _ in reversed(SHOWN):
        points = []
        for budget, x in across.items():
            scores = list(measured.get(("all", budget, strategy, classifier), {}).get(name, {}).values())
            if not scores:
                continue
            shown = interval([scores], "")
            if len(scores) < FEWEST:
                shown["half_interval_95"] = 0
            y, half = height * (1 - shown["mean"]), height * np.nan_to_num(shown["half_interval_95"])
            points.append(f"{x:.1f},{y:.1f}")
            lines.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - half:.1f}" y2="{y + half:.1f}" stroke="{colour}" '
                f'stroke-opacity=".35" stroke-width="4" stroke-linecap="round"/>'
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>'
            )
        lines.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
    return "".join(lines)


def _in(cells: Iterable[Cell], key: str) -> list[str]:
    """The values of a key in the order in which they were first measured."""
    return list(dict.fromkeys(cell[key] for cell in cells))


def _gain(row: dict[str, Any] | None) -> float:
    return float(row["gain_mean"]) if row else -1.0


def _cell(row: dict[str, Any] | None, prefix: str) -> str:
    if row is None:
        return ""
    mean, half = 100 * row[f"{prefix}mean"], 100 * row[f"{prefix}half_interval_95"]
    return (f"{mean:+.1f}" if prefix else f"{mean:.1f}") + (f" ± {half:.1f}" if half else " (one draw of some sets)")

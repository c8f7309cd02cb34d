"""Trainings made several times: each with a seed and draws of its own, compared seed by seed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from engine.bench.compare import Question, difference
from engine.bench.draws import draws
from engine.bench.plan import Cell, make_plan
from engine.bench.rows import Take, rows_of
from engine.bench.summary import findings, summary
from engine.bench.table import caption, table
from engine.errors import SettingInvalid
from engine.jobs.bench_request import BenchRequest
from engine.jobs.request import EmbedRequest
from engine.project import Project

PLAIN, KNOWN = [[0.50, 0.60], [0.40, 0.52], [0.58, 0.66]], [[0.57, 0.65], [0.44, 0.58], [0.66, 0.70]]
ASKED = Question("linear", 5, "all")


def take(repeat: int, values: list[float], prior: str = "augmentation", method: str = "simclr") -> Take:
    scores = [{"classifier": "linear", "labels": 5, "folds": "all", "per_seed": values}]
    scored = {"scores": scores, "neighbours": 0.1 * repeat, "leakage": None, "leakage_chance": None}
    cell = Cell("nano", "random", EmbedRequest(), method, prior if method else "", None, repeat)
    return Take(cell, None, f"{method}-{prior}-{repeat}", scored)


def takes(until: int = 3) -> list[Take]:
    """The null, augmentation and another prior, repeat by repeat."""
    nulls = [take(number, [0.3, 0.4], method="") for number in range(3)]
    trained = zip(PLAIN[:until], KNOWN[:until], strict=True)
    return nulls + [
        one
        for number, (plain, known) in enumerate(trained)
        for one in (take(number, plain), take(number, known, "same_patient"))
    ]


def results(rows: list[dict[str, Any]]) -> dict[str, Any]:
    settings = {"priors": ["augmentation", "same_patient"], "labels": [5], "seeds": 2, "repeats": 3, "group": ""}
    one = {"device": "cpu", "cores": 2}
    settings |= {"seconds": 0.0, "epochs": 1, "training": {"steps": 150}}
    return {
        "rows": rows, "settings": settings, "groups": None, "images": 9, "with_truth": 9, "classes": ["a", "b"],
        "hardware": one, "created": "2026-01-01", "skipped": [],
    }  # fmt: skip


@pytest.fixture
def request_(demo_material: Path) -> BenchRequest:
    priors = ("augmentation", "same_patient")
    return BenchRequest(truth=str(demo_material / "truth.csv"), priors=priors, epochs=1, size=32, repeats=3)


def test_a_repeat_has_one_seed_for_all_priors_and_repeats_come_one_after_the_other(
    project: Project, request_: BenchRequest
) -> None:
    cells = make_plan(project, request_).trained
    seeds = [(cell.repeat, cell.train.config.seed, cell.prior) for cell in cells if cell.train]
    assert seeds == [(number, number, prior) for number in range(3) for prior in request_.priors]


def test_the_first_repeat_is_the_training_without_repeats(project: Project, request_: BenchRequest) -> None:
    once = make_plan(project, replace(request_, repeats=1)).trained
    assert make_plan(project, request_).trained[:2] == once


def test_random_weights_are_drawn_for_each_repeat_and_imagenets_are_the_same(
    project: Project, request_: BenchRequest
) -> None:
    frozen = make_plan(project, request_).frozen
    names = {init: {cell.embed.embedding for cell in frozen if cell.init == init} for init in ("random", "imagenet")}
    assert [len(names[init]) for init in ("random", "imagenet")] == [3, 1]
    assert [cell.embed.seed for cell in frozen] == [0, 1, 2, 0, 0, 0]


def test_a_training_counts_once_by_the_mean_of_its_draws() -> None:
    row = rows_of(takes(), 3, "augmentation")[1]
    means = np.mean(PLAIN, axis=1)
    assert row["scores"][0]["per_seed"] == pytest.approx(means)
    expected = stats.t.interval(0.95, 2, means.mean(), stats.sem(means))
    assert row["scores"][0]["interval"] == pytest.approx(expected, abs=1e-4)
    assert row["neighbours"] == pytest.approx(0.1)
    assert [one["embedding"] for one in row["repeats"]] == [f"simclr-augmentation-{number}" for number in range(3)]


def test_a_prior_is_compared_with_the_first_one_seed_by_seed() -> None:
    rows = rows_of(takes(), 3, "augmentation")
    paired = stats.ttest_rel(np.mean(KNOWN, axis=1), np.mean(PLAIN, axis=1)).confidence_interval(0.95)
    gain = rows[2]["scores"][0]["over_first"]
    assert gain["mean"] == pytest.approx(np.mean(KNOWN) - np.mean(PLAIN), abs=1e-4)
    assert gain["interval"] == pytest.approx([paired.low, paired.high], abs=1e-4)
    assert "over_first" not in rows[0]["scores"][0]
    assert "over_first" not in rows[1]["scores"][0]


def test_a_row_waits_for_its_second_training() -> None:
    assert [row["prior"] for row in rows_of(takes(until=1), 3, "augmentation")] == [""]
    assert len(rows_of(takes(until=2), 3, "augmentation")) == 3


def test_rows_of_different_trainings_are_not_compared() -> None:
    """One of the first prior's trainings failed: its row has repeats 0 and 2, the other's 0 to 2."""
    all_but_one = [one for one in takes() if (one.cell.prior, one.cell.repeat) != ("augmentation", 1)]
    rows = rows_of(all_but_one, 3, "augmentation")
    assert difference(rows[2], rows[1], ASKED) is None
    assert "over_first" not in rows[2]["scores"][0]


def test_the_gain_stands_in_the_table_the_caption_and_the_words() -> None:
    found = results(rows_of(takes(), 3, "augmentation"))
    heads, lines = table(found)
    gains = dict(zip([line[1] for line in lines], [line[heads.index("linear, over augmentation")] for line in lines]))  # noqa: B905
    assert gains["same_patient"].startswith("+5.7 (+")
    assert gains["augmentation"] == ""
    assert "150 steps each" in caption(found)
    assert "3 trainings with 2 draws of labels each" in caption(found)
    assert "**SimCLR · same patient** against augmentation: +5.7 (+" in " ".join(findings(found, ASKED))
    assert list(summary(found, ASKED)["beats_first"]) == ["above", "", ""]


def test_a_class_that_the_labelled_half_does_not_have_is_not_scored() -> None:
    truth, owners = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 2, 2])
    disjoint = [draw for draw in draws(truth, owners, [1], range(20)) if draw.folds == "disjoint"]
    assert any(2 not in truth[draw.support] for draw in disjoint)
    assert all(set(truth[draw.scored]) <= set(truth[draw.support]) for draw in disjoint)


@pytest.mark.parametrize("change", [{"repeats": 0}, {"repeats": 1, "seeds": 1}], ids=str)
def test_too_few_for_an_interval_is_refused(change: dict[str, int], project: Project, request_: BenchRequest) -> None:
    with pytest.raises(SettingInvalid):
        replace(request_, **change).check(project)  # type: ignore[arg-type]


def test_a_prior_with_settings_is_named_whole_in_markdown() -> None:
    """Unescaped, “:grey” is an instruction to Streamlit, and vanishes."""
    found = results(rows_of(takes(), 3, "augmentation"))
    found["rows"][2]["prior"] = "same_patient:share=0"
    assert "same patient\\:share=0** against" in " ".join(findings(found, ASKED))

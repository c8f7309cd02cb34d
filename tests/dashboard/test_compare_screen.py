"""The Compare screen on a canned result: what is said of the rows, what is drawn, what is offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.bench.results import Results, save_results
from engine.jobs import BenchRequest
from engine.priors import PriorSpec
from engine.priors.choice import save_choice
from engine.project import Project

OpenScreen = Callable[..., AppTest]

METHODS = {"simclr": 0.58, "byol": 0.47, "vicreg": 0.35, "moco_v2": 0.52}
LABELS, SEEDS = (1, 5, 10), 5


def scores(level: float, folds: tuple[str, ...]) -> list[dict[str, Any]]:
    """Scores that rise with the labels and move alike from draw to draw, so that differences are clear."""
    listed = []
    for fold in folds:
        for labels in LABELS:
            for place, classifier in enumerate(("knn", "linear", "propagation")):
                middle = level + 0.05 * np.log10(labels / 10) + 0.01 * place - 0.04 * (fold == "disjoint")
                values = [round(float(middle + 0.03 * np.sin(draw)), 4) for draw in range(SEEDS)]
                mean = float(np.mean(values))
                listed.append(
                    {
                        "classifier": classifier,
                        "labels": labels,
                        "folds": fold,
                        "mean": round(mean, 4),
                        "interval": [round(mean - 0.03, 4), round(mean + 0.03, 4)],
                        "per_seed": values,
                    }
                )
    return listed


def row(level: float, folds: tuple[str, ...], method: str = "", prior: str = "", **other: object) -> dict[str, Any]:
    trained = bool(method)
    return {
        "method": method,
        "prior": prior,
        "encoder": "nano",
        "init": "random",
        "run": f"{method}-nano-1" if trained else "",
        "embedding": f"{method}-{prior}-{level}",
        "train_seconds": 121.5 if trained else None,
        "views_per_second": 2700.0 if trained else None,
        "steps": 1200 if trained else None,
        "epochs": 30.5 if trained else None,
        "neighbours": round(level + 0.1, 4),
        "neighbours_null": 0.41 if trained else None,
        "leakage": round(0.3 - level / 3, 4) if "disjoint" in folds else None,
        "leakage_chance": 0.1 if "disjoint" in folds else None,
        "scores": scores(level, folds),
    } | other


def canned(group: str = "patient") -> Results:
    """Random weights, ImageNet, and four trainings: one above both, two between, one below both."""
    folds = ("all", "disjoint") if group else ("all",)
    return {
        "name": "canned",
        "images": 60,
        "with_truth": 60,
        "classes": ["gland", "stroma"],
        "groups": 6 if group else None,
        "hardware": {"device": "cpu", "name": "x86_64", "cores": 2, "memory": 8},
        "created": "2026-01-01T00:00:00+00:00",
        "settings": {"labels": list(LABELS), "seeds": SEEDS, "group": group, "seconds": 120.0, "epochs": 20},
        "cells": 6,
        "rows": [
            row(0.41, folds),
            row(0.53, folds, encoder="imagenet_lite0", init="imagenet"),
            *(row(level, folds, method, "augmentation") for method, level in METHODS.items()),
        ],
        "skipped": [
            {"method": "mae", "prior": "same_group:patient", "encoder": "nano", "init": "random", "reason": "No."}
        ],
    }


@pytest.fixture
def benched(embedded: Project) -> Project:
    save_results(embedded, "canned", canned())
    return embedded


def said(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption, *app.info, *app.warning))


def test_a_project_without_a_bench_is_offered_the_form(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("compare", project)
    assert not app.exception
    assert "Start the benchmark" in [button.label for button in app.button]
    assert "Benchmark" not in [picker.label for picker in app.selectbox]  # nothing to pick from


def test_a_new_bench_takes_a_name_that_is_free(open_screen: OpenScreen, embedded: Project) -> None:
    assert open_screen("compare", embedded).text_input(key="bench-name").value == "bench"
    save_results(embedded, "bench", canned())
    app = open_screen("compare", embedded)
    app.selectbox[0].select("New benchmark …")
    assert app.run().text_input(key="bench-name").value == "bench-2"


def test_priors_are_chosen_by_what_they_are_called(
    open_screen: OpenScreen, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_choice(project, [PriorSpec("same_group", {"column": "slide"}), PriorSpec("augmentation")])
    app = open_screen("compare", project)
    priors = app.multiselect(key="bench-priors")
    assert priors.value == ["augmentation", "same_group:slide"]
    assert priors.options[:2] == ["Augmentation alone", "Same slide, as set on Prior"]
    assert "Same patient" in priors.options
    asked: list[BenchRequest] = []
    monkeypatch.setattr("engine.bench.start_bench", lambda _, request: asked.append(request))
    app.text_input(key="bench-truth").set_value(str(project.root / "truth.csv"))
    app.multiselect(key="bench-priors").set_value(["augmentation", "same_patient"])
    app.text_input(key="bench-more-priors").set_value("same_patient+magnification, same_patient")
    app.button(key="bench-start").click().run()
    assert asked[0].priors == ("augmentation", "same_patient", "same_patient+magnification")


def test_the_best_row_and_what_the_draws_tell_apart_are_said(open_screen: OpenScreen, benched: Project) -> None:
    app = open_screen("compare", benched)
    assert not app.exception
    assert "Best: **SimCLR**" in said(app)
    assert "Against frozen ImageNet features: 1 of 4 above (SimCLR); 3 of 4 below" in said(app)
    assert "Against random weights: 3 of 4 above" in said(app)


def test_what_does_best_without_any_training_is_said_before_the_best_training(
    open_screen: OpenScreen, embedded: Project
) -> None:
    results = canned()
    results["rows"] = [one for one in results["rows"] if one["method"] != "simclr"]  # which alone was above ImageNet
    save_results(embedded, "canned", results)
    app = open_screen("compare", embedded)
    assert "Best so far without any training: **frozen ImageNet** with 0.507" in said(app)
    assert "Of the trainings: **MoCo v2** with 0.497" in said(app)


def test_priors_are_named_in_words_and_differences_with_a_minus(open_screen: OpenScreen, embedded: Project) -> None:
    results, folds = canned(), ("all", "disjoint")
    results["settings"]["priors"] = ["augmentation", "same_patient"]
    results["rows"].append(row(0.5, folds, "simclr", "same_patient"))
    save_results(embedded, "canned", results)
    assert "**SimCLR · same patient** against augmentation: −8.0 (−8.0 to −8.0) points, below." in said(
        open_screen("compare", embedded)
    )


def test_the_table_lists_every_row_best_first(open_screen: OpenScreen, benched: Project) -> None:
    table = open_screen("compare", benched).dataframe[0].value
    assert list(table["method"])[:3] == ["SimCLR", "frozen ImageNet, not trained", "MoCo v2"]
    assert list(table["score"]) == sorted(table["score"], reverse=True)


def test_what_was_left_out_is_said_with_its_reason(open_screen: OpenScreen, benched: Project) -> None:
    assert "**mae · same_group:patient · nano**: No." in said(open_screen("compare", benched))


def test_leakage_is_drawn_where_there_are_groups_alone(open_screen: OpenScreen, benched: Project) -> None:
    assert len(open_screen("compare", benched).get("plotly_chart")) == 4
    save_results(benched, "canned", canned(group=""))
    assert len(open_screen("compare", benched).get("plotly_chart")) == 3


@pytest.mark.parametrize("name", ["none.csv", ""])
def test_a_bench_on_a_truth_that_is_not_there_is_refused_in_a_sentence(
    name: str, open_screen: OpenScreen, project: Project
) -> None:
    app = open_screen("compare", project)
    app.text_input(key="bench-truth").set_value(str(project.root / name))
    next(button for button in app.button if button.label == "Start the benchmark").click()
    app.run()
    assert not app.exception
    assert f"There is no file “{project.root / name}”" in " ".join(one.value for one in app.warning).replace(
        "\\", ""
    )  # Markdown


def test_beside_the_benches_there_is_a_new_one(open_screen: OpenScreen, benched: Project) -> None:
    app = open_screen("compare", benched)
    app.selectbox[0].select("New benchmark …")
    app.run()
    assert not app.exception
    assert "Start the benchmark" in [button.label for button in app.button]
    app.selectbox[0].select("canned")
    app.run()
    assert "Best: **SimCLR**" in said(app)

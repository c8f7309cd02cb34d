"""The Quality screen: the truth and that it stays out of the labels, enough labels, labels put aside, agreement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.parts.settling import confirm
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project

OpenScreen = Callable[..., AppTest]


@pytest.fixture
def truth(labelled: Project, tmp_path: Path) -> Path:
    """The three groups of the toy embedding, which it separates without an error."""
    paths = read_table(labelled).paths
    path = tmp_path / "truth.csv"
    pd.DataFrame({"path": paths, "label": ["abc"[row % 3] for row in range(len(paths))]}).to_csv(path, index=False)
    return path


def show(app: AppTest, view: str) -> AppTest:
    return app.button_group(key="quality-view").set_value(view).run()


def compare(app: AppTest, truth: Path) -> AppTest:
    app = show(app, "How good")
    app.text_input(key="truth-path").set_value(str(truth))
    next(button for button in app.button if button.label == "Compare").click()
    return app.run()


def shown(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.caption)) + " ".join(
        str(one.proto.body) for one in app.get("html")
    )


def test_without_labels_the_screen_leads_to_labelling(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("quality", project)
    assert not app.exception
    assert "Label images" in [button.label for button in app.button]


def test_answers_that_equal_the_truth_score_one_hundred_percent(
    open_screen: OpenScreen, labelled: Project, truth: Path
) -> None:
    app = compare(open_screen("quality", labelled), truth)
    assert not app.exception
    assert "100.0%" in shown(app)
    assert "3 images labelled by hand left out" in shown(app)


def test_the_truth_never_becomes_a_label(open_screen: OpenScreen, labelled: Project, truth: Path) -> None:
    before = LabelStore(labelled).version()
    compare(open_screen("quality", labelled), truth)
    assert LabelStore(labelled).version() == before


def test_a_truth_file_that_does_not_exist_is_said_in_a_sentence(
    open_screen: OpenScreen, labelled: Project, tmp_path: Path
) -> None:
    app = compare(open_screen("quality", labelled), tmp_path / "none.csv")
    assert not app.exception
    assert "none.csv" in " ".join(one.value for one in app.warning)


@pytest.fixture
def many_labels(labelled: Project) -> Project:
    """Ten labels of each of the three groups, one of them wrong; ben names the first six images, one otherwise."""
    store, ids = LabelStore(labelled), read_table(labelled).ids
    classes = [one.id for one in store.classes()]
    for row in range(30):
        store.label([ids[row]], classes[(row + (row == 10)) % 3], "ana", "key")
    for row in range(6):
        store.label([ids[row]], classes[(row + (row == 4)) % 3], "ben", "key")
    return labelled


def test_with_few_labels_it_is_too_early_to_tell(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("quality", labelled)
    assert not app.exception
    assert "A learning curve needs at least 12 labels" in shown(app)


def test_groups_that_lie_apart_have_labels_enough(open_screen: OpenScreen, many_labels: Project) -> None:
    app = open_screen("quality", many_labels)
    assert not app.exception
    assert [one.value for one in app.header][:1] in (["You may stop"], ["Not sure yet"])
    assert "20 more labels will likely add" in shown(app)


def test_without_a_truth_the_labels_are_scored_by_one_another(open_screen: OpenScreen, many_labels: Project) -> None:
    app = show(open_screen("quality", many_labels), "How good")
    assert not app.exception
    assert "labels put aside" in shown(app)
    assert "Guessing would be right in 33%" in shown(app)


def test_two_people_see_how_far_they_agree_and_settle_what_they_do_not(
    open_screen: OpenScreen, many_labels: Project
) -> None:
    app = show(open_screen("quality", many_labels), "Agreement")
    assert not app.exception
    assert "Cohen’s kappa" in shown(app)
    assert "To settle: 1" in shown(app)
    assert confirm(many_labels, [read_table(many_labels).ids[4]], "conflicts") == "Confirmed 1 label."
    assert "Nobody contradicts anybody any more" in shown(app.run())


def test_your_labelling_tells_the_speed_of_each_way_and_of_each_person(
    open_screen: OpenScreen, many_labels: Project
) -> None:
    store, ids = LabelStore(many_labels), read_table(many_labels).ids
    store.label(list(ids[30:34]), store.classes()[0].id, "ben", "lasso")
    app = show(open_screen("quality", many_labels), "Your labelling")
    assert not app.exception
    assert "by key, one by one" in shown(app)
    assert "by lasso" in shown(app)
    assert "by the last 20 labels" in shown(app)
    assert "No audit has been finished" in shown(app)
    assert app.dataframe[0].value["who"].tolist() == ["ben", "ana"]
    app.button_group(key="effort-of").set_value("ana").run()
    assert not app.exception
    assert "by lasso" not in shown(app)


def test_the_view_of_quality_stands_in_the_address(open_screen: OpenScreen, many_labels: Project) -> None:
    app = open_screen("quality", many_labels, **{"quality-view": "Your labelling"})
    assert "Sessions" in shown(app)

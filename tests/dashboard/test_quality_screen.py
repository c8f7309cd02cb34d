"""The Quality screen: the comparison with a truth file, and that the truth stays out of the labels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

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


def compare(app: AppTest, truth: Path) -> AppTest:
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

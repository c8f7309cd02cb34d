"""The Export screen: formats, what is written, and labels brought back in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

from engine.labels.store import LabelStore
from engine.project import Project

OpenScreen = Callable[..., AppTest]


def click(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


def test_without_labels_the_screen_leads_to_labelling(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("export", project)
    assert not app.exception
    assert "Label images" in [button.label for button in app.button]


def test_export_writes_every_label_to_the_projects_own_folder(open_screen: OpenScreen, labelled: Project) -> None:
    app = click(open_screen("export", labelled), "Export")
    assert not app.exception
    written = pd.read_csv(labelled.exports_folder / "labels.csv")
    assert sorted(written["class"]) == ["a", "b", "c"]
    assert "3 images written" in app.success[0].value


def test_a_format_is_chosen_by_its_card(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("export", labelled)
    app.button(key="export-choose-json").click().run()
    click(app, "Export")
    assert (labelled.exports_folder / "labels.json").exists()


def test_a_target_outside_the_allowed_folders_is_refused(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("export", labelled)
    target = next(one for one in app.text_input if one.label == "Write to")
    target.set_value("/proc/labels.csv")
    click(app, "Export")
    assert not app.exception
    assert "/proc/labels.csv" in app.warning[0].value


def test_an_exported_table_brings_the_same_labels_back(
    open_screen: OpenScreen, labelled: Project, tmp_path: Path
) -> None:
    store = LabelStore(labelled)
    before = store.current().set_index("image")["class"]
    app = click(open_screen("export", labelled), "Export")
    table = (labelled.exports_folder / "labels.csv").rename(tmp_path / "labels.csv")
    store.clear(list(before.index), "ana")
    app.text_input(key="import-path").set_value(str(table))
    click(app, "Import")
    assert not app.exception
    after = store.current().set_index("image")["class"]
    assert after.sort_index().equals(before.sort_index())

"""Explore keeps a selection under a name, brings it back, and forgets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.map import MapEvent
from engine.geometry.atlas import make_map
from engine.images.table import read_table
from engine.labels.selections import save_selection, selections
from engine.project import Project

OpenScreen = Callable[..., AppTest]
CHOSEN = np.array([3, 5, 8])


@pytest.fixture
def shown(embedded: Project, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the map was last told is selected; `embedded` has a map from now on."""
    make_map(embedded, "toy", "pca")
    told: list[Any] = []

    def draw(*_: object, selected: Any, **__: object) -> None:
        told[:] = [selected.tolist()]

    monkeypatch.setattr("dashboard.components.map.scatter_map", draw)
    return told


def press(app: AppTest, key: str) -> AppTest:
    return next(button for button in app.button if str(button.key).startswith(key)).click().run()


def test_the_selection_is_kept_under_a_name_for_whoever_opens_the_project(
    open_screen: OpenScreen, embedded: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_map(embedded, "toy", "pca")
    drawn = []

    def draw(*_: object, on_event: Callable[[MapEvent], None], **__: object) -> None:
        if not drawn:
            on_event(MapEvent("select", CHOSEN))  # as if somebody had drawn around three images
        drawn.append(True)

    monkeypatch.setattr("dashboard.components.map.scatter_map", draw)
    app = open_screen("explore", embedded).run()
    next(field for field in app.text_input if field.label.startswith("Name for")).set_value("odd nuclei")
    press(app, "FormSubmitter:keep-selection")
    assert not app.exception
    (kept,) = selections(embedded)
    assert (kept.name, kept.rows(read_table(embedded)).tolist()) == ("odd nuclei", CHOSEN.tolist())


def test_a_kept_selection_is_selected_again(open_screen: OpenScreen, embedded: Project, shown: list[Any]) -> None:
    save_selection(embedded, "some", read_table(embedded).ids[CHOSEN], "ben")
    app = open_screen("explore", embedded)
    assert shown == [[]]
    app = press(app, "select-some")
    assert not app.exception
    assert shown == [CHOSEN.tolist()]


def test_a_forgotten_selection_is_offered_no_more(open_screen: OpenScreen, embedded: Project, shown: list[Any]) -> None:
    save_selection(embedded, "some", ["i"], "ben")
    app = press(open_screen("explore", embedded), "forget-some")
    assert not app.exception
    assert selections(embedded) == []
    assert not [button for button in app.button if button.key == "select-some"]

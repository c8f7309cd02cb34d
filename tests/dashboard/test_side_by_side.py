"""Two embeddings side by side share one selection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.map import MapEvent
from engine.embeddings import load_embedding, save_embedding
from engine.geometry.atlas import make_map
from engine.geometry.neighbours import build_neighbours
from engine.project import Project

OpenScreen = Callable[..., AppTest]
CHOSEN = np.array([3, 5, 8])


@pytest.fixture
def two(embedded: Project) -> Project:
    """The toy embedding and another, each with a map."""
    toy = load_embedding(embedded, "toy")
    about = {"images": toy.about["images"], "created": "2026-01-02T00:00:00+00:00"}
    save_embedding(embedded, "other", toy.vectors[:, ::-1], list(toy.ids), about)
    build_neighbours(embedded, "other")
    for name in ("toy", "other"):
        make_map(embedded, name, "pca")
    return embedded


def beside(app: AppTest) -> AppTest:
    app.session_state["compare-part"] = "Two embeddings side by side"
    return app.run()


def test_what_is_drawn_around_in_one_map_is_selected_in_the_other_and_shown_below(
    open_screen: OpenScreen, two: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps: dict[str, Any] = {}
    grids: list[Any] = []

    def draw(project: Project, table: object, url: str, paint: object, *, key: str, **options: Any) -> None:
        side = key.split("-")[1]
        if not maps:
            options["on_event"](MapEvent("select", CHOSEN))  # in the left one, before the right one is drawn
        maps[side] = options["selected"]

    monkeypatch.setattr("dashboard.parts.side_by_side.scatter_map", draw)
    monkeypatch.setattr("dashboard.parts.side_by_side.image_grid", lambda *words, **_: grids.append(words[2]))
    app = beside(open_screen("compare", two))
    assert not app.exception
    assert list(maps["right"]) == list(CHOSEN)
    assert list(grids[-1]) == list(CHOSEN)


def test_an_embedding_without_a_map_is_offered_one(open_screen: OpenScreen, two: Project) -> None:
    toy = load_embedding(two, "toy")
    about = {"images": toy.about["images"], "created": "2026-01-03T00:00:00+00:00"}
    save_embedding(two, "bare", toy.vectors, list(toy.ids), about)
    app = beside(open_screen("compare", two))
    app.selectbox(key="choose-right").select("bare")
    app.run()
    assert not app.exception
    assert "Make the map" in [button.label for button in app.button]


def test_the_address_holds_both_sides_also_where_nothing_was_chosen(open_screen: OpenScreen, two: Project) -> None:
    app = beside(open_screen("compare", two, embedding="toy"))
    assert (app.query_params["beside-left"], app.query_params["beside-right"]) == ("toy", "other")
    app.selectbox(key="choose-left").select("other").run()
    assert (app.query_params["beside-left"], app.query_params["beside-right"]) == ("other", "other")


def test_an_address_restores_both_sides(open_screen: OpenScreen, two: Project) -> None:
    asked = {"compare-part": "Two embeddings side by side", "beside-left": "toy", "beside-right": "toy"}
    app = open_screen("compare", two, **asked)
    assert (app.selectbox(key="choose-left").value, app.selectbox(key="choose-right").value) == ("toy", "toy")


def test_one_embedding_leads_to_training(open_screen: OpenScreen, embedded: Project) -> None:
    app = beside(open_screen("compare", embedded))
    assert not app.exception
    assert "Train" in [button.label for button in app.button]

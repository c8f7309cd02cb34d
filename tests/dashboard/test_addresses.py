"""The address: what it restores, what it says where it is stale, and whose name it leaves out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.embeddings import load_embedding
from engine.files import write_array, write_json
from engine.images.linked import link_selection
from engine.images.table import read_table
from engine.project import Project

OpenScreen = Callable[..., AppTest]


@pytest.fixture
def mapped(labelled: Project) -> Project:
    """The labelled project with a map."""
    folder = labelled.map_folder("toy", "umap")
    write_array(folder / "points.npy", np.zeros((len(read_table(labelled)), 2), np.float32))
    write_json(folder / "about.json", {"embedding": load_embedding(labelled, "toy").fingerprint})
    return labelled


def toasts(app: AppTest) -> str:
    return " ".join(one.value for one in app.toast)


@pytest.mark.parametrize("count", [3, 40])
def test_the_address_restores_the_selection_and_the_colouring(
    open_screen: OpenScreen, mapped: Project, count: int
) -> None:
    chosen = read_table(mapped).ids[:count]
    link = link_selection(mapped, list(chosen))
    app = open_screen("explore", mapped, selection=link, colour="patient", embedding="toy")
    assert not app.exception
    assert app.session_state["selected rows"][1].tolist() == list(range(count))
    assert next(one for one in app.selectbox if one.label == "Colour by").value == "patient"
    assert not toasts(app)


def test_a_choice_of_colours_stands_in_the_address_on_every_screen(open_screen: OpenScreen, mapped: Project) -> None:
    app = open_screen("explore", mapped)
    next(one for one in app.selectbox if one.label == "Colour by").set_value("patient").run()
    assert app.query_params["colour"] == "patient"
    app.switch_page("screens/jobs.py").run()
    assert app.query_params["colour"] == "patient"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"selection": "k0123456789abcdef"}, "Nothing is selected"),
        ({"selection": "0123456789ab"}, "Nothing is selected"),
        ({"embedding": "gone"}, "has no embedding “gone”"),
        ({"colour": "moon"}, "colours by “moon”"),
    ],
)
def test_a_stale_address_says_so_and_shows_the_usual(
    open_screen: OpenScreen, mapped: Project, address: dict[str, str], said: str
) -> None:
    app = open_screen("explore", mapped, **address)
    assert not app.exception
    assert said in toasts(app)
    assert app.title[0].value == "Explore"
    name = next(iter(address))
    assert app.query_params.get(name) != address[name]


def test_review_opens_the_view_and_the_class_of_the_address(open_screen: OpenScreen, mapped: Project) -> None:
    app = open_screen("review", mapped, **{"review-view": "Suspects"})
    assert app.button_group(key="review-view").value == "Suspects"
    app = open_screen("review", mapped, **{"class": "b"})
    assert app.session_state["class"] == "b"
    app = open_screen("review", mapped, **{"class": "moon", "review-view": "Moon"})
    assert "no class “moon”" in toasts(app)
    assert "asks for “Moon”" in toasts(app)


def test_a_name_in_the_address_signs_and_leaves_the_address(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("label", labelled, who="Ann")
    assert "who" not in app.query_params
    assert app.session_state["who"] == "Ann"
    assert "Who is labelling?" not in " ".join(one.value for one in app.markdown)
    assert app.query_params["project"] == str(labelled.root)


def test_a_browser_that_knows_the_name_is_not_asked_again(
    open_screen: OpenScreen, labelled: Project, cookies: dict[str, str]
) -> None:
    asked = "**Who is labelling?** The name stands beside every label from now on."
    assert asked in [one.value for one in open_screen("label", labelled).markdown]
    cookies["handful-who"] = "Dr%20Ann"
    app = open_screen("label", labelled)
    assert asked not in [one.value for one in app.markdown]
    assert next(one for one in app.text_input if one.label == "Labels are signed").value == "Dr Ann"


def test_an_address_from_before_a_change_does_not_undo_it(open_screen: OpenScreen, mapped: Project) -> None:
    app = open_screen("explore", mapped, colour="patient")
    next(one for one in app.selectbox if one.label == "Colour by").set_value("Label").run()
    app.query_params["colour"] = "patient"  # as a browser sends it that has not heard of the change yet
    assert app.run().query_params["colour"] == "Label"

"""The Few-shot demo: what it needs, what an episode shows, how it is repeated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.parts.episode_form import method_titles
from dashboard.parts.method_ideas import IDEAS
from engine.classify import CLASSIFIERS
from engine.evaluate.classroom import Wish
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from engine.propagate import PROPAGATIONS

OpenScreen = Callable[..., AppTest]


@pytest.fixture
def taught(labelled: Project) -> Project:
    """Ten labels in each of the three groups."""
    ids, store = read_table(labelled).ids, LabelStore(labelled)
    for place, one in enumerate(store.classes()):
        store.label(list(ids[place:30:3]), one.id, "ana", "key")
    return labelled


def drawn(app: AppTest) -> str:
    return " ".join(one.proto.body for one in app.get("html"))


def test_without_labels_it_says_what_to_do(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("few_shot", labelled)
    assert not app.exception
    assert "An episode needs at least two classes" in [one.value for one in app.header]
    assert "0 of 3 have as many" in " ".join(one.value for one in app.markdown)


def test_an_episode_shows_support_queries_answers_and_the_idea(open_screen: OpenScreen, taught: Project) -> None:
    app = open_screen("few_shot", taught)
    assert not app.exception
    page = drawn(app)
    assert "27 of 27 right" in page  # 3 classes, 1 labelled, the 9 others asked, and the groups are tight
    assert page.count("<figure class='right'>") == 27 and page.count("<figure class='wrong'>") == 0
    assert "Average what was labelled of each class" in page


def test_the_next_episode_is_another_draw_and_stands_in_the_address(open_screen: OpenScreen, taught: Project) -> None:
    app = open_screen("few_shot", taught)
    first = drawn(app)
    app.button(key="episode-next").click().run()
    assert Wish.from_text(str(app.query_params["episode"])).seed == 2
    assert drawn(app) != first
    app.number_input(key="episode-seed-2").set_value(1).run()
    assert drawn(app) == first


def test_an_address_opens_its_episode(open_screen: OpenScreen, taught: Project) -> None:
    app = open_screen("few_shot", taught)
    app.query_params["episode"] = Wish(ways=2, shots=3, queries=5, seed=9, method="spread").as_text()
    app.run()
    assert drawn(app).count("<div class='row'") == 2 and "10 of 10 right" in drawn(app)


def test_methods_are_compared_over_the_same_episodes(open_screen: OpenScreen, taught: Project) -> None:
    app = open_screen("few_shot", taught)
    app.button_group(key="compare-methods").set_value(["prototype", "matching"])
    app.selectbox(key="compare-count").set_value(100).run()
    app.button(key="compare-play").click().run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 2
    assert "95% interval" in " ".join(one.value for one in app.caption)


def test_a_table_that_is_not_there_is_said_in_a_sentence(
    open_screen: OpenScreen, taught: Project, tmp_path: Path
) -> None:
    app = open_screen("few_shot", taught)
    app.segmented_control(key="episode-source").set_value("A table").run()
    app.text_input(key="episode-truth").set_value(str(tmp_path / "none.csv")).run()
    assert not app.exception
    assert "none.csv" in " ".join(one.value for one in app.warning)


def test_every_method_can_be_chosen_and_has_its_idea() -> None:
    names = {*CLASSIFIERS, *PROPAGATIONS}
    assert set(method_titles()) == names
    assert set(IDEAS) == names

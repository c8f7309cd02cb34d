"""The Label screen: what stands on it, and that what the stage sends is on disk at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.parts.label_events import class_events, stage_events
from engine.errors import ClassExists, UnknownClass
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.labels.suggest import STRATEGIES
from engine.project import Project

OpenScreen = Callable[..., AppTest]


def press(project: Project, *events: dict[str, Any], who: str = "ana") -> None:
    commit = stage_events(project, "typiclust", who)
    for number, event in enumerate(events):
        commit({"stamp": f"test:{number}", **event})


def key(image: str, class_id: int) -> dict[str, Any]:
    return {"kind": "label", "image": image, "class": class_id, "how": "key"}


def headings(app: AppTest) -> list[str]:
    return [one.value for one in (*app.title, *app.header)]


def test_without_an_embedding_the_screen_offers_to_make_one(open_screen: OpenScreen, project: Project) -> None:
    app = open_screen("label", project)
    assert not app.exception
    assert "Look at them now" in [button.label for button in app.button]


def test_without_classes_the_screen_asks_for_the_first_two(open_screen: OpenScreen, embedded: Project) -> None:
    app = open_screen("label", embedded)
    assert not app.exception
    assert "What do you want to tell apart?" in headings(app)


def test_with_classes_the_screen_offers_every_strategy_the_automatic_one_first(
    open_screen: OpenScreen, labelled: Project
) -> None:
    app = open_screen("label", labelled)
    assert not app.exception
    strategy = app.selectbox(key="label-strategy")
    assert (len(strategy.options), strategy.options[0], strategy.value) == (len(STRATEGIES), "Automatic", "auto")


def test_another_strategy_is_one_choice_away(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("label", labelled)
    app.selectbox(key="label-strategy").set_value("rare_class").run()
    assert not app.exception
    film = app.session_state["note:film"]
    assert film.chosen[2] == "rare_class"
    assert any("unlike all labelled" in shot.reason for shot in film.shots.values())


def test_who_labels_is_asked_once(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("label", labelled)
    assert [button.label for button in app.button].count("That is me") == 1
    next(one for one in app.text_input if one.label == "Your name").set_value("Ana")
    next(button for button in app.button if button.label == "That is me").click().run()
    assert "That is me" not in [button.label for button in app.button]
    assert next(one for one in app.text_input if one.label == "Labels are signed").value == "Ana"
    assert "who" not in app.query_params  # an address is passed on, a name is not


def test_a_key_writes_a_label_with_who_how_and_the_strategy(labelled: Project) -> None:
    image = read_table(labelled).ids[10]
    press(labelled, key(image, LabelStore(labelled).class_named("b").id), who="ben")
    last = LabelStore(labelled).history(limit=1, image=image).iloc[0]
    assert (last["class"], last["who"], last["how"], last["detail"]["strategy"]) == ("b", "ben", "key", "typiclust")


def test_undo_takes_back_the_last_key_and_then_the_one_before(labelled: Project) -> None:
    first, second = read_table(labelled).ids[10:12]
    b = LabelStore(labelled).class_named("b").id
    press(labelled, key(first, b), key(second, b), {"kind": "undo"})
    assert {first, second} & set(LabelStore(labelled).current()["image"]) == {first}
    press(labelled, {"kind": "undo"})
    assert not {first, second} & set(LabelStore(labelled).current()["image"])


def test_a_skipped_image_is_kept_as_skipped(labelled: Project) -> None:
    image = read_table(labelled).ids[10]
    press(labelled, {"kind": "skip", "image": image})
    assert LabelStore(labelled).skipped() == [image]


def test_a_key_of_a_class_deleted_in_another_browser_is_refused(labelled: Project) -> None:
    store = LabelStore(labelled)
    gone = store.class_named("c").id
    store.delete_class(gone, "ben")
    with pytest.raises(UnknownClass):
        press(labelled, key(read_table(labelled).ids[10], gone))


def test_merging_moves_the_labels_and_undoing_brings_them_back(labelled: Project) -> None:
    store = LabelStore(labelled)
    a, b = store.class_named("a").id, store.class_named("b").id
    class_events(labelled, "ana")({"kind": "merge", "class": a, "into": b})
    assert store.current()["class"].tolist() == ["b", "b", "c"]
    press(labelled, {"kind": "undo"})
    assert store.current()["class"].tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ({"kind": "add", "name": "d"}, ["a", "b", "c", "d"]),
        ({"kind": "rename", "name": "z"}, ["z", "b", "c"]),
        ({"kind": "delete"}, ["b", "c"]),
    ],
)
def test_the_class_editor_changes_the_classes(labelled: Project, event: dict[str, Any], names: list[str]) -> None:
    store = LabelStore(labelled)
    class_events(labelled, "ana")({"class": store.class_named("a").id, **event})
    assert [one.name for one in store.classes()] == names


def test_recolouring_changes_the_colour_only(labelled: Project) -> None:
    store = LabelStore(labelled)
    class_events(labelled, "ana")({"kind": "recolour", "class": store.class_named("a").id, "colour": "#332288"})
    assert store.class_named("a").colour == "#332288"


def test_a_second_class_of_one_name_is_refused(labelled: Project) -> None:
    with pytest.raises(ClassExists):
        class_events(labelled, "ana")({"kind": "add", "name": "a"})

"""The Review screen: counts by class, accepting, undoing, relabelling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from dashboard import links
from dashboard.components.grid import GridEvent
from dashboard.parts.label_events import grid_events
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project

OpenScreen = Callable[..., AppTest]


def labels_of_buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_without_labels_of_two_classes_the_screen_leads_to_labelling(
    open_screen: OpenScreen, embedded: Project
) -> None:
    app = open_screen("review", embedded)
    assert not app.exception
    assert "Label images" in labels_of_buttons(app)


def test_accepting_all_that_is_sure_is_one_step_that_undoes(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("review", labelled)
    assert not app.exception
    sure = next(button for button in app.button if button.label.startswith("Accept") and "sure" in button.label)
    sure.click().run()
    accepted = LabelStore(labelled).current()["how"] == "accepted"
    assert sure.label == f"Accept {accepted.sum()} sure images"
    assert accepted.sum() > 0
    next(button for button in app.button if button.label == "Undo").click().run()
    assert LabelStore(labelled).current()["how"].tolist() == ["key"] * 3


def test_raising_the_threshold_never_offers_more(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("review", labelled)
    offered = []
    for threshold in (0.3, 0.9, 0.99):
        app.slider(key="review-threshold").set_value(threshold).run()
        button = next(one.label for one in app.button if "accept" in one.label.lower() and "selected" not in one.label)
        offered.append(0 if button.startswith("None") else int(button.split()[1]))
    assert offered == sorted(offered, reverse=True)
    assert offered[0] == len(read_table(labelled)) - 3


def test_a_key_in_the_grid_relabels_the_selection_as_reviewed(labelled: Project) -> None:
    store, rows = LabelStore(labelled), np.asarray([10, 11, 12])
    grid_events(labelled, "ben")(GridEvent("label", rows, store.class_named("c").id))
    given = store.current().set_index("image").loc[list(read_table(labelled).ids[rows])]
    assert given[["class", "how", "who"]].to_numpy().tolist() == [["c", "reviewed", "ben"]] * 3
    grid_events(labelled, "ben")(GridEvent("undo", rows[:0]))
    assert len(store.current()) == 3


def agree_button(app: AppTest) -> Any:
    return next(button for button in app.button if button.label.startswith("Agree to"))


def test_agreeing_to_all_of_a_class_is_one_button_and_one_undo(open_screen: OpenScreen, labelled: Project) -> None:
    app = open_screen("review", labelled)
    assert agree_button(app).label == f"Agree to all {len(read_table(labelled)) - 3}"
    rail = f"rail-{links.project_key(labelled)}"
    app.session_state[rail] = {"chosen": LabelStore(labelled).class_named("b").id}
    app.run()
    label = agree_button(app).label
    agree_button(app).click().run()
    current = LabelStore(labelled).current()
    accepted = current[current["how"] == "accepted"]
    assert label == f"Agree to all {len(accepted)}"
    assert set(accepted["class"]) == {"b"}
    next(button for button in app.button if button.label == "Undo").click().run()
    assert len(LabelStore(labelled).current()) == 3


def test_the_discordant_view_shows_what_is_contradicted_or_says_that_nothing_is(
    open_screen: OpenScreen, labelled: Project
) -> None:
    app = open_screen("review", labelled)
    app.segmented_control(key="review-view").set_value("Discordant").run()
    assert not app.exception
    assert "No answer is contradicted" in [one.value for one in app.header]
    store, ids = LabelStore(labelled), read_table(labelled).ids
    a = store.class_named("a").id
    store.label(list(ids[[10, 13, 16, 19]]), a, "ben", "key")  # of the group of b: two kinds of label in one crowd
    app.run()
    assert not app.exception
    assert any("contradicted" in one.value for one in app.markdown)
    assert agree_button(app).label.startswith("Agree to all")

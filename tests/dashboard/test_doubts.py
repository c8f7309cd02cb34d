"""Suspects, None of these and the lasso guard: what is shown, what a key or a button does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import checks
from dashboard.components.grid import GridEvent
from dashboard.parts.settling import settle
from engine.evaluate.support import read_support
from engine.evaluate.suspects import find_suspects
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project

OpenScreen = Callable[..., AppTest]


@pytest.fixture
def many_labels(labelled: Project) -> Project:
    """Eleven labels of each of two groups, none of the third; image 9 of the first group is labelled as the second."""
    store, ids = LabelStore(labelled), read_table(labelled).ids
    classes = [one.id for one in store.classes()]
    for row in range(33):
        if row % 3 == 2:
            store.clear([ids[row]], "ana")
        else:
            store.label([ids[row]], classes[1 if row == 9 else row % 3], "ana", "key")
    return labelled


def view(app: AppTest, name: str) -> AppTest:
    return app.button_group(key="review-view").set_value(name).run()


def told(app: AppTest) -> str:
    return " ".join(one.value for one in (*app.markdown, *app.header))


def in_doubt(project: Project) -> list[str]:
    store = LabelStore(project)
    return [one.id for one in find_suspects(read_support(project, "toy"), store.confirmed()).suspects]


def test_a_wrong_label_is_listed_as_suspect(open_screen: OpenScreen, many_labels: Project) -> None:
    app = view(open_screen("review", many_labels), "Suspects")
    assert not app.exception
    assert "contradicted by the others" in told(app)
    assert in_doubt(many_labels)[0] == read_table(many_labels).ids[9]


def test_the_key_of_its_own_class_confirms_a_suspect_and_undo_brings_it_back(many_labels: Project) -> None:
    store, rows = LabelStore(many_labels), np.asarray([9])
    settle(many_labels, "ben", "suspects")(GridEvent("label", rows, store.class_named("b").id))
    assert read_table(many_labels).ids[9] not in in_doubt(many_labels)
    settle(many_labels, "ben", "suspects")(GridEvent("undo", rows[:0]))
    assert read_table(many_labels).ids[9] in in_doubt(many_labels)


def test_the_group_without_labels_is_none_of_these_and_becomes_a_class(
    open_screen: OpenScreen, many_labels: Project
) -> None:
    app = view(open_screen("review", many_labels), "None of these")
    assert not app.exception
    assert "unlike every labelled one" in told(app)
    found = checks.new_classes(many_labels, "toy")
    assert set(np.flatnonzero(np.isin(read_table(many_labels).ids, found.ids[found.groups[0]])) % 3) == {2}
    store = LabelStore(many_labels)
    store.label_as(list(found.ids[found.groups[0]]), "mitosis", "ana", "grid")
    assert store.class_named("mitosis").name == "mitosis"
    store.undo("ana")  # one act: the class goes with its labels
    assert [one.name for one in store.classes()] == ["a", "b", "c"]


def test_what_a_lasso_caught_of_another_group_comes_first(embedded: Project) -> None:
    rows = np.asarray([0, 3, 6, 9, 12, 15, 1])
    found = checks.cohesion(embedded, "toy", rows)
    assert found is not None
    assert rows[found.order][0] == 1
    assert found.sentence == "6 of 7 belong together; 1 does not: shown first"

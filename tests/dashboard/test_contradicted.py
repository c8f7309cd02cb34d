"""What a person hears of labels that contradict theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from streamlit.testing.v1 import AppTest

from dashboard.parts.contradicted import told
from engine.images.table import read_table
from engine.labels.contradictions import Contradiction
from engine.labels.store import LabelStore
from engine.project import Project

OpenScreen = Callable[..., AppTest]


def minutes_ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def test_one_image_is_told_with_both_names_and_classes() -> None:
    one = Contradiction("i", "Ann", "tumour", minutes_ago(3), "Ben", "stroma")
    files = {"i": "slide.png"}
    assert told([one], "Ben", files) == [
        "**Ann** labelled slide.png “tumour” 3 min ago; your “stroma” counts now. "
        "Both stay in the log: Quality → Agreement."
    ]
    assert told([one], "Ann", files) == [
        "**Ben** calls slide.png “stroma”, which you had labelled “tumour”; that counts now. "
        "Both stay in the log: Quality → Agreement."
    ]
    assert told([one], "Cem", files) == []


def test_many_images_are_counted_for_each_person() -> None:
    some = [Contradiction(str(number), "Ann", "a", minutes_ago(1), "Ben", "b") for number in range(12)]
    assert [text[:66] for text in told(some, "Ben", {})] == [
        "**Ann** had labelled 12 of these images otherwise; yours count now"
    ]


def test_a_tab_hears_what_came_since_its_last_run_once(open_screen: OpenScreen, labelled: Project) -> None:
    store, image = LabelStore(labelled), read_table(labelled).ids[0]
    app = open_screen("jobs", labelled)
    app.session_state["who"] = "ana"
    assert not app.run().toast  # what was said before it opened is past
    store.label([image], store.class_named("b").id, "ben", "key")
    assert "**ben** calls" in app.run().toast[0].value
    assert not app.run().toast

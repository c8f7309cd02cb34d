"""Two people, one image: both labels stay, the later one counts, and both people can be told."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import LabelsUnreadable, NothingToUndo
from engine.labels import events
from engine.labels.contradictions import Contradiction
from engine.labels.store import LabelStore
from engine.project import Project


@pytest.fixture
def store(empty_project: Project) -> LabelStore:
    """The classes tumour (1) and stroma (2), added by ana."""
    store = LabelStore(empty_project)
    for name in ("tumour", "stroma"):
        store.add_class(name, "ana")
    return store


def told(store: LabelStore, since: int) -> list[tuple[str, str, str, str, str]]:
    return [(one.image, one.before, one.said, one.now, one.says) for one in store.contradictions(since)]


def test_a_second_opinion_is_told_and_both_labels_stay_in_the_log(store: LabelStore) -> None:
    since = store.label(["a"], 1, "ana", "key")
    when = store.current()["when"][0]
    store.label(["a"], 2, "ben", "key")
    assert store.contradictions(since) == [Contradiction("a", "ana", "tumour", when, "ben", "stroma")]
    assert store.history(image="a")["class"].tolist() == ["stroma", "tumour"]
    assert store.current()["class"].tolist() == ["stroma"]


def test_agreement_a_change_of_mind_and_a_cleared_label_contradict_nobody(store: LabelStore) -> None:
    since = store.version()
    store.label(["a", "b", "c"], 1, "ana", "key")
    store.label(["a"], 1, "ben", "key")  # says the same
    store.label(["b"], 2, "ana", "key")  # changes her mind
    store.clear(["c"], "ana")
    store.label(["c"], 2, "ben", "key")
    assert told(store, since) == []


def test_what_was_said_before_is_not_told_again(store: LabelStore) -> None:
    store.label(["a"], 1, "ana", "key")
    since = store.label(["a"], 2, "ben", "key")
    assert told(store, since) == []
    store.label(["a"], 1, "ana", "key")
    assert told(store, since) == [("a", "ben", "stroma", "ana", "tumour")]


def test_an_undone_label_contradicts_no_longer(store: LabelStore) -> None:
    since = store.label(["a"], 1, "ana", "key")
    store.label(["a"], 2, "ben", "key")
    store.undo("ben")
    assert told(store, since) == []
    assert store.current()["class"].tolist() == ["tumour"]


def test_who_settles_a_doubt_contradicts_nobody(store: LabelStore) -> None:
    since = store.label(["a"], 1, "ana", "key")
    store.confirm(["a"], [2], "ben")
    assert told(store, since) == []


def test_a_class_is_not_undone_under_the_labels_of_others(store: LabelStore) -> None:
    store.label(["a"], 2, "ben", "key")
    with pytest.raises(NothingToUndo, match="ben labelled images with since"):
        store.undo("ana")
    assert store.current()["class"].tolist() == ["stroma"]
    store.undo("ben")
    assert store.undo("ana") == "Undone: added the class “stroma”."


WRITER = """
import sys
from pathlib import Path
from engine.labels.store import LabelStore
from engine.project import open_project

store = LabelStore(open_project(Path(sys.argv[1])))
for number in range(int(sys.argv[3])):
    store.label([f"{number}"], 1 + (sys.argv[2] == "ben"), sys.argv[2], "key")
    store.version(), store.current()
"""


def test_two_processes_write_at_once_and_no_label_is_lost_or_refused(empty_project: Project, store: LabelStore) -> None:
    before, count = store.version(), 30
    command = [sys.executable, "-c", WRITER, str(empty_project.root)]
    writers = [
        subprocess.Popen([*command, who, str(count)], cwd=Path(__file__).parents[2], stderr=subprocess.PIPE)
        for who in ("ana", "ben")
    ]
    errors = [one.communicate()[1].decode() for one in writers]
    assert (errors, [one.returncode for one in writers]) == (["", ""], [0, 0])
    assert store.version() == before + 2 * count
    said = store.ratings()
    assert said.groupby("who")["image"].nunique().to_dict() == {"ana": count, "ben": count}


def test_a_log_that_stays_locked_is_told_in_words(
    empty_project: Project, store: LabelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PATIENCE", 0)
    impatient = LabelStore(empty_project)
    with sqlite3.connect(empty_project.labels_path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LabelsUnreadable, match="Another program has kept") as refused:
            impatient.label(["a"], 1, "ana", "key")
    assert "is locked" not in str(refused.value)
    assert store.current().empty

"""audit and --accept-error: nothing without an audit, all that it allows with one."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from engine.cli import app
from engine.errors import AuditOpen
from engine.labels.store import LabelStore
from engine.project import Project
from tests.labels.test_suggest import five_regions, regions

__all__ = ["five_regions"]  # the fixture

ANSWER = ("--embedding", "e", "--method", "prototype")


def say(*words: object) -> Any:
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    if done.exception:
        raise done.exception
    return json.loads(done.stdout)


@pytest.fixture
def labelled(five_regions: Project) -> Project:
    store = LabelStore(five_regions)
    for code, first in enumerate([0, 150, 270, 360, 420]):
        store.label([f"i{first}", f"i{first + 1}"], store.add_class(f"region {code}", "ada").id, "ada", "key")
    return five_regions


def test_without_an_audit_nothing_is_accepted_and_the_missing_labels_are_counted(labelled: Project) -> None:
    said = say("classify", labelled.root, *ANSWER, "--accept-error", 0.02)
    assert (said["accepted"], said["acceptance"]["missing"]) == (0, 149)
    assert "audit" in said["acceptance"]["sentence"] and said["answered"] == said["images"] == 450


def test_an_audit_is_drawn_labelled_one_by_one_and_accepted(labelled: Project) -> None:
    drawn = say("audit", labelled.root, *ANSWER, "--error", 0.2, "--who", "ada")
    assert (drawn["images"], drawn["missing"], len(drawn["queue"])) == (14, 14, 14)
    for one in drawn["queue"]:
        name = f"region {regions()[1][int(one['id'][1:])]}"
        last = say("audit", labelled.root, "--image", one["id"], "--class", name, "--who", "ada")
    assert (last["checked"], last["wrong"], last["acceptable"]) == (14, 0, 426)
    said = say("classify", labelled.root, *ANSWER, "--accept-error", 0.2, "--who", "ada")
    assert said["accepted"] == 426 and "at most 20%" in said["acceptance"]["promise"]
    assert (LabelStore(labelled).current()["how"] == "accepted").sum() == 426


def test_another_promise_than_the_audit_was_drawn_for_is_refused(labelled: Project) -> None:
    say("audit", labelled.root, *ANSWER, "--error", 0.2)
    with pytest.raises(AuditOpen, match=r"--accept-error 0\.2"):
        say("classify", labelled.root, *ANSWER, "--accept-error", 0.1)
    assert say("audit", labelled.root, "--close")["state"] == "closed"


def test_labels_of_an_audit_come_from_a_table_and_others_in_it_are_left_alone(labelled: Project) -> None:
    drawn = say("audit", labelled.root, *ANSWER, "--error", 0.2)
    paths = [one["path"] for one in drawn["queue"]]
    assert all(paths)
    table = labelled.root.parent / "checked.csv"
    pd.DataFrame({"path": [*paths, "other.png"], "label": "region 0"}).to_csv(table, index=False)
    assert say("audit", labelled.root, "--from", table)["missing"] == 0

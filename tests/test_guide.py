"""The guided first run: what is done is read from the project; what cannot be read is ticked, and kept."""

from __future__ import annotations

import numpy as np
import pytest

from engine import guide
from engine.embeddings import save_embedding
from engine.export import export
from engine.export.target import default_target
from engine.geometry.atlas import make_map
from engine.geometry.neighbours import build_neighbours
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.priors import PriorSpec
from engine.priors.choice import save_choice
from engine.project import Project


def done(project: Project) -> set[str]:
    steps = guide.guide_steps(project, guide.read_guide(project), LabelStore(project))
    return {one.name for one in steps if one.done}


def so_far(project: Project, name: str) -> str:
    steps = guide.guide_steps(project, guide.read_guide(project), LabelStore(project))
    return next(one.so_far for one in steps if one.name == name)


def test_nothing_is_done_in_a_fresh_project(project: Project) -> None:
    assert done(project) == set()
    assert guide.read_guide(project).state == guide.OFFERED


def test_a_chosen_prior_is_a_step_done(project: Project) -> None:
    save_choice(project, [PriorSpec("augmentation")])
    assert done(project) == {"prior"}


def test_labels_are_done_with_two_a_class_and_none_without(project: Project) -> None:
    store, ids = LabelStore(project), list(read_table(project).ids)
    one, two = store.add_class("one", "ana"), store.add_class("two", "ana")
    store.label(ids[:3], one.id, "ana", "key")
    assert so_far(project, "labels") == "3 of 4."
    store.label(ids[3:4], one.id, "ana", "key")
    assert so_far(project, "labels") == "Still none of two."
    assert done(project) == {"classes"}
    store.label(ids[4:5], two.id, "ana", "key")
    assert done(project) == {"classes", "labels"}


def test_accepted_answers_and_an_export_are_steps_done(project: Project) -> None:
    store, ids = LabelStore(project), list(read_table(project).ids)
    named = store.add_class("one", "ana")
    store.accept(ids[:1], [named.id], [0.9], "p", "ana")
    export(project, "csv", default_target(project, "csv"))
    assert done(project) == {"answers", "export"}


def test_an_embedding_with_neighbours_and_a_map_is_a_step_done_without_reading_the_table(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = list(read_table(project).ids)
    vectors = np.random.default_rng(0).normal(size=(len(ids), 4)).astype(np.float32)
    save_embedding(project, "toy", vectors, ids, {"images": "", "created": "2026-01-01T00:00:00+00:00"})
    build_neighbours(project, "toy")
    assert done(project) == set()
    make_map(project, "toy", "pca")

    def refuse(project: Project) -> None:
        raise AssertionError("the table is read")

    monkeypatch.setattr("engine.embeddings.read_table", refuse)
    assert done(project) == {"embedding"}


def test_looking_is_ticked_once_and_kept(project: Project) -> None:
    guide.tick(project, "data")
    guide.tick(project, "data")
    assert guide.read_guide(project).ticked == ("data",)
    assert done(project) == {"data"}


def test_put_aside_and_begun_again_it_keeps_its_place_and_its_beginning(project: Project) -> None:
    begun = guide.start_guide(project)
    guide.tick(project, "map")
    guide.pause_guide(project)
    assert guide.read_guide(project).state == guide.PAUSED
    again = guide.start_guide(project)
    assert (again.state, again.ticked, again.started) == (guide.RUNNING, ("map",), begun.started)


def test_the_time_taken_ends_with_the_last_step(project: Project) -> None:
    taken = guide.Guide(started="2026-01-01T10:00:00+00:00", ended="2026-01-01T10:08:30+00:00")
    assert guide.seconds_taken(taken) == 510
    assert guide.seconds_taken(guide.start_guide(project)) == 0
    assert guide.end_guide(project).ended == guide.end_guide(project).ended != ""


@pytest.mark.parametrize("text", ["", "[]", '{"state": "running"}'])
def test_a_damaged_file_is_a_guide_never_begun(project: Project, text: str) -> None:
    project.guide_path.write_text(text)
    assert guide.read_guide(project) == guide.Guide()

"""Combined embeddings: what the vectors are, which weights labels speak for, when they are stale."""

from __future__ import annotations

import numpy as np
import pytest

from engine import jobs
from engine.classify.left_out import left_out
from engine.cli import main
from engine.combine import (
    FEWEST,
    Weights,
    best_weights,
    combine,
    given_weights,
    learnt_weights,
    side_by_side,
    weights_of,
)
from engine.embeddings import load_embedding, save_embedding
from engine.errors import EmbeddingMissing, SettingInvalid
from engine.geometry.neighbours import centred_directions
from engine.images.table import read_table
from engine.jobs.offers import again
from engine.jobs.stages import stages_of
from engine.labels.store import LabelStore
from engine.project import Project
from engine.types import Floats
from tests.classify.blobs import blobs

HALVES = Weights((0.5, 0.5), "equal")


def save(project: Project, name: str, vectors: Floats) -> None:
    table = read_table(project)
    about = {"images": table.fingerprint, "created": "2026-01-01T00:00:00+00:00", "seed": int(vectors.sum() * 1000)}
    save_embedding(project, name, vectors, list(table.ids), about)


@pytest.fixture
def two(project: Project) -> Project:
    """The project with the embeddings “told”, in which the halves of the images lie apart, and “noise”."""
    rng = np.random.default_rng(0)
    half = np.arange(len(read_table(project))) % 2
    told = np.where(half, 1, -1)[:, None] * np.eye(1, 6) * 1.5 + rng.normal(size=(len(half), 6))
    save(project, "told", told.astype(np.float32))
    save(project, "noise", rng.normal(scale=50, size=(len(half), 9)).astype(np.float32))
    return project


def label_halves(project: Project, each: int) -> None:
    ids, store = read_table(project).ids, LabelStore(project)
    for half, name in enumerate(("even", "odd")):
        store.label(list(ids[half::2][:each]), store.add_class(name, "ana").id, "ana", "key")


def test_likeness_is_the_weighted_mean_of_the_parts_likenesses() -> None:
    rng = np.random.default_rng(1)
    parts = [rng.normal(size=(20, 5)), 1000 + 50 * rng.normal(size=(20, 8))]
    joined = side_by_side(parts, (0.3, 0.7))
    cosines = [directions @ directions.T for directions in map(centred_directions, parts)]
    assert joined.shape == (20, 13)
    np.testing.assert_allclose(joined @ joined.T, 0.3 * cosines[0] + 0.7 * cosines[1], atol=1e-5)


def test_labels_speak_for_the_part_that_tells_classes_apart() -> None:
    telling, truth = blobs([30, 30, 30], apart=1)
    noise = np.random.default_rng(2).normal(size=telling.shape).astype(np.float32)
    points = [centred_directions(telling), centred_directions(noise)]
    assert best_weights(points, truth).values[0] > 0.8
    assert best_weights(points[::-1], truth).values[0] < 0.2


def test_equal_weights_stay_where_no_others_are_clearly_better() -> None:
    vectors, truth = blobs([15, 15], apart=1)
    twin = centred_directions(vectors)
    assert best_weights([twin, twin.copy()], truth).values == (0.5, 0.5)


def test_equal_weights_where_too_few_labels_can_be_left_out() -> None:
    vectors, truth = blobs([4, 5], apart=1)
    found = best_weights([vectors, np.zeros_like(vectors)], truth)
    assert len(left_out(truth)) == 9 < FEWEST
    assert found.values == (0.5, 0.5) and found.reason.startswith("equal: 9 labels")


def test_patients_are_left_out_whole() -> None:
    """A part that tells patients only looks perfect image by image, and is worth nothing patient by patient."""
    rng = np.random.default_rng(3)
    patient = np.repeat(np.arange(10), 6)
    truth = (patient % 2).astype(np.int64)
    told = np.where(truth, 1, -1)[:, None] * np.eye(1, 10) + 0.5 * rng.normal(size=(60, 10))
    leaking = np.eye(10)[patient] + 0.01 * rng.normal(size=(60, 10))
    points = [centred_directions(told), centred_directions(leaking)]
    assert best_weights(points, truth).values[1] > best_weights(points, truth, patient).values[1]


def test_about_tells_parts_weights_and_why(two: Project) -> None:
    label_halves(two, 20)
    found = learnt_weights(two, ["noise", "told"])
    about = combine(two, ["noise", "told"], "both", found).about
    assert found.values[1] > 0.6 and [one["name"] for one in about["parts"]] == ["noise", "told"]
    assert about["parts"][1]["fingerprint"] == load_embedding(two, "told").fingerprint
    assert sum(one["weight"] for one in about["parts"]) == pytest.approx(1, abs=1e-3)
    assert about["reason"] == found.reason and about["dimensions"] == 15
    assert weights_of(two, "both", 2).values == pytest.approx(found.values, abs=1e-3)


def test_it_is_stale_when_a_part_changes_and_outlives_one_that_goes(two: Project) -> None:
    combine(two, ["told", "noise"], "both", HALVES)
    assert load_embedding(two, "both").stale == ""
    save(two, "noise", np.ones((60, 9), np.float32))
    assert load_embedding(two, "both").stale.startswith("“noise”, of which “both” is made, has changed")
    (two.embedding_folder("noise") / "about.json").unlink()
    assert load_embedding(two, "both").stale == ""


def test_it_is_made_again_with_the_weights_it_has(two: Project) -> None:
    about = combine(two, ["told", "noise"], "both", given_weights([3, 1])).about
    request = again(about)
    assert isinstance(request, jobs.CombineRequest)
    assert (request.parts, request.weights, request.embedding) == (("told", "noise"), (0.75, 0.25), "both")


@pytest.mark.parametrize(
    ("request_", "error", "says"),
    [
        (jobs.CombineRequest(("told",)), SettingInvalid, "at least 2 different"),
        (jobs.CombineRequest(("told", "told")), SettingInvalid, "at least 2 different"),
        (jobs.CombineRequest(("told", "gone")), EmbeddingMissing, "gone"),
        (jobs.CombineRequest(("told", "noise"), (1, 2, 3)), SettingInvalid, "2 weights; 3 came"),
        (jobs.CombineRequest(("told", "noise"), (1, 0)), SettingInvalid, "above 0"),
        (jobs.CombineRequest(("told", "noise"), weights_of="told"), SettingInvalid, "combines 0 embeddings"),
        (jobs.CombineRequest(("told", "noise"), name="told"), SettingInvalid, "overwrite its part"),
    ],
)
def test_what_makes_no_combination_is_refused_in_words(
    two: Project, request_: jobs.CombineRequest, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        jobs.start(two, request_)
    assert jobs.statuses(two) == []


def test_neighbours_and_map_follow(two: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [stage.title for stage in stages_of(jobs.CombineRequest(("told", "noise")))] == [
        "Combining",
        "Finding neighbours",
        "Drawing the map",
    ]
    words = ["embed", two.root, "--combine", "told,noise", "--weights", "3,1", "--name", "both", "--json"]
    monkeypatch.setattr("sys.argv", ["engine", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert [part["weight"] for part in load_embedding(two, "both").about["parts"]] == [0.75, 0.25]
    assert two.neighbours_path("both").exists()

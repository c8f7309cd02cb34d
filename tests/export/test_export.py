"""Every format writes what holds now; nothing of the user's is ever overwritten."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from engine.errors import ExportError, UnknownName
from engine.export import COLUMNS, EXPORTS, export
from engine.images.scan import scan
from engine.images.table import read_table
from engine.labels.imports import import_labels
from engine.labels.store import LabelStore
from engine.project import Project, change_columns

FILES = [name for name in EXPORTS if EXPORTS[name].card["writes"] == "file"]


@pytest.fixture
def labelled(project: Project, tmp_path: Path) -> Project:
    """Ten images by hand in two classes, five accepted; their names tell slide, x and y, a table their extent."""
    lines = [f"{path},1" for path in read_table(project).paths]
    (tmp_path / "extents.csv").write_text("\n".join(["path,extent", *lines]))
    project = change_columns(project, replace(project.columns, csv=str(tmp_path / "extents.csv")))
    scan(project)
    store, ids = LabelStore(project), list(read_table(project).ids)
    gland, fat = store.add_class("gland", "ann"), store.add_class("fat, “white”", "ann")
    store.label(ids[:6], gland.id, "ann", "lasso", {"polygon": [[0, 0], [1, 0], [1, 1]], "map": "umap"})
    store.label(ids[6:10], fat.id, "bob", "key")
    store.accept(ids[10:15], [gland.id] * 5, [0.9, 0.91, 1 / 3, 0.93, 0.94], "spread-0123", "ann", {"threshold": 0.3})
    return project


def target(tmp_path: Path, format: str) -> Path:
    return tmp_path / f"out{EXPORTS[format].card['suffix']}"


@pytest.mark.parametrize("format", list(EXPORTS))
def test_every_format_reports_what_it_wrote(labelled: Project, tmp_path: Path, format: str) -> None:
    report = export(labelled, format, target(tmp_path, format))
    assert (report.images, report.by_hand, report.accepted, report.missing) == (15, 10, 5, 0)
    assert report.classes == {"gland": 11, "fat, “white”": 4}
    assert report.path.exists()


@pytest.mark.parametrize("format", list(EXPORTS))
def test_every_format_replaces_its_own_earlier_export(labelled: Project, tmp_path: Path, format: str) -> None:
    out = target(tmp_path, format)
    export(labelled, format, out)
    assert export(labelled, format, out, hand_only=True).images == 10
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []  # nothing half-made is left


@pytest.mark.parametrize("format", list(EXPORTS))
def test_every_format_leaves_other_files_alone(labelled: Project, tmp_path: Path, format: str) -> None:
    out = target(tmp_path, format)
    if EXPORTS[format].card["writes"] == "folder":
        out.mkdir()
        (out / "thesis.txt").write_text("mine")
    else:
        out.write_text("mine")
    with pytest.raises(ExportError, match="something else"):
        export(labelled, format, out)
    kept = out / "thesis.txt" if out.is_dir() else out
    assert kept.read_text() == "mine"


@pytest.mark.parametrize("format", list(EXPORTS))
def test_no_format_writes_among_the_images_or_the_projects_own_files(labelled: Project, format: str) -> None:
    for folder in (labelled.images, labelled.images / "new", labelled.root, labelled.runs_folder):
        with pytest.raises(ExportError):
            export(labelled, format, folder / "labels")
    assert export(labelled, format, labelled.exports_folder / "labels").images == 15


@pytest.mark.parametrize("format", list(EXPORTS))
def test_a_folder_that_cannot_be_made_is_said_in_words(labelled: Project, tmp_path: Path, format: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="Cannot write"):
        export(labelled, format, tmp_path / "file" / "labels")


@pytest.mark.parametrize("format", list(EXPORTS))
def test_a_project_without_labels_exports_nothing(project: Project, tmp_path: Path, format: str) -> None:
    with pytest.raises(ExportError, match="no label"):
        export(project, format, target(tmp_path, format))
    assert list(tmp_path.glob("out*")) == []


def test_csv_and_parquet_say_the_same(labelled: Project, tmp_path: Path) -> None:
    export(labelled, "csv", tmp_path / "labels.csv")
    export(labelled, "parquet", tmp_path / "labels.parquet")
    csv = pd.read_csv(tmp_path / "labels.csv", dtype=str, keep_default_na=False)
    parquet = pd.read_parquet(tmp_path / "labels.parquet")
    assert tuple(csv.columns) == tuple(parquet.columns) == COLUMNS
    assert csv.probability.replace("", "nan").astype(float).tolist() == pytest.approx(parquet.probability, nan_ok=True)
    text = [name for name in COLUMNS if name != "probability"]
    assert csv[text].to_numpy().tolist() == parquet[text].to_numpy().tolist()


def test_each_row_tells_who_when_and_how(labelled: Project, tmp_path: Path) -> None:
    export(labelled, "parquet", tmp_path / "labels.parquet")
    frame = pd.read_parquet(tmp_path / "labels.parquet")
    assert frame.how.tolist() == ["lasso"] * 6 + ["key"] * 4 + ["accepted"] * 5
    assert frame.who.tolist() == ["ann"] * 6 + ["bob"] * 4 + ["ann"] * 5
    assert frame.probability.isna().tolist() == [True] * 10 + [False] * 5
    assert frame.probability[12] == 1 / 3
    assert set(frame.propagation) == {"", "spread-0123"}
    assert pd.to_datetime(frame.when).dt.tz is not None
    assert frame.path.tolist() == list(read_table(labelled).paths[:15])


def test_a_csv_imported_into_a_fresh_project_gives_the_same_labels(
    labelled: Project, project: Project, tmp_path: Path
) -> None:
    export(labelled, "csv", tmp_path / "labels.csv")
    fresh = Project(**{**project.__dict__, "root": tmp_path / "fresh"})
    fresh.root.mkdir()
    (fresh.root / "images.parquet").write_bytes(project.table_path.read_bytes())
    import_labels(fresh, tmp_path / "labels.csv", who="eve")
    columns = ["image", "class", "probability", "propagation"]
    before, after = (
        LabelStore(one).current().sort_values("image")[columns].reset_index(drop=True) for one in (labelled, fresh)
    )
    pd.testing.assert_frame_equal(before, after)


def test_labels_of_images_that_are_gone_are_left_out_and_counted(labelled: Project, tmp_path: Path) -> None:
    store = LabelStore(labelled)
    store.label(["0123456789ab"], store.classes()[0].id, "ann", "click")
    report = export(labelled, "csv", tmp_path / "labels.csv")
    assert (report.images, report.missing) == (15, 1)
    assert "left out" in report.sentence


def test_an_undone_label_is_not_exported(labelled: Project, tmp_path: Path) -> None:
    LabelStore(labelled).undo("bob")
    assert export(labelled, "csv", tmp_path / "labels.csv").classes == {"gland": 11}


def test_an_unknown_format_is_answered_with_the_known_ones(labelled: Project, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Did you mean csv"):
        export(labelled, "cvs", tmp_path / "x")


@pytest.mark.parametrize("format", FILES)
def test_links_make_sense_for_folders_only(labelled: Project, tmp_path: Path, format: str) -> None:
    with pytest.raises(UnknownName):
        export(labelled, format, target(tmp_path, format), links=True)


@pytest.mark.parametrize("format", FILES)
def test_a_folder_in_place_of_a_file_is_refused(labelled: Project, tmp_path: Path, format: str) -> None:
    with pytest.raises(ExportError, match="is a folder"):
        export(labelled, format, tmp_path)


def test_json_tells_the_history_of_every_label(labelled: Project, tmp_path: Path) -> None:
    store, image = LabelStore(labelled), read_table(labelled).ids[0]
    store.label([image], store.classes()[1].id, "bob", "key")
    export(labelled, "json", tmp_path / "labels.json")
    value = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    first = value["labels"][0]
    assert (first["id"], first["class"], first["who"]) == (image, "fat, “white”", "bob")
    assert [(event["class"], event["how"], event["who"]) for event in first["events"]] == [
        ("gland", "lasso", "ann"),
        ("fat, “white”", "key", "bob"),
    ]
    assert first["events"][0]["detail"]["polygon"] == [[0, 0], [1, 0], [1, 1]]
    assert [one["name"] for one in value["classes"]] == ["gland", "fat, “white”"]
    assert len(value["class_events"]) == 2


def test_json_follows_an_accepted_label_to_the_training_behind_it(labelled: Project, tmp_path: Path) -> None:
    def about(folder: Path, name: str, text: dict[str, object]) -> None:
        folder.mkdir(parents=True)
        (folder / name).write_text(json.dumps(text))

    about(labelled.propagation_folder("spread-0123"), "about.json", {"id": "spread-0123", "embedding": "mine"})
    about(labelled.embedding_folder("mine"), "about.json", {"name": "mine", "run": "train-simclr-1"})
    about(labelled.run_folder("train-simclr-1"), "request.json", {"method": "simclr"})
    export(labelled, "json", tmp_path / "labels.json")
    value = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    assert value["labels"][12]["probability"] == 1 / 3
    assert value["propagations"]["spread-0123"]["embedding"] == "mine"
    assert value["embeddings"]["mine"]["run"] == "train-simclr-1"
    assert value["runs"] == {"train-simclr-1": {"method": "simclr"}}


def test_json_says_null_of_what_was_deleted_since(labelled: Project, tmp_path: Path) -> None:
    export(labelled, "json", tmp_path / "labels.json")
    value = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    assert value["propagations"] == {"spread-0123": None}
    assert (value["embeddings"], value["runs"]) == ({}, {})

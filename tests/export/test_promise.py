"""What an audit promised stands beside every label that it let in, in every table that is written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from engine.export import export
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project

PROMISE = "with 95% confidence, at most 5% of these answers are wrong"


def test_the_promise_goes_with_the_labels_it_is_about_until_they_are_undone(project: Project, tmp_path: Path) -> None:
    store, ids = LabelStore(project), list(read_table(project).ids)
    code = store.add_class("tumour", "ada").id
    store.label(ids[:1], code, "ada", "key")
    store.accept(ids[:2], [code] * 2, [0.9] * 2, "spread-1", "ada", {"threshold": 0.8})
    store.accept(ids[1:3], [code] * 2, [0.9] * 2, "auto-1", "ada", {"promise": PROMISE, "audited": 59})
    export(project, "csv", tmp_path / "labels.csv")
    told = pd.read_csv(tmp_path / "labels.csv", keep_default_na=False).set_index("id")["promise"]
    assert told.to_dict() == {ids[0]: "", ids[1]: PROMISE, ids[2]: PROMISE}
    store.undo("ada")
    assert store.promises() == {}

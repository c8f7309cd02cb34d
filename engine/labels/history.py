"""The log as people read it: every act with its images and classes, and one act in one sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from engine.labels import fold
from engine.labels.events import ACCEPTED, ACTS, CHANGES, HOWS, MARKS, REDO, UNDO
from engine.labels.log import Act, Log
from engine.types import UNKNOWN

COLUMNS = ["batch", "when", "who", "what", "image", "class_id", "class", "how", "probability", "propagation", "detail"]


def read_history(connection: sa.Connection, log: Log, limit: int | None, image: str | None) -> pd.DataFrame:
    """Newest first, at most `limit` rows; `undone` says whether the act still counts. With `image`, its rows only.

    The class is named as it is called now; one that is gone, as it was last called.
    """
    rows = _mark_rows(connection, limit, image)
    if image is None:
        rows += _change_rows(connection, limit) + _reversal_rows(connection, limit)
    rows.sort(key=lambda row: row["batch"], reverse=True)
    undone = fold.undone_acts(log.acts)
    names = _last_names(log)
    for row in rows:
        row["undone"] = row["batch"] in undone
        row["class"] = names.get(row["class_id"], "")
    return pd.DataFrame(rows[:limit], columns=[*COLUMNS, "undone"])


def read_promises(connection: sa.Connection, log: Log) -> dict[str, str]:
    """What was promised of pseudo-labels when they were accepted by an audit, by image; the last acceptance counts."""
    query = sa.select(ACTS.c.id, ACTS.c.detail).where(ACTS.c.what == "accept")
    promised = {act: (detail or {}).get("promise", "") for act, detail in connection.execute(query)}
    undone, images, marks = fold.undone_acts(log.acts), list(log.images), log.marks
    accepted = np.flatnonzero(marks.how == HOWS.index(ACCEPTED))
    standing = [place for place in accepted if marks.act[place] not in undone]
    told = {images[marks.image[place]]: promised.get(int(marks.act[place]), "") for place in standing}
    return {image: promise for image, promise in told.items() if promise}


def describe_act(connection: sa.Connection, log: Log, act: Act) -> str:
    """What an act did, as in “labelled 12 images “tumour” (lasso)”."""
    names = _last_names(log)
    change = next((change for change in log.changes if change.act == act.id), None)
    query = sa.select(sa.func.count(), sa.func.min(MARKS.c.class_id), sa.func.max(MARKS.c.class_id)).where(
        MARKS.c.act == act.id
    )
    count, first, last = connection.execute(query).one()
    images = f"{count:,} image{'' if count == 1 else 's'}"
    how = connection.scalar(sa.select(sa.func.min(MARKS.c.how)).where(MARKS.c.act == act.id))
    if act.what == "label" and first == last:
        return f"labelled {images} “{names.get(first, '')}” ({how})"
    if count:
        verbs = {
            "clear": "cleared",
            "skip": "skipped",
            "accept": "accepted",
            "confirm": "settled the label of",
            "import": "imported labels of",
        }
        return f"{verbs.get(act.what, 'labelled')} {images}"
    if change is not None:
        verbs = {"add": "added", "rename": "renamed", "recolour": "recoloured", "merge": "merged", "delete": "deleted"}
        name = names.get(change.id if change.what == "add" else change.class_id or UNKNOWN, "")
        return f"{verbs[change.what]} the class “{name}”"
    return act.what


def _mark_rows(connection: sa.Connection, limit: int | None, image: str | None) -> list[dict[str, Any]]:
    columns = [MARKS.c[name] for name in ("image", "class_id", "how", "probability", "propagation")]
    detail = (ACTS.c.detail.label("of_act"), MARKS.c.detail.label("of_mark"))
    query = sa.select(*_act_columns(), *columns, *detail).join_from(MARKS, ACTS).order_by(MARKS.c.id.desc())
    if image is not None:
        query = query.where(MARKS.c.image == image)
    rows = [dict(row._mapping) for row in connection.execute(query.limit(limit))]
    for row in rows:
        row["detail"] = (row.pop("of_act") or {}) | (row.pop("of_mark") or {})
    return rows


def _change_rows(connection: sa.Connection, limit: int | None) -> list[dict[str, Any]]:
    query = sa.select(*_act_columns(), CHANGES).join_from(CHANGES, ACTS).order_by(CHANGES.c.id.desc()).limit(limit)
    rows = []
    for row in connection.execute(query).mappings():
        detail = {name: row[name] for name in ("name", "colour", "target") if row[name] is not None}
        class_id = row["id"] if row["class_id"] is None else row["class_id"]
        rows.append({name: row[name] for name in COLUMNS[:4]} | {"class_id": class_id, "detail": detail})
    return rows


def _reversal_rows(connection: sa.Connection, limit: int | None) -> list[dict[str, Any]]:
    query = sa.select(*_act_columns(), ACTS.c.undoes).where(ACTS.c.what.in_((UNDO, REDO)))
    rows = connection.execute(query.order_by(ACTS.c.id.desc()).limit(limit)).mappings()
    return [
        {name: row[name] for name in COLUMNS[:4]} | {"class_id": None, "detail": {"undoes": row["undoes"]}}
        for row in rows
    ]


def _act_columns() -> list[sa.ColumnElement[Any]]:
    return [ACTS.c.id.label("batch"), ACTS.c.at.label("when"), ACTS.c.who, ACTS.c.what]


def _last_names(log: Log) -> dict[int | None, str]:
    """The last name of every class that ever was."""
    names: dict[int | None, str] = {}
    for change in log.changes:
        if change.name is not None:
            names[change.id if change.what == "add" else change.class_id] = change.name
    return names

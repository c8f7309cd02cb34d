"""Which image to label next. A strategy is one file plus one import line here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import engine.labels.suggest.auto
import engine.labels.suggest.badge
import engine.labels.suggest.coreset
import engine.labels.suggest.disagreement
import engine.labels.suggest.entropy
import engine.labels.suggest.herding
import engine.labels.suggest.influence
import engine.labels.suggest.margin
import engine.labels.suggest.probcover
import engine.labels.suggest.random
import engine.labels.suggest.rare_class
import engine.labels.suggest.spread_uncertainty
import engine.labels.suggest.typiclust  # noqa: F401  all register themselves
from engine.classify.run import Prepared, unprepared
from engine.embeddings import align
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.labels.suggest.base import STRATEGIES, Choice, Situation, Strategy
from engine.labels.suggest.groups import ASKED, share_out
from engine.project import Project
from engine.settings import build
from engine.types import UNKNOWN

__all__ = ["STRATEGIES", "Choice", "Situation", "Strategy", "Suggestion", "suggest"]


@dataclass(frozen=True)
class Suggestion:
    """One image to label next."""

    id: str
    path: str
    row: int  # of the embedding
    score: float  # the strategy's own measure, more is better
    reason: str  # in plain words


def suggest(  # noqa: PLR0913 the settings of a question, most by keyword
    project: Project,
    embedding: str | Prepared,
    strategy: str = "auto",
    count: int = 20,
    *,
    seed: int = 0,
    skip: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    spread_over: str = "",
    store: LabelStore | None = None,
) -> list[Suggestion]:
    """The images to label next, best first; none that is labelled, accepted, skipped or gone.

    Args:
        embedding: its name, or what has been prepared of it.
        skip: further ids to leave out.
        spread_over: column of the image table (patient, slide) over whose groups the choices are shared out.
        store: the project's label store, if one is at hand that has read the log before.

    Raises:
        EmbeddingMissing, EmbeddingStale: no such embedding, or no neighbours that fit it.
        ColumnMissing: the images have no such column.
        UnknownName, SettingInvalid: no such strategy or setting.
    """
    part = STRATEGIES[strategy]
    config = build(part.Config, settings or {})
    prepared = embedding if isinstance(embedding, Prepared) else unprepared(project, embedding)
    source, table = prepared.source, read_table(project)
    table_rows = align(source, table)
    store = store or LabelStore(project)
    ids = source.ids.tolist()
    labels, classes = store.label_codes(ids)
    decided, _ = store.label_codes(ids, hand_only=False)
    left_out = np.isin(source.ids, [*store.skipped(), *skip])
    allowed = (decided == UNKNOWN) & (table_rows != UNKNOWN) & ~left_out
    situation = Situation(prepared.labelled(labels, len(classes)), allowed, [one.name for one in classes])
    rng = np.random.default_rng(seed)
    if spread_over:
        codes, groups = table.codes(spread_over)
        owners = np.where(table_rows == UNKNOWN, UNKNOWN, codes[table_rows])
        chosen = part(config).choose(situation, ASKED * count, rng)
        chosen = share_out(chosen, owners, [f"{spread_over} {name}" for name in groups], situation.labelled, count)
    else:
        chosen = part(config).choose(situation, count, rng)
    return [
        Suggestion(ids[one.row], str(table.paths[table_rows[one.row]]), one.row, one.score, one.reason)
        for one in chosen
    ]

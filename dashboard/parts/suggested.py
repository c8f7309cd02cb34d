"""Which images the Label screen suggests: batches of a strategy, kept in the tab so that the film does not jump."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import streamlit as st

from dashboard import reads, state
from dashboard.parts.answer_reads import prepared
from engine.labels.events import ACCEPTED
from engine.labels.suggest import Suggestion, suggest
from engine.project import Project

LOW = 12  # open suggestions below which the next batch is asked for: a fast typist must not run out meanwhile
BEHIND = 5  # images already dealt with that stay in sight


@dataclass
class Film:
    """The suggestions of one tab under one choice of embedding, strategy and batch size."""

    chosen: tuple[str, str, str, int]
    batches: int = 0
    shots: dict[str, Suggestion] = field(default_factory=dict)  # by image
    coming: Future[list[Suggestion]] | None = None  # the batch that is being chosen
    exhausted: bool = False  # whether the strategy has nothing more to suggest


def suggested(project: Project, embedding: str, strategy: str, count: int) -> list[Suggestion]:
    """The film: the last few images dealt with, then those still open.

    The next batch is chosen in the background, a second or more at a time; only where nothing is open is it waited for.
    """
    film = _film((str(project.root), embedding, strategy, count))
    settled = _settled(project)
    if film.coming is None and not film.exhausted and len(film.shots.keys() - settled) < LOW:
        seed, skip, store = film.batches, list(film.shots), reads.labels(project)
        known = prepared(project, embedding)
        film.coming = _worker().submit(suggest, project, known, strategy, count, seed=seed, skip=skip, store=store)
    if film.coming and (film.coming.done() or not film.shots.keys() - settled):
        _take_in(film, film.coming)
    behind = [image for image in film.shots if image in settled][-BEHIND:]
    return [shot for image, shot in film.shots.items() if image in behind or image not in settled]


def _take_in(film: Film, coming: Future[list[Suggestion]]) -> None:
    """Add a batch to the film; a run that overtakes this one may do the same, to the same end."""
    film.coming = None
    batch = coming.result()
    film.shots |= {shot.id: shot for shot in batch}
    film.exhausted = not batch
    film.batches += 1


def _film(chosen: tuple[str, str, str, int]) -> Film:
    film: Film | None = state.value("film")
    if film is None or film.chosen != chosen:
        film = Film(chosen)
        state.set_value("film", film)
    return film


def _settled(project: Project) -> set[str]:
    """Images that a person has labelled or skipped."""
    labels = reads.labels_current(project)
    return set(labels.loc[labels["how"] != ACCEPTED, "image"]) | set(reads.labels(project).skipped())


@st.cache_resource(show_spinner=False)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="suggest")

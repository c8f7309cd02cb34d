"""What the Few-shot demo reads from the engine, cached by what it was made from."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import reads
from engine.evaluate.classroom import Lesson, Wish, lesson
from engine.evaluate.episodes import EpisodeScores, Plan, play
from engine.evaluate.known import Known, known_by_labels, known_by_truth
from engine.files import stamp_of
from engine.project import Project
from engine.types import Progress

Source = tuple[str, str, str, str]  # project, embedding's fingerprint, where the classes come from, its version


def known_images(project: Project, embedding: str, wish: Wish) -> Known:
    """The images whose class the project's labels or a table tell.

    Raises:
        TableUnreadable: the table cannot be read or lacks the column.
    """
    return _known(_source(project, embedding, wish), embedding, project, wish)


def read_lesson(project: Project, embedding: str, wish: Wish) -> Lesson:
    """The episode with its answers; the same wish gives the same.

    Raises:
        SettingInvalid: too few classes have images enough.
    """
    return _lesson(_source(project, embedding, wish), wish, known_images(project, embedding, wish))


def read_scores(
    project: Project, embedding: str, wish: Wish, method: str, episodes: int, progress: Progress
) -> EpisodeScores:
    """How a method does over many episodes; played once, then remembered."""
    made = _scores(_source(project, embedding, wish), wish.classes)
    plan = Plan(wish.ways, wish.shots, wish.queries, episodes)
    if (method, plan) not in made:
        pool = known_images(project, embedding, wish).of_classes(wish.classes)
        made[method, plan] = play(pool.vectors, pool.codes, method, plan, pool.centre, progress)
    return made[method, plan]


def _source(project: Project, embedding: str, wish: Wish) -> Source:
    version = stamp_of(Path(wish.truth)) if wish.truth else reads.labels(project).version()
    fingerprint = reads.embedding(project, embedding).fingerprint
    return str(project.root), fingerprint, f"{wish.truth} {wish.column}", str(version)


@st.cache_resource(max_entries=reads.OF_VERSIONS, show_spinner=False)
def _known(source: Source, embedding: str, _project: Project, _wish: Wish) -> Known:
    if _wish.truth:
        return known_by_truth(_project, embedding, Path(_wish.truth), _wish.column)
    return known_by_labels(_project, embedding)


@st.cache_resource(max_entries=64, show_spinner=False)
def _lesson(source: Source, wish: Wish, _known: Known) -> Lesson:
    return lesson(_known, wish)


@st.cache_resource(max_entries=16, show_spinner=False)
def _scores(source: Source, classes: tuple[str, ...]) -> dict[tuple[str, Plan], EpisodeScores]:
    return {}  # filled method by method

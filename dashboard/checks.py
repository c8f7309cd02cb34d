"""What screens read about the labels' worth, cached by the version of the label log and the embedding's fingerprint.

A cached value is shared by all browsers and must not be changed by a screen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import reads
from engine.accept import AuditedAccuracy, audited_accuracy, audits
from engine.embeddings import align
from engine.evaluate.agreement import Agreement
from engine.evaluate.agreement import agreement as measure_agreement
from engine.evaluate.learning_curve import LearningCurve
from engine.evaluate.learning_curve import learning_curve as draw_curve
from engine.evaluate.new_classes import NewClasses
from engine.evaluate.new_classes import new_classes as find_new_classes
from engine.evaluate.scores import Scores
from engine.evaluate.support import Support, read_support, score_left_out
from engine.evaluate.suspects import Suspects, find_suspects
from engine.geometry.cohesion import Cohesion
from engine.geometry.cohesion import cohesion as take_apart
from engine.geometry.placement import in_table_order
from engine.project import Project
from engine.types import UNKNOWN, Indices

Key = tuple[str, str, str, str, int]  # project, its birth, embedding, its fingerprint, version of the labels


def suspects(project: Project, embedding: str, group: str = "") -> Suspects:
    """The labels that the others contradict; see engine.evaluate.suspects."""
    return _suspects(_key(project, embedding), group, project)


def learning_curve(project: Project, embedding: str, group: str = "") -> LearningCurve:
    """The score by the number of labels; see engine.evaluate.learning_curve."""
    return _learning_curve(_key(project, embedding), group, project)


def left_out_scores(project: Project, embedding: str, group: str = "") -> Scores:
    """How often the other labels are right about each label."""
    return _left_out_scores(_key(project, embedding), group, project)


def new_classes(project: Project, embedding: str) -> NewClasses:
    """The images unlike every class; see engine.evaluate.new_classes."""
    return _new_classes(_key(project, embedding), project)


def agreement(project: Project) -> Agreement:
    """How far those who labelled agree; see engine.evaluate.agreement."""
    return _agreement(str(project.root), project.created, reads.labels(project).version(), project)


def efforts(project: Project) -> pd.DataFrame:
    """Every act of labelling with its time and its labels; see engine.labels.effort."""
    return _efforts(str(project.root), project.created, reads.labels(project).version(), project)


def audited(project: Project) -> AuditedAccuracy | None:
    """How right the answers were that the last whole audit checked."""
    key = str(project.root), project.created, reads.labels(project).version()
    return _audited(*key, tuple(one.id for one in audits(project)), project)


def cohesion(project: Project, embedding: str, rows: Indices) -> Cohesion | None:
    """Which of these rows [M] of the image table belong together; None where some are not in the embedding."""
    table, made = reads.table(project), reads.embedding(project, embedding)
    at = in_table_order(np.arange(len(made)), align(made, table), len(table), UNKNOWN)[rows]
    return None if (at == UNKNOWN).any() or not len(at) else take_apart(reads.graph(project, embedding), at)


def _key(project: Project, embedding: str) -> Key:
    fingerprint, version = reads.embedding(project, embedding).fingerprint, reads.labels(project).version()
    return str(project.root), project.created, embedding, fingerprint, version


@st.cache_resource(max_entries=reads.OF_VERSIONS, show_spinner=False)
def _support(key: Key, group: str, _project: Project) -> Support:
    return read_support(_project, key[2], group, reads.labels(_project))


@st.cache_resource(max_entries=8, show_spinner="Asking the other labels about each …")
def _suspects(key: Key, group: str, _project: Project) -> Suspects:
    return find_suspects(_support(key, group, _project), reads.labels(_project).confirmed(), key[2])


@st.cache_resource(max_entries=8, show_spinner="Putting labels aside and asking for them …")
def _learning_curve(key: Key, group: str, _project: Project) -> LearningCurve:
    return draw_curve(_support(key, group, _project), key[2])


@st.cache_resource(max_entries=8, show_spinner="Putting labels aside and asking for them …")
def _left_out_scores(key: Key, group: str, _project: Project) -> Scores:
    return score_left_out(_support(key, group, _project))


@st.cache_resource(max_entries=reads.OF_VERSIONS, show_spinner="Looking for images unlike every class …")
def _new_classes(key: Key, _project: Project) -> NewClasses:
    return find_new_classes(_project, key[2], reads.graph(_project, key[2]), reads.labels(_project))


@st.cache_resource(max_entries=8, show_spinner=False)
def _agreement(root: str, created: str, version: int, _project: Project) -> Agreement:
    return measure_agreement(_project, reads.labels(_project))


@st.cache_resource(max_entries=reads.OF_VERSIONS, show_spinner=False)
def _efforts(root: str, created: str, version: int, _project: Project) -> pd.DataFrame:
    return reads.labels(_project).efforts()


@st.cache_resource(max_entries=8, show_spinner=False)
def _audited(
    root: str, created: str, version: int, known: tuple[str, ...], _project: Project
) -> AuditedAccuracy | None:
    return audited_accuracy(_project, reads.labels(_project))

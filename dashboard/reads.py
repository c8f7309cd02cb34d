"""What screens read from the engine, cached by the fingerprint of what it was made from.

A cached value is shared by all browsers and must not be changed by a screen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from engine import catalogue as written
from engine import embeddings as stored
from engine import jobs
from engine.errors import NoImages
from engine.evaluate.leakage import Leak
from engine.evaluate.leakage import leaks as make_leaks
from engine.files import Stamp, stamp_of
from engine.geometry import atlas, neighbours
from engine.glance import Glance, seen_in
from engine.glance import glance as make_glance
from engine.images import table as tables
from engine.images.overview import Overview
from engine.images.overview import overview as make_overview
from engine.images.preview import Preview
from engine.images.preview import preview as make_preview
from engine.labels.exemplars import exemplars as find_exemplars
from engine.labels.selections import Selection
from engine.labels.selections import selections as read_selections
from engine.labels.store import LabelClass, LabelStore
from engine.labels.tally import Tally
from engine.labels.tally import tally as count_labels
from engine.project import ColumnSettings, Project
from engine.propagate import Propagation, propagate
from engine.types import Floats, Indices

OF_VERSIONS = 3  # entries of a cache by the log's version, each of all images: an older one is never asked for again


def catalogue() -> dict[str, list[dict[str, Any]]]:
    """The cards of everything registered, by kind."""
    return written.read_catalogue()


def table(project: Project) -> tables.ImageTable:
    """The image table.

    Raises:
        NoImages: never scanned, or nothing usable in the folder.
    """
    return _table(str(project.root), stamp_of(project.table_path), project)


def glance(root: Path) -> Glance:
    """A recent project in brief."""
    return _glance(str(root), seen_in(root))


def preview(folder: Path, columns: ColumnSettings) -> Preview:
    """What a folder holds, before a project is made of it."""
    return _preview(str(folder), columns, stamp_of(folder))


def overview(project: Project) -> Overview:
    """Counts, sizes, columns and bad files of the image table."""
    return _overview(str(project.root), stamp_of(project.table_path), project)


def embeddings(project: Project) -> list[dict[str, Any]]:
    """What is known of every embedding of the project; read afresh, as jobs add to them."""
    try:
        images = table(project).fingerprint
    except NoImages:
        images = ""
    return stored.list_embeddings(project, images)


def embedding(project: Project, name: str) -> stored.Embedding:
    """One embedding; its vectors stay on disk until they are used."""
    return _embedding(str(project.root), name, stamp_of(project.embedding_about_path(name)), project)


def graph(project: Project, name: str) -> neighbours.Graph:
    """The neighbour graph of an embedding."""
    return _graph(str(project.root), name, embedding(project, name).fingerprint, project)


def points(project: Project, name: str, map_name: str = "umap") -> Floats:
    """The layout [N 2] of an embedding."""
    return _points(str(project.root), name, map_name, embedding(project, name).fingerprint, project)


def labels(project: Project) -> LabelStore:
    """The label store; safe to share between browsers."""
    return _labels(str(project.root), project.created, project)


def classes(project: Project) -> list[LabelClass]:
    """The classes, in the order they were added."""
    return labels(project).classes()


def labels_current(project: Project) -> pd.DataFrame:
    """One row per labelled image, as the log stands now."""
    return _labels_current(str(project.root), project.created, labels(project).version(), project)


def selections(project: Project) -> list[Selection]:
    """The selections that were kept under a name."""
    return _selections(str(project.root), stamp_of(project.selections_folder), project)


def exemplars(project: Project) -> dict[int, Indices]:
    """Rows of the table that show what each class is, by its id."""
    version, stamp = labels(project).version(), stamp_of(project.table_path)
    return _exemplars(str(project.root), project.created, version, stamp, project)


def leaks(project: Project, name: str) -> list[Leak]:
    """How well each column that makes groups can be read from an embedding; a second for each, once."""
    return _leaks(str(project.root), name, graph(project, name).fingerprint, stamp_of(project.table_path), project)


def propagation(project: Project, name: str, method: str = "spread") -> Propagation:
    """What the labels say about every image, over the graph of an embedding; starts from the answer before."""
    version = labels(project).version()
    last = _last_propagation(str(project.root), project.created, name, method)
    answer = _propagation(
        str(project.root), name, method, (embedding(project, name).fingerprint, version), project, last.get("answer")
    )
    last["answer"] = answer
    return answer


def tally(project: Project) -> Tally:
    """How many images are labelled, accepted, and of which class."""
    return _tally(str(project.root), project.created, labels(project).version(), project)


def active_job(project: Project) -> jobs.Status | None:
    """The job that is running or, where none is, the first that waits for its turn."""
    open_jobs = [one for one in jobs.statuses(project) if one.state in ("running", "queued")]
    return next((one for one in open_jobs if one.state == "running"), open_jobs[-1] if open_jobs else None)


def version(project: Project) -> str:
    """Changes with every act on the labels and when another job is at work; open tabs ask for it every other second."""
    job = active_job(project)
    return f"{labels(project).version()} {job.run if job else ''}".strip()


def preset_request(project: Project, preset: str, wish: jobs.TrainRequest) -> jobs.TrainRequest:
    """A training with the size, encoder and epochs of a preset; measures the machine once, for a few seconds."""
    return _preset_request(str(project.root), stamp_of(project.table_path), preset, str(wish.as_json()), project, wish)


def cost(project: Project, request: jobs.TrainRequest) -> jobs.Cost:
    """How long a training will take; measures the machine once for each kind, for a few seconds."""
    return _cost(str(project.root), stamp_of(project.table_path), str(request.as_json()), project, request)


@st.cache_resource(max_entries=4, show_spinner=False)
def _table(root: str, stamp: Stamp, _project: Project) -> tables.ImageTable:
    return tables.read_table(_project)


@st.cache_resource(max_entries=24, show_spinner=False)
def _glance(root: str, stamps: tuple[Stamp, ...]) -> Glance:
    return make_glance(Path(root))


@st.cache_resource(ttl=60, max_entries=8, show_spinner="Looking into the folder …")
def _preview(folder: str, columns: ColumnSettings, stamp: Stamp) -> Preview:
    return make_preview(Path(folder), columns)


@st.cache_resource(max_entries=4, show_spinner=False)
def _overview(root: str, stamp: Stamp, _project: Project) -> Overview:
    return make_overview(_project)


@st.cache_resource(max_entries=8, show_spinner=False)
def _embedding(root: str, name: str, stamp: Stamp, _project: Project) -> stored.Embedding:
    return stored.load_embedding(_project, name)


@st.cache_resource(max_entries=4, show_spinner="Reading the neighbours …")
def _graph(root: str, name: str, fingerprint: str, _project: Project) -> neighbours.Graph:
    return neighbours.load_graph(_project, name)


@st.cache_resource(max_entries=8, show_spinner=False)
def _points(root: str, name: str, map_name: str, fingerprint: str, _project: Project) -> Floats:
    return atlas.load_map(_project, name, map_name)


@st.cache_resource(max_entries=8, show_spinner=False)
def _labels(root: str, created: str, _project: Project) -> LabelStore:
    return LabelStore(_project)


@st.cache_resource(max_entries=OF_VERSIONS, show_spinner=False)
def _labels_current(root: str, created: str, version: int, _project: Project) -> pd.DataFrame:
    return labels(_project).current()


@st.cache_resource(max_entries=8, show_spinner=False)
def _exemplars(root: str, created: str, version: int, stamp: Stamp, _project: Project) -> dict[int, Indices]:
    return find_exemplars(labels_current(_project), table(_project))


@st.cache_resource(max_entries=8, show_spinner=False)
def _tally(root: str, created: str, version: int, _project: Project) -> Tally:
    return count_labels(labels(_project))


@st.cache_resource(max_entries=8, show_spinner=False)
def _selections(root: str, stamp: Stamp, _project: Project) -> list[Selection]:
    return read_selections(_project)


@st.cache_resource(max_entries=32, show_spinner="Looking for patients, slides and folders in the embedding …")
def _leaks(root: str, name: str, fingerprint: str, stamp: Stamp, _project: Project) -> list[Leak]:
    images, made = table(_project), embedding(_project, name)
    return make_leaks(images, stored.align(made, images), graph(_project, name).indices, made.vectors)


@st.cache_resource(ttl=600, max_entries=32, show_spinner=False)
def _preset_request(
    root: str, stamp: Stamp, preset: str, asked: str, _project: Project, _wish: jobs.TrainRequest
) -> jobs.TrainRequest:
    return jobs.preset_request(_project, preset, _wish)


@st.cache_resource(ttl=600, max_entries=64, show_spinner=False)
def _cost(root: str, stamp: Stamp, asked: str, _project: Project, _request: jobs.TrainRequest) -> jobs.Cost:
    return jobs.estimate(_project, _request)


@st.cache_resource(max_entries=4, show_spinner=False)
def _last_propagation(root: str, created: str, name: str, method: str) -> dict[str, Propagation]:
    return {}  # only where the next one starts from: the answer is the same whatever stands here


@st.cache_resource(max_entries=OF_VERSIONS, show_spinner=False)
def _propagation(
    root: str,
    name: str,
    method: str,
    made_from: tuple[str, int],
    _project: Project,
    _start: Propagation | None,
) -> Propagation:
    return propagate(_project, name, method=method, start=_start, store=labels(_project))

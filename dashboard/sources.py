"""What screens read of the images before anything is trained: names, tables, quality, priors; cached as reads.py does.

A cached value is shared by all browsers and must not be changed by a screen.
"""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from dashboard import reads
from engine.files import Stamp, stamp_of
from engine.images.join import Join, preview_join
from engine.images.preview import Found, Tried, find_images, try_columns
from engine.images.propose import Proposal, propose
from engine.images.quality import Quality, look_at_quality
from engine.images.table import ImageTable
from engine.priors import PriorSpec, build_priors
from engine.priors.recommend import Recommendation, recommend
from engine.priors.report import Report
from engine.priors.report import report as make_report
from engine.project import ColumnSettings, Project


def image_names(folder: Path) -> Found:
    """The names of the images in a folder."""
    return _image_names(str(folder), stamp_of(folder))


def proposals(folder: Path) -> list[Proposal]:
    """Patterns that the names in a folder follow, the best first."""
    return _proposals(str(folder), stamp_of(folder))


def tried(folder: Path, columns: ColumnSettings) -> Tried:
    """What column settings would read from the names in a folder.

    Raises:
        PatternInvalid: the pattern does not compile or names no column.
    """
    return _tried(str(folder), stamp_of(folder), columns)


def join(folder: Path, source: Path) -> Join:
    """How a table would join to the images in a folder.

    Raises:
        TableUnreadable: the table is missing or damaged, or has no path column.
    """
    return _join(str(folder), stamp_of(folder), str(source), stamp_of(source))


def prior_report(project: Project, spec: PriorSpec) -> Report:
    """What is known of a prior's pairs: reach, purity by the labels so far, risks.

    Raises:
        ColumnMissing: the images lack a column that the prior needs.
    """
    root, stamp, version = str(project.root), stamp_of(project.table_path), reads.labels(project).version()
    return _prior_report(root, stamp, version, json.dumps(spec.as_json(), sort_keys=True, default=str), project, spec)


def quality(project: Project) -> Quality:
    """Blank, blurred and repeated images; a millisecond for each, once."""
    images = reads.table(project)
    return _quality(str(project.root), images.fingerprint, project, images)


def recommendation(project: Project) -> Recommendation:
    """Which prior to begin with, by the columns and the labels as they are now."""
    version = reads.labels(project).version()
    return _recommendation(str(project.root), project.created, stamp_of(project.table_path), version, project)


@st.cache_resource(ttl=60, max_entries=8, show_spinner="Looking into the folder …")
def _image_names(folder: str, stamp: Stamp) -> Found:
    return find_images(Path(folder))


@st.cache_resource(ttl=60, max_entries=8, show_spinner=False)
def _proposals(folder: str, stamp: Stamp) -> list[Proposal]:
    return propose(_image_names(folder, stamp).paths)


@st.cache_resource(ttl=60, max_entries=16, show_spinner=False)
def _tried(folder: str, stamp: Stamp, columns: ColumnSettings) -> Tried:
    return try_columns(_image_names(folder, stamp).paths, columns)


@st.cache_resource(ttl=60, max_entries=8, show_spinner="Matching the table …")
def _join(folder: str, stamp: Stamp, source: str, source_stamp: Stamp) -> Join:
    return preview_join(_image_names(folder, stamp).paths, Path(source))


@st.cache_resource(max_entries=16, show_spinner="Looking at the pairs …")
def _prior_report(root: str, stamp: Stamp, version: int, asked: str, _project: Project, _spec: PriorSpec) -> Report:
    images = reads.table(_project)
    codes, _ = reads.labels(_project).label_codes(images.ids)
    (prior,) = build_priors([_spec])
    return make_report(_project, images, prior, codes)


@st.cache_resource(max_entries=4, show_spinner="Looking at every thumbnail …")
def _quality(root: str, fingerprint: str, _project: Project, _images: ImageTable) -> Quality:
    return look_at_quality(_project, _images)


@st.cache_resource(max_entries=8, show_spinner="Looking at what the columns allow …")
def _recommendation(root: str, created: str, stamp: Stamp, version: int, _project: Project) -> Recommendation:
    images = reads.table(_project)
    codes, _ = reads.labels(_project).label_codes(images.ids)
    return recommend(images, codes)

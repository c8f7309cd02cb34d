"""What the labels say of every image, and the audit that is under way; cached like reads.py."""

from __future__ import annotations

import streamlit as st

from dashboard import reads
from engine.accept import AuditState, audit_state, open_audit
from engine.classify import Prepared, classify, prepare
from engine.project import Project
from engine.propagate import Propagation, load_propagation
from engine.propagate.discordant import SECOND


def answer(project: Project, name: str) -> Propagation:
    """The best answer there is for every image: by the `auto` classifier, from today's labels, calibrated.

    Raises:
        TooFewLabels: fewer than two classes have a hand label.
    """
    made_from, version = reads.embedding(project, name).fingerprint, reads.labels(project).version()
    return _answer(str(project.root), project.created, made_from, version, project, name)


def second_opinion(project: Project, name: str) -> Propagation:
    """What the labelled images most like each image say of it: a way of asking that the answers have no part of.

    Raises:
        TooFewLabels: fewer than two classes have a hand label.
    """
    made_from, version = reads.embedding(project, name).fingerprint, reads.labels(project).version()
    return _second(str(project.root), project.created, made_from, version, project, name)


def prepared(project: Project, name: str) -> Prepared:
    """What answers and suggestions in an embedding have in common; a second or two for 100,000 images, once."""
    made_from = reads.embedding(project, name).fingerprint
    return _prepared(str(project.root), project.created, made_from, project, name)


def audit(project: Project) -> AuditState | None:
    """The audit that is under way, beside the labels as they stand; None where there is none."""
    current = open_audit(project)
    if current is None:
        return None
    frozen = _frozen(str(project.root), project.created, current.propagation, project)
    return audit_state(project, current, reads.labels(project), frozen)


@st.cache_resource(max_entries=reads.OF_VERSIONS, show_spinner="Answering for all images …")
def _answer(root: str, created: str, fingerprint: str, version: int, _project: Project, _name: str) -> Propagation:
    return classify(_project, prepared(_project, _name), store=reads.labels(_project))


@st.cache_resource(max_entries=reads.OF_VERSIONS, show_spinner=False)
def _second(root: str, created: str, fingerprint: str, version: int, _project: Project, _name: str) -> Propagation:
    return classify(_project, prepared(_project, _name), SECOND, store=reads.labels(_project))


@st.cache_resource(max_entries=2, show_spinner=False)
def _prepared(root: str, created: str, fingerprint: str, _project: Project, _name: str) -> Prepared:
    return prepare(_project, _name)


@st.cache_resource(max_entries=4, show_spinner=False)
def _frozen(root: str, created: str, name: str, _project: Project) -> Propagation:
    return load_propagation(_project, name)

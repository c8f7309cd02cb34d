"""Audit and accept: draw random answers, label them blind, take over what they allow."""

from __future__ import annotations

from dashboard.parts import answer_reads
from dashboard.parts.audit_check import audit_check
from dashboard.parts.audit_plan import audit_plan
from engine.project import Project


def audit_and_accept(project: Project, embedding: str) -> None:
    """Draw the plan of an audit, or the audit that is under way."""
    state = answer_reads.audit(project)
    if state is None:
        audit_plan(project, answer_reads.answer(project, embedding))
    else:
        audit_check(project, state)

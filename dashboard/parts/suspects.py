"""Suspects: labels that the other labels contradict, to confirm or correct."""

from engine.project import Project


def suspects(project: Project, embedding: str) -> None:
    """Draw the queue."""

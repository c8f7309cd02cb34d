"""None of these: images unlike every class, as candidates for a new one."""

from engine.project import Project


def none_of_these(project: Project, embedding: str) -> None:
    """Draw the groups of such images."""

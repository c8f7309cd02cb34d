"""Project: open one of yours, make a new one from a folder of images, or try the demo."""

import streamlit as st

from dashboard import reads, state
from dashboard.parts.demo_card import demo_card
from dashboard.parts.heading import heading
from dashboard.parts.new_project import NewProject, new_project
from dashboard.parts.project_card import project_card
from engine import home, jobs
from engine.project import create_project

PER_ROW = 3


def make(asked: NewProject) -> None:
    """Make a project, look through its folder in the background, and open it."""
    project = create_project(asked.root, asked.images, name=asked.name, columns=asked.columns)
    jobs.start(project, jobs.PrepareRequest())
    state.open_project(project.root)


recent = home.recent_projects()
opened = state.project_or_none()
heading(
    "Projects" if recent else "Label a handful of images, get the rest",
    "A project is a folder of its own beside your images, which are never written to. Copy it and it moves with you.",
)

for first in range(0, len(recent), PER_ROW):
    columns = st.columns(PER_ROW, gap="medium")
    for column, root in zip(columns, recent[first : first + PER_ROW], strict=False):
        with column:
            project_card(reads.glance(root), is_open=opened is not None and opened.root == root)

if recent:
    st.space("small")
left, right = st.columns([2.6, 1], gap="large")
with left:
    st.header("New project", anchor=False)
    new_project(make)
with right, st.container(key="aside-demo"):
    demo_card()

"""Project: open one of yours, make a new one from a folder of images, or try the demo."""

import streamlit as st

from dashboard import reads, state
from dashboard.parts.heading import heading
from dashboard.parts.new_project import new_project
from dashboard.parts.progress import progress_bar
from dashboard.parts.project_card import project_card
from engine import demo, home, jobs
from engine.project import create_project

PER_ROW = 3

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
            if project_card(reads.glance(root), is_open=opened is not None and opened.root == root):
                state.open_project(root)
                state.go("data")

if recent:
    st.space("medium")
left, right = st.columns([3, 1], gap="large")
with left:
    st.subheader("New project", anchor=False)
    if asked := new_project():
        project = create_project(asked.root, asked.images, name=asked.name, columns=asked.columns)
        state.open_project(project.root)
        jobs.start(project, jobs.PrepareRequest())
        state.go("data")
with right, st.container(key="aside-demo"):
    st.subheader("No images at hand?", anchor=False)
    st.markdown(
        "The demo draws synthetic tissue: six kinds of it, patients with a stain of their own, two magnifications. "
        "It is made on this machine and is no medical data."
    )
    if st.button("Try the demo", icon=":material/science:", key="demo"):
        state.open_project(demo.open_demo(progress_bar("Drawing the demo tissue")).root)
        state.go("data")

"""Making a project: which folder, what is in it, and what its names tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from dashboard import reads
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.folder_browser import folder_browser
from dashboard.parts.name_builder import name_builder
from dashboard.parts.table_join import table_join
from engine import home
from engine.images.preview import Preview
from engine.project import ColumnSettings


@dataclass(frozen=True)
class NewProject:
    """What was asked for."""

    root: Path
    images: Path
    name: str
    columns: ColumnSettings


Make = Callable[[NewProject], None]


def new_project(make: Make) -> None:
    """Draw the form; its button makes what it asks for, and turns to the Data screen."""
    images = folder_browser("new-images", "Folder of images")
    if images is None:
        return
    found = reads.preview(images, ColumnSettings())
    _say(found)
    if not found.images:
        return
    with st.expander("What the file names say", icon=":material/text_fields:"):
        named = name_builder(images, ColumnSettings(), f"new-{images}")
    with st.expander("A table about the images", icon=":material/table_rows:"):
        joined = table_join(images, ColumnSettings(), f"new-{images}")
    columns = replace(named, csv=joined.csv, csv_columns=joined.csv_columns) if named and joined else None
    _name_and_make(images, columns, make)


def _say(found: Preview) -> None:
    """What lies in the folder, before anything is made."""
    if not found.images:
        st.markdown("There is **no image** in this folder or below it. Go one folder up or down.")
        return
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in found.kinds.items())
    more = "at least " if found.cut_short else ""
    st.markdown(f"Here are {more}**{words.count(found.images, 'image')}** ({kinds}).")


def _name_and_make(images: Path, columns: ColumnSettings | None, make: Make) -> None:
    """Draw name, folder and button; without columns that can be read, nothing can be made."""
    name_field, root_field, button = st.columns([3, 4, 2.6], gap="medium", vertical_alignment="bottom")
    name = name_field.text_input("Name", home.project_name_for(images), key=f"new-name-{images}")
    root = root_field.text_input(
        "Project folder",
        home.said(home.project_folder_for(images)),
        key=f"new-root-{images}",
        help="Labels, thumbnails, trainings and exports go here; never into the folder of images.",
    )

    def ask() -> None:
        if columns is not None:
            make(NewProject(home.allowed_path(Path(root)), images, name, columns))

    commit_button(
        "Create project",
        ask,
        then="data",
        waits=True,
        draw=button.button,
        type="primary",
        width="stretch",
        key="new-create",
        disabled=columns is None,
    )

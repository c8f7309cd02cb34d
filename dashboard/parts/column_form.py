"""Where the columns of the image table come from: names, folders, a pattern, a table; with a look at the outcome."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.parts import words
from engine import home
from engine.images.names import READERS
from engine.images.preview import Preview
from engine.project import ColumnSettings

SPECIAL_READERS = {"auto": "whatever fits best", "none": "not at all"}
ROW_HEIGHT = 30  # pixels
TABLE_HEIGHT = 212  # pixels; the head and six rows


def column_form(key: str, settings: ColumnSettings) -> ColumnSettings:
    """Draw the fields; returns the settings as they stand.

    Raises:
        PathNotAllowed: a table is named that lies outside the allowed roots.
    """
    left, right = st.columns(2, gap="medium")
    readers = ["auto", *READERS, "none"]
    reader = left.selectbox(
        "File names are read",
        readers,
        readers.index(settings.reader),
        key=f"{key}-reader",
        format_func=lambda name: SPECIAL_READERS.get(name, f"as {name.replace('_', ' ')}"),
        help="By a built-in reader of well-known naming schemes, such as BreakHis or key_value.",
    )
    csv = right.text_input(
        "Table with a path column",
        settings.csv,
        key=f"{key}-csv",
        placeholder="path of a CSV or Parquet file",
        help="Its rows are joined to the images by path or, where that is unique, by file name.",
    )
    pattern = left.text_input(
        "Regular expression",
        settings.pattern,
        key=f"{key}-pattern",
        placeholder=r"(?P<patient>P\d+)/(?P<slide>\w+)_",
        help="Searched in each path; every named group becomes a column.",
    )
    folders = right.toggle(
        "Folder levels become columns",
        settings.folders,
        key=f"{key}-folders-{settings.folders}",
        help="folder_1, folder_2, … from the outside in.",
    )
    if csv and csv != settings.csv:
        csv = str(home.allowed_path(Path(csv)))
    return ColumnSettings(pattern=pattern, csv=csv, reader=reader, folders=folders)


def preview_columns(found: Preview) -> None:
    """Show the first images with the columns they would have, and what of the table fits none."""
    st.dataframe(found.table.head(50), hide_index=True, height=TABLE_HEIGHT, row_height=ROW_HEIGHT)
    if found.unmatched:
        examples = ", ".join(f"`{path}`" for path in found.unmatched[:3])
        st.warning(
            f"{words.count(len(found.unmatched), 'row')} of the table fit no image, for example {examples}.",
            icon=":material/info:",
        )

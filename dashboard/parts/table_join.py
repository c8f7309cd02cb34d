"""A table about the images, a CSV: which of its lines find their image, which do not, and which columns to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import sources
from dashboard.parts import words
from dashboard.parts.facts import facts
from dashboard.parts.trouble import told_here
from engine import home
from engine.images.join import Join, keep_table
from engine.project import ColumnSettings, Project

LISTED = 500  # names in a list of what did not match


def table_join(
    folder: Path, settings: ColumnSettings, key: str, project: Project | None = None
) -> ColumnSettings | None:
    """Draw the form and what the join would do; returns the settings as they stand, None while they cannot be used.

    Args:
        folder: of the images.
        settings: to begin with.
        key: tells this form from others on the screen.
        project: that keeps a table which is uploaded; without one a table is named by its path only.
    """
    field, upload = st.columns([3, 2], gap="medium")
    typed = field.text_input(
        "Path of the table",
        settings.csv,
        key=f"{key}-csv",
        placeholder="a CSV or Parquet file with a column that names the images",
        icon=":material/table_rows:",
        help="Its column “path”, “file”, “filename” or “image” names the images: by their path or, if one image "
        "has it, by their file name.",
    ).strip()  # fmt: skip
    with told_here():
        csv = _uploaded(upload, project, key) or typed
        if not csv:
            return replace(settings, csv="", csv_columns=())
        if csv != settings.csv:
            csv = str(home.allowed_path(Path(csv)))
        found = sources.join(folder, Path(csv))
        _figures(found, len(sources.image_names(folder).paths))
        _left_over(found)
        return _columns(found, replace(settings, csv=csv), key)
    return None


def _uploaded(place: DeltaGenerator, project: Project | None, key: str) -> str:
    """The path under which the project keeps a table that was uploaded; "" where none was."""
    if project is None:
        return ""
    sent = place.file_uploader("or upload one", ["csv", "tsv", "txt", "parquet"], key=f"{key}-upload")
    return str(keep_table(project, sent.name, sent.getvalue())) if sent else ""


def _figures(found: Join, images: int) -> None:
    facts(
        [
            (f"{found.joined:,} of {found.lines:,}", "lines found their image"),
            (f"{found.by_path:,}", "of them by path"),
            (f"{found.by_name:,}", "by a file name that is unique"),
            (f"{images - len(found.without_line):,} of {images:,}", "images have a line"),
        ]
    )


def _left_over(found: Join) -> None:
    """What did not match, kind by kind; nothing where all did."""
    kinds: dict[str, Sequence[str]] = {
        f"{words.count(len(found.nowhere), 'line')} without an image": found.nowhere,
        f"{words.count(len(found.ambiguous), 'line')} that could mean several": found.ambiguous,
        f"{words.count(len(found.without_line), 'image')} without a line": found.without_line,
        f"{words.count(len(found.repeated), 'image')} with several lines, of which the last counts": found.repeated,
    }
    kinds = {said: paths for said, paths in kinds.items() if paths}
    if not kinds:
        st.markdown(":green[:material/check:] Every line has its image, and every image its line.")
        return
    for tab, paths in zip(st.tabs(list(kinds)), kinds.values(), strict=True):
        with tab:
            st.dataframe(
                {"path": list(paths[:LISTED])}, hide_index=True, height=min(212, 40 + 30 * len(paths)), row_height=30
            )
            if len(paths) > LISTED:
                st.caption(f"The first {LISTED} of {len(paths):,}.")


def _columns(found: Join, settings: ColumnSettings, key: str) -> ColumnSettings | None:
    """Which columns to take, each with a few of its values."""
    if not found.columns:
        st.caption(f"The table has no column beside “{found.path_column}”.")
        return None
    wanted = [name for name in settings.csv_columns if name in found.columns] or list(found.columns)
    picked = st.pills(
        "Columns to take", list(found.columns), selection_mode="multi", default=wanted, wrap=True,
        key=f"{key}-take-{settings.csv}",
    )  # fmt: skip
    if not picked:
        st.caption("Take at least one column, or clear the path.")
        return None
    examples = [f"**{name}** {', '.join(found.columns[name]) or '(empty)'}" for name in picked]
    st.markdown(f":small[{' · '.join(examples)}]")
    return replace(settings, csv_columns=() if len(picked) == len(found.columns) else tuple(picked))

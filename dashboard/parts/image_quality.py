"""Images that show nothing, are out of focus, or are there twice: looked for when asked, shown as pictures."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import reads, sources, state
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.pictures import Picture, sheet
from engine.images.table import ImageTable
from engine.project import Project

SHOWN = 24  # pictures of a kind
TILE = "4.6rem"


def image_quality(project: Project) -> None:
    """Draw a button, and what was found once it was clicked in this tab."""
    asked = f"quality-{project.root}"
    if not state.value(asked):
        st.markdown("Looks at every thumbnail, about a millisecond each. Nothing is removed.")
        look = partial(state.set_value, asked, True)
        commit_button("Look for them", look, icon=":material/search:", key="look-for-quality")
        return
    found, table = sources.quality(project), reads.table(project)
    repeated = [int(row) for group in found.alike for row in group]
    if not (len(found.blank) or len(found.blurred) or repeated):
        st.markdown(":green[:material/check:] None is blank, out of focus or there twice, as far as thumbnails show.")
        return
    kinds = [
        (f"{words.count(len(found.blank), 'image')} with next to nothing on it", found.blank.tolist()),
        (f"{words.count(len(found.blurred), 'image')} far less sharp than the others", found.blurred.tolist()),
        (f"{words.count(found.repeats, 'image')} nearly another one over again, side by side", repeated),
    ]
    for said, rows in kinds:
        if rows:
            _kind(project, table, said, rows)


def _kind(project: Project, table: ImageTable, said: str, rows: list[int]) -> None:
    st.markdown(f"**{said}**")
    sheet(project, [Picture(table.contents[row], table.paths[row]) for row in rows[:SHOWN]], TILE)
    if len(rows) > SHOWN:
        st.caption(f"{SHOWN} of {len(rows):,}.")

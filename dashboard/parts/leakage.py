"""What can be read from an embedding that should not matter: patient, slide, folder."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.evaluate.leakage import Leak

COLOURS = {"strong": "orange", "notable": "blue", "slight": "gray"}


def leakage(leaks: Sequence[Leak]) -> None:
    """A popover that says how well each column can be read; its button warns where one can be read well."""
    if not leaks:
        return
    strong = [leak.column for leak in leaks if leak.strength == "strong"]
    key = "leakage-strong" if strong else "leakage"
    told = f"This embedding gives away: {', '.join(strong)}" if strong else "What neighbours share beside the class"
    with st.popover("Leakage", icon=":material/water_drop:", help=told, type="tertiary", key=key):
        st.markdown("**Leakage: what neighbours share beside what you label**")
        for leak in leaks:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{leak.column}**", width="content")
                st.badge(leak.strength, color=COLOURS[leak.strength])  # type: ignore[arg-type]
            st.markdown(leak.sentence)
        st.caption("“Colour by” shows where on the map neighbours share a value.")

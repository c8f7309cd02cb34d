"""Our browser components: HTML, CSS and JavaScript beside their Python, registered with Streamlit on first use."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parent


@cache
def read_component(name: str, shared: tuple[str, ...] = ()) -> ComponentRenderer:
    """The mounting command of the component in components/<name>/.

    Args:
        name: the folder; every .js in it is part of the component, <name>.js last, beside <name>.css and <name>.html.
        shared: names of files in components/shared/ that come first, such as "queue.js" or "theme.css".
    """
    folder = FOLDER / name
    common = [FOLDER / "shared" / one for one in shared]
    own = sorted(folder.glob("*.js"), key=lambda path: (path.stem == name, path.name))
    return st.components.v2.component(
        f"handful.{name}",
        html=_join([path for path in [folder / f"{name}.html"] if path.exists()]),
        css=_join([path for path in common if path.suffix == ".css"] + sorted(folder.glob("*.css"))),
        js=_join([path for path in common if path.suffix == ".js"] + own),
    )


def _join(paths: list[Path]) -> str:
    """The files one after the other; scripts share one scope, so a name is declared once in all of them."""
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)

"""What this browser tab is looking at. The only user of st.session_state and st.query_params.

Project, embedding and annotator stand in the address, so that a refresh, a bookmark or a second tab restores them.
Streamlit drops the address's parameters when a screen is left by the menu; `restore` puts them back on every run.
"""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from engine import home
from engine.errors import EngineError
from engine.project import Project
from engine.project import open_project as read_project
from engine.types import Indices

REMEMBERED = ("project", "embedding", "bench", "who")  # parameters that stay in the address on every screen


def restore() -> None:
    """Bring address and session into agreement; the address wins. Called once, first, on every run."""
    asked = st.query_params.get("project")
    if asked and asked != st.session_state.get("project"):
        for name in ("embedding", "bench", "selection", "episode"):
            st.session_state.pop(name, None)
    for name in REMEMBERED:
        value = st.query_params.get(name) or st.session_state.get(name)
        if value:
            _remember(name, value)


def project() -> Project:
    """The open project; where none is open, says so, offers the Project screen, and stops the run."""
    opened = project_or_none()
    if opened is None:
        _invite()
        st.stop()
    return opened


def project_or_none() -> Project | None:
    """The open project, or None; one that has gone is closed with its reason shown."""
    root = st.session_state.get("project")
    if not root:
        return None
    try:
        opened = read_project(home.allowed_path(Path(root)))
        if opened.root not in home.recent_projects():  # opened by its address: our routes serve recent projects only
            home.remember_project(opened.root)
        return opened
    except EngineError as error:
        close_project()
        st.warning(str(error), icon=":material/info:")
        return None


def open_project(root: Path) -> Project:
    """Open the project in a folder and remember it; selection and embedding start afresh.

    Raises:
        ProjectMissing, PathNotAllowed: there is no project there, or it may not be opened.
    """
    opened = read_project(home.allowed_path(root))
    home.remember_project(opened.root)
    close_project()
    _remember("project", str(opened.root))
    return opened


def close_project() -> None:
    """Forget the open project in this tab."""
    for name in ("project", "embedding", "bench", "selection", "episode"):
        st.session_state.pop(name, None)
        st.query_params.pop(name, None)


def annotator() -> str:
    """Who is labelling: the name given in this tab, else the computer's user."""
    return str(st.session_state.get("who") or getpass.getuser())


def annotator_known() -> bool:
    """Whether somebody has said who is labelling in this tab."""
    return bool(st.session_state.get("who"))


def set_annotator(name: str) -> None:
    """Put the annotator's name on everything that is labelled from now on."""
    _remember("who", name)


def embedding() -> str | None:
    """Name of the embedding in use, or None before one was chosen."""
    return st.session_state.get("embedding")


def set_embedding(name: str) -> None:
    """Use another embedding; what was selected stays selected, as rows are the same images."""
    _remember("embedding", name)


def bench() -> str | None:
    """Name of the benchmark that is looked at, or None before one was chosen."""
    return st.session_state.get("bench")


def set_bench(name: str) -> None:
    """Look at another benchmark."""
    _remember("bench", name)


def episode() -> str:
    """The episode of the Few-shot demo as its address has it, or as it was when that screen was left; "" at first."""
    return str(st.query_params.get("episode") or st.session_state.get("episode", ""))


def set_episode(text: str) -> None:
    """Show another episode; its address shows it to whoever opens it."""
    _remember("episode", text)


def selection() -> Indices:
    """Rows [M] of the image table that are selected; empty at first."""
    rows: Indices = st.session_state.get("selection", np.empty(0, np.int64))
    return rows


def set_selection(rows: Indices) -> None:
    """Select these rows [M] of the image table."""
    st.session_state["selection"] = np.asarray(rows, np.int64)


def value(name: str, default: Any = None) -> Any:
    """A screen's own note that should outlast a rerun, by name."""
    return st.session_state.get(f"note:{name}", default)


def set_value(name: str, new: Any) -> None:
    """Keep a screen's own note until the tab is closed."""
    st.session_state[f"note:{name}"] = new


def undrawn(key: str) -> bool:
    """Whether the widget with this key is about to be drawn for the first time since its screen was entered."""
    return key not in st.session_state


def go(screen: str) -> None:
    """Leave for another screen, by the name of its file, with the address's parameters."""
    kept = {name: st.session_state[name] for name in REMEMBERED if st.session_state.get(name)}
    st.switch_page(f"screens/{screen}.py", query_params=kept)


def notices() -> list[str]:
    """What is yet to be said in passing; fetched before work that must not be interrupted until it is said."""
    told: list[str] = st.session_state.setdefault("notices", [])
    return told


def notify(text: str) -> None:
    """Say something in passing, also when the run ends right after: the next run shows it."""
    notices().append(text)


def show_notices() -> None:
    """Show what `notify` was told since the last run."""
    for text in st.session_state.pop("notices", []):
        st.toast(text)


def _remember(name: str, value: str) -> None:
    st.session_state[name] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def _invite() -> None:
    with st.container(key="empty-no-project", horizontal_alignment="center", gap="medium"):
        st.header("No project is open", anchor=False)
        st.markdown("Open one of your projects, make a new one from a folder of images, or try the demo.")
        if st.button("Choose a project", type="primary", icon=":material/folder_open:"):
            go("project")

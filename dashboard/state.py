"""What this browser tab is looking at. The only user of st.session_state, st.query_params and st.context.

Project, embedding, colouring and selection stand in the address, so that a refresh, a bookmark or a second tab restores
them; so do the choices of widgets that are bound to it by `in_address`. Who labels is remembered by the browser in a
cookie instead: an address is passed on to others, who sign with their own names.
Streamlit drops the address's parameters when a screen is left by the menu; `restore` puts them back on every run.
"""

from __future__ import annotations

import getpass
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

import numpy as np
import streamlit as st

from dashboard import reads
from dashboard.components.tab import COOKIE
from engine import home
from engine.errors import EngineError, NoImages, UnknownImage
from engine.images.linked import link_selection, linked_selection
from engine.project import Project
from engine.project import open_project as read_project
from engine.types import Indices

OF_PROJECT = ("embedding", "bench", "colour", "selection")  # parameters that mean something in one project only
REMEMBERED = ("project", *OF_PROJECT)  # parameters that stay in the address on every screen
OF_SCREEN = ("episode", "class", "beside-left", "beside-right")  # parameters in the address of one screen only
SETTLING = 3.0  # seconds in which the browser may still send an address from before we changed it
ROWS = "selected rows"  # what they were made from, link and table; and the rows that the link stands for there


def restore() -> None:
    """Bring address and session into agreement; the address wins. Called once, first, on every run."""
    asked = st.query_params.get("project")
    if asked and asked != st.session_state.get("project") and not _settling("project"):
        _forget(*OF_PROJECT, ROWS, *OF_SCREEN)
    for name in REMEMBERED:
        ours = str(st.session_state.get(name, ""))
        _write(name, ours if _settling(name) else st.query_params.get(name) or ours)
    if who := st.query_params.get("who"):  # who comes by an address that names them is asked no more
        set_annotator(who)
        st.query_params.pop("who")


def restore_selection() -> None:
    """Select what the address says, where that is news; says so where it cannot. Called once, before a screen runs."""
    link, opened = str(st.session_state.get("selection", "")), project_or_none()
    if opened is None or not link:
        _forget(ROWS)
        return
    try:
        table = reads.table(opened)
        made_from = (link, table.fingerprint)
        if made_from == st.session_state.get(ROWS, (None,))[0]:
            return
        images = np.asarray(linked_selection(opened, link), object)
        known = np.isin(images, table.ids)
        if not known.any():
            raise UnknownImage("The images that the address selects are not in this project, or no longer.")
        st.session_state[ROWS] = (made_from, np.sort(table.rows(images[known].tolist())))
    except (UnknownImage, NoImages) as error:
        _forget(ROWS)
        _remember("selection", "")
        tell_stale(f"{error} Nothing is selected.")


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
    _forget(*REMEMBERED, ROWS, *OF_SCREEN)
    for name in REMEMBERED:
        st.query_params.pop(name, None)


def annotator() -> str:
    """Who is labelling: the name given in this tab, else in this browser, else the computer's user."""
    return annotator_given() or _known_to_browser() or getpass.getuser()


def annotator_known() -> bool:
    """Whether somebody has said who is labelling at this browser."""
    return bool(annotator_given() or _known_to_browser())


def annotator_given() -> str:
    """The name that was given in this tab and that the browser is to remember; "" where none was."""
    return str(st.session_state.get("who", ""))


def set_annotator(name: str) -> None:
    """Put the annotator's name on everything that is labelled from now on."""
    st.session_state["who"] = name


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


def shown_class() -> str:
    """The class that Review shows, as its address has it or as it was when that screen was left; "" for all."""
    return str(st.query_params.get("class") or st.session_state.get("class", ""))


def show_class(name: str) -> None:
    """Show the answers of one class; "" for all."""
    _write("class", name)


def colouring() -> str:
    """What this tab's person chose to colour images by; "" before they have chosen."""
    return str(st.session_state.get("colour", ""))


def beside(side: str) -> str:
    """The embedding that Compare shows on a side, as its address has it or as it was left; "" before one was shown."""
    return str(st.query_params.get(f"beside-{side}") or st.session_state.get(f"beside-{side}", ""))


def show_beside(side: str, embedding: str) -> None:
    """Show an embedding on a side of Compare, the usual one too: what is usual changes with every new embedding."""
    _write(f"beside-{side}", embedding)


def set_colouring(name: str) -> None:
    """Colour by something else, here and on the other screens with a map."""
    _remember("colour", name)


def selection() -> Indices:
    """Rows [M] of the image table that are selected; empty at first."""
    rows: Indices = st.session_state.get(ROWS, (None, np.empty(0, np.int64)))[1]
    return rows


def set_selection(rows: Indices) -> None:
    """Select these rows [M] of the image table; a file in the project keeps them where they are many."""
    opened, rows = project(), np.asarray(rows, np.int64)
    table = reads.table(opened)
    link = link_selection(opened, table.ids[rows].tolist())
    st.session_state[ROWS] = ((link, table.fingerprint), rows)
    _remember("selection", link)


def in_address(parameter: str, options: Collection[str] = ()) -> Literal["query-params"]:
    """For `bind=` of the widget with this key: its choice stands in the address, unless it is the usual one.

    Args:
        options: what can be chosen, as it is shown; an address that asks for anything else is said to be stale.
    """
    asked = st.query_params.get(parameter)
    if asked and options and asked not in options:
        tell_stale(f"The address asks for “{asked}”, which there is not, or no longer. You see the usual instead.")
    return "query-params"


def tell_stale(text: str) -> None:
    """Say that the address asked for what there is not; it stays a while, for it explains what else is seen."""
    st.toast(text, icon=":material/link_off:", duration="long")


def value(name: str, default: Any = None) -> Any:
    """A screen's own note that should outlast a rerun, by name."""
    return st.session_state.get(f"note:{name}", default)


def set_value(name: str, new: Any) -> None:
    """Keep a screen's own note until the tab is closed."""
    st.session_state[f"note:{name}"] = new


def entered(key: str) -> Any:
    """What stands in the field with this key; for a callback, which knows no other way to what a form sends."""
    return st.session_state[key]


def fill(key: str, text: str) -> None:
    """Put a text into the field with this key, which is yet to be drawn in this run."""
    st.session_state[key] = text


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


def _known_to_browser() -> str:
    return unquote(st.context.cookies.get(COOKIE, "")).strip()


def _remember(name: str, value: str) -> None:
    st.session_state[_changed(name)] = time.monotonic()
    _write(name, value)


def _write(name: str, value: str) -> None:
    st.session_state[name] = value
    if not value:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def _settling(name: str) -> bool:
    """Whether we have just changed a parameter: an address that differs is then the browser's from before."""
    return bool(time.monotonic() - st.session_state.get(_changed(name), -SETTLING) < SETTLING)


def _changed(name: str) -> str:
    return f"{name} changed"


def _forget(*names: str) -> None:
    for name in names:
        st.session_state.pop(name, None)
        st.session_state.pop(_changed(name), None)


def _invite() -> None:
    with st.container(key="empty-no-project", horizontal_alignment="center", gap="medium"):
        st.header("No project is open", anchor=False)
        st.markdown("Open one of your projects, make a new one from a folder of images, or try the demo.")
        if st.button("Choose a project", type="primary", icon=":material/folder_open:"):
            go("project")

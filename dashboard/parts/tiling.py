"""Cutting slides: which folder, what is in it, how to cut, and what that would give, before anything is cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import slide_reads
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.folder_browser import folder_browser
from dashboard.parts.forms import config_form
from dashboard.parts.slide_cards import slide_cards
from dashboard.parts.trouble import show_trouble
from engine import home
from engine.errors import EngineError
from engine.project import Project
from engine.settings import build, settings_of
from engine.slides.look import SlideLook
from engine.slides.plan import TileConfig
from engine.slides.read import SlideInfo
from engine.slides.survey import Expected

SCALE = "slide_mpp"  # the setting that is asked for only where a slide lacks it


@dataclass(frozen=True)
class Tiling:
    """What was asked for."""

    root: Path  # of the project
    name: str
    slides: Path
    settings: Mapping[str, Any]  # of TileConfig


Begin = Callable[[Tiling], None]


def tiling(project: Project | None, begin: Begin, *, busy: bool = False) -> None:
    """Draw the whole form.

    Args:
        project: over tiles, which the new ones are added to; None for a project to be made.
        begin: starts cutting.
        busy: whether slides are being cut into it already.
    """
    left, right = st.columns([5, 3], gap="large")
    with left:
        folder = folder_browser("slides", "Folder of slides")
        looks = _looks(folder)
    if folder is None or looks is None:
        with right, st.container(key="aside-tiling-how"):
            _explain()
        return
    with right, st.container(border=True, gap="small", key="aside-tiling"):
        settings = _settings(looks)
        counts = _counts(looks, settings)
        if busy:
            st.caption("Slides are being cut into this project. The next ones can be when that is done.")
        if counts and not busy:
            _summary(project, Tiling(Path(), "", folder, settings), counts, begin)
    if counts:
        with left:
            slide_cards(looks, counts)


def _looks(folder: Path | None) -> dict[str, SlideLook] | None:
    if folder is None:
        return None
    try:
        return slide_reads.survey(folder)
    except EngineError as error:
        st.info(str(error), icon=":material/info:")
        return None


def _explain() -> None:
    st.markdown(
        "**How it works**\n\n1. Choose the folder that holds your slides. They are never written to.\n2. See where "
        "tissue was found, and set size and scales.\n3. Cut: each tile becomes an image, and knows its slide, its "
        "place and its magnification.\n\nSeveral scales of one place make the *magnification* prior possible, places "
        "side by side the *spatial neighbour* prior."
    )


def _settings(looks: Mapping[str, SlideLook]) -> dict[str, Any]:
    """How to cut; µm per pixel is asked for only where a slide does not say it."""
    asked = [one for one in settings_of(TileConfig) if one.name != SCALE]
    settings = config_form(asked, "tiling", per_row=2)
    unscaled = [name for name, seen in looks.items() if seen.info and _lacks_scale(seen.info, settings)]
    if unscaled:
        with st.container(border=True, key="tiling-scale", gap="xsmall"):
            st.markdown(
                f"**{words.count(len(unscaled), 'slide')} without a scale.** It is not guessed: say how many µm one of "
                "the pixels is, or leave it at 0 and such slides are left out."
            )
            given = st.number_input("µm per pixel", 0.0, 100.0, 0.0, 0.05, "%.4g", key="tiling-mpp")
            settings |= {SCALE: given} if given else {}
    return settings


def _lacks_scale(info: SlideInfo, settings: Mapping[str, Any]) -> bool:
    """Whether nothing can be cut without a person saying how large a pixel is."""
    return not info.mpp and (not info.objective or bool(settings.get("mpps")))


def _counts(looks: Mapping[str, SlideLook], settings: Mapping[str, Any]) -> dict[str, Expected] | None:
    """What each slide would give; None, with the reason said, where the settings make no sense."""
    try:
        config = build(TileConfig, settings)
        return {name: slide_reads.expected_tiles(seen, config) for name, seen in looks.items()}
    except EngineError as error:
        show_trouble(error)
        return None


def _summary(project: Project | None, asked: Tiling, counts: Mapping[str, Expected], begin: Begin) -> None:
    """What it would give, where it goes, and the button; `asked` says all but where."""
    folder = asked.slides
    tiles, giving = sum(one.tiles for one in counts.values()), sum(one.tiles > 0 for one in counts.values())
    st.html(f"<div class='fact'><b>{tiles:,}</b><span>tiles from {words.count(giving, 'slide')}</span></div>")
    if project:
        st.caption(f"They are added to {project.name}. Tiles that are there already are not cut again.")
        name, root = project.name, project.root
    else:
        name = st.text_input("Name", home.project_name_for(folder), key=f"tiling-name-{folder}")
        root = Path(
            st.text_input(
                "Project folder",
                home.said(home.project_folder_for(folder)),
                key=f"tiling-root-{folder}",
                help="Tiles, labels, trainings and exports go here; never into the folder of slides.",
            )
        )
    commit_button(
        "Cut tiles",
        lambda: begin(replace(asked, root=home.allowed_path(root), name=name)),
        then="slides",
        waits=True,
        type="primary",
        icon=":material/grid_on:",
        width="stretch",
        disabled=not tiles,
        key="tiling-cut",
    )

"""What screens read of slides from the engine, cached by what it was made from."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import reads
from engine.files import Stamp, stamp_of
from engine.project import Project
from engine.slides.look import SlideLook
from engine.slides.look import tissue_picture as make_tissue_picture
from engine.slides.plan import TileConfig
from engine.slides.survey import Expected, expected, slide_names
from engine.slides.survey import survey as make_survey
from engine.slides.view import SlideTiles
from engine.slides.view import slide_tiles as make_slide_tiles
from engine.slides.view import tiled_slides as make_tiled_slides


def survey(folder: Path) -> dict[str, SlideLook]:
    """What each slide in a folder is, by name; looks at every slide once, which takes seconds.

    Raises:
        PathNotAllowed: no such folder, or none with a slide in it.
        ExtraMissing: OpenSlide is not installed.
    """
    names = slide_names(folder)
    return _survey(tuple((name, str(path), stamp_of(path)) for name, path in names.items()))


def expected_tiles(seen: SlideLook, config: TileConfig) -> Expected:
    """What the settings would cut from a slide."""
    return _expected(str(seen.path), stamp_of(seen.path), config, seen)


def tissue_picture(seen: SlideLook, side: int) -> bytes:
    """The overview of a slide with its tissue, as WebP."""
    return _tissue_picture(str(seen.path), stamp_of(seen.path), side, seen)


def tiled_slides(project: Project) -> dict[str, int]:
    """The slides that the project's tiles were cut from, with the number of their tiles."""
    return _tiled_slides(str(project.root), stamp_of(project.table_path), project)


def slide_tiles(project: Project, slide: str) -> SlideTiles:
    """Where the tiles of a slide lie.

    Raises:
        UnknownImage: no tile is of this slide.
    """
    return _slide_tiles(str(project.root), stamp_of(project.table_path), slide, project)


@st.cache_resource(max_entries=4, show_spinner="Looking at the slides …")
def _survey(files: tuple[tuple[str, str, Stamp], ...]) -> dict[str, SlideLook]:
    return make_survey({name: Path(path) for name, path, _ in files})


@st.cache_data(max_entries=4000, show_spinner=False)
def _expected(path: str, stamp: Stamp, config: TileConfig, _seen: SlideLook) -> Expected:
    return expected(_seen, config)


@st.cache_data(max_entries=400, show_spinner=False)
def _tissue_picture(path: str, stamp: Stamp, side: int, _seen: SlideLook) -> bytes:
    return make_tissue_picture(_seen, side)


@st.cache_resource(max_entries=8, show_spinner=False)
def _tiled_slides(root: str, stamp: Stamp, _project: Project) -> dict[str, int]:
    return make_tiled_slides(reads.table(_project))


@st.cache_resource(max_entries=32, show_spinner=False)
def _slide_tiles(root: str, stamp: Stamp, slide: str, _project: Project) -> SlideTiles:
    return make_slide_tiles(reads.table(_project), slide)

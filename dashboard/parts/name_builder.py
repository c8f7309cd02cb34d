"""What the file names say: patterns they follow to choose from or write, and beside each name what it would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from dashboard import sources, state
from dashboard.parts import words
from dashboard.parts.name_table import name_table
from dashboard.parts.trouble import told_here
from engine.images.preview import Tried
from engine.images.propose import Proposal
from engine.project import ColumnSettings

NOTHING = "nothing"  # the choice to read no names
SHOWN = 40  # names in the table


def name_builder(folder: Path, settings: ColumnSettings, key: str) -> ColumnSettings | None:
    """Draw the builder; returns the settings as they stand, None while the pattern is broken.

    Args:
        folder: of the images.
        settings: to begin with.
        key: tells this builder from others on the screen.
    """
    proposals = sources.proposals(folder)
    wished = state.value(f"reading-{key}", settings)
    asked = _pattern_field(key, wished, settings)
    with st.container(key=f"names-{key.partition('/')[0]}"):
        left, right = st.columns([2, 3], gap="medium")
    with left:
        chosen = _chosen(asked, proposals, sources.tried(folder, replace(asked, pattern="", csv="")))
        picked = _choice(proposals, chosen, key)
        if picked != chosen:
            _take(key, _settings_of(picked, proposals, asked))
        on = st.toggle("Folder levels become columns too", asked.folders, key=f"{key}-folders")
        asked = replace(asked, folders=on)
    with right, told_here():
        _show(folder, asked, key)
        return asked
    return None


def forget(key: str) -> None:
    """Begin again from the settings that are given: those chosen here were applied."""
    state.set_value(f"reading-{key}", None)


def _pattern_field(key: str, wished: ColumnSettings, settings: ColumnSettings) -> ColumnSettings:
    typed = st.text_input(
        "Pattern",
        wished.pattern,
        key=f"{key}-pattern-{state.value(f'taken-{key}', 0)}",
        live=True,
        placeholder="{patient}_{slide}-x{x:number}",
        help="`{patient}` takes what stands there, `{x:number}` digits, `{kind:letters}` letters, `*` what you do not "
        "want; “/” is a folder. A column named twice must read the same both times. A regular expression with named "
        "groups, as in `(?P<patient>[0-9]+)`, does as well.",
    ).strip()  # fmt: skip
    if typed == wished.pattern:
        return wished
    return replace(wished, pattern=typed, reader="none" if typed else settings.reader)


def _take(key: str, settings: ColumnSettings) -> None:
    """Go on from a proposal: the field is drawn anew with its pattern."""
    state.set_value(f"reading-{key}", settings)
    state.set_value(f"taken-{key}", state.value(f"taken-{key}", 0) + 1)
    st.rerun()


def _choice(proposals: Sequence[Proposal], chosen: str, key: str) -> str:
    """The proposals to choose from, none of them marked where the pattern is the user's own."""
    names = [*map(_name, proposals), NOTHING]
    titles = [f"`{one.pattern}`" if one.pattern else f"{one.title} :violet-badge[known]" for one in proposals]
    said = dict(zip(names, [*titles, "Nothing"], strict=True))
    picked = st.radio(
        "The names follow" if proposals else "The names follow no pattern that tells anything",
        names,
        names.index(chosen) if chosen in names else None,
        key=f"{key}-proposal-{chosen}",
        format_func=said.__getitem__,
        captions=[*(one.reason for one in proposals), "No columns from file names."],
    )
    return picked or chosen


def _name(proposal: Proposal) -> str:
    return proposal.pattern or f"reader-{proposal.reader}"


def _chosen(wished: ColumnSettings, proposals: Sequence[Proposal], now: Tried) -> str:
    """The card that stands for the settings; "" for a pattern of the user's own."""
    if wished.pattern:
        return next((_name(one) for one in proposals if one.pattern == wished.pattern), "")
    return NOTHING if now.reader == "none" else f"reader-{now.reader}"


def _settings_of(picked: str, proposals: Sequence[Proposal], settings: ColumnSettings) -> ColumnSettings:
    one = next((one for one in proposals if _name(one) == picked), None)
    return replace(settings, pattern=one.pattern if one else "", reader=one.reader if one else "none")


def _show(folder: Path, asked: ColumnSettings, key: str) -> None:
    """The names with what is taken from them coloured, beside the columns."""
    tried = sources.tried(folder, asked)
    read, unread = tried.read, tried.unread
    if not read and not asked.pattern:
        st.caption("No columns are read from the file names. Choose a pattern, or write one of your own.")
    said = {"read": f"{words.count(len(read), 'name')} read", "unread": f"{len(unread):,} not read"}
    which = "read"
    if unread:
        which = st.segmented_control(
            "Names", list(said), default="read" if read else "unread", format_func=said.__getitem__,
            key=f"{key}-which-{bool(read)}", label_visibility="collapsed", required=True,
        )  # fmt: skip
    elif read:
        st.markdown(f":green[:material/check:] All {words.count(len(read), 'name')} read")
    rows = read if which == "read" else unread
    name_table(tried.table, rows[:: max(1, len(rows) // SHOWN)][:SHOWN], asked, tried.reader)
    if len(rows) > SHOWN:
        st.caption(f"{SHOWN} of {words.count(len(rows), 'name')}, evenly from all.")

"""Tells a person where they and another call an image differently, as soon as it happens; neither label is lost."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from engine.labels.contradictions import Contradiction
from engine.project import Project

HEARD = "labels heard of"  # state note: project, and the version of its labels up to which this tab was told


def hear_others(project: Project | None) -> None:
    """Say which labels since this tab's last run contradict this person, or whom this person contradicts."""
    if project is None:
        return
    store, who = reads.labels(project), state.annotator()
    version = store.version()
    root, heard = state.value(HEARD, ("", version))
    if root == str(project.root) and heard < version:
        found = store.contradictions(heard)
        for text in told(found, who, _files(project) if found else {}):
            st.toast(text, icon=":material/forum:", duration="long")
    state.set_value(HEARD, (str(project.root), version))


def told(found: Sequence[Contradiction], who: str, files: dict[str, str]) -> list[str]:
    """What to say to a person, a sentence for each other person and direction.

    Args:
        who: the person.
        files: name of the file by image.
    """
    mine = [one for one in found if one.now == who]
    others = [one for one in found if one.before == who]
    said = [_mine(other, own, files) for other, own in _by_person(mine, "before")]
    said += [_theirs(other, own, files) for other, own in _by_person(others, "now")]
    return [f"{one} Both stay in the log: Quality → Agreement." for one in said]


def _mine(other: str, found: list[Contradiction], files: dict[str, str]) -> str:
    last = found[-1]
    if len(found) > 1:
        return f"**{words.plain(other)}** had labelled {len(found):,} of these images otherwise; yours count now."
    return (
        f"**{words.plain(other)}** labelled {_name(last, files)} “{words.plain(last.said)}” {words.ago(last.when)}; "
        f"your “{words.plain(last.says)}” counts now."
    )


def _theirs(other: str, found: list[Contradiction], files: dict[str, str]) -> str:
    last = found[-1]
    if len(found) > 1:
        return f"**{words.plain(other)}** calls {len(found):,} of your images otherwise; that counts now."
    return (
        f"**{words.plain(other)}** calls {_name(last, files)} “{words.plain(last.says)}”, which you had labelled "
        f"“{words.plain(last.said)}”; that counts now."
    )


def _by_person(found: Sequence[Contradiction], side: str) -> list[tuple[str, list[Contradiction]]]:
    people = dict.fromkeys(getattr(one, side) for one in found)
    return [(person, [one for one in found if getattr(one, side) == person]) for person in people]


def _name(one: Contradiction, files: dict[str, str]) -> str:
    return words.plain(files.get(one.image, "an image"))


def _files(project: Project) -> dict[str, str]:
    table = reads.table(project)
    return {image: path.rpartition("/")[2] for image, path in zip(table.ids, table.paths, strict=True)}

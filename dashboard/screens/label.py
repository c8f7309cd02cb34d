"""Label: one image after the other, the class by key, what it changes at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import links, reads, state
from dashboard.components.stage import SKIPPED, ClassButton, Shot, Words, stage
from dashboard.parts.class_editor import class_editor, edit_classes
from dashboard.parts.label_events import stage_events
from dashboard.parts.needed_embedding import needed_embedding
from dashboard.parts.signature import ask_signature
from dashboard.parts.stage_words import what_changed, what_is_stored
from dashboard.parts.suggested import suggested
from engine.labels.events import ACCEPTED
from engine.labels.suggest import Suggestion
from engine.project import Project

BATCHES = (10, 20, 50, 100)
RECOMMENDED = "auto"  # the strategy to start with


def choices(project: Project) -> tuple[str, int]:
    """The choices beside the screen's name; returns strategy and batch size."""
    cards = {card["name"]: card for card in reads.catalogue()["strategies"]}
    strategy = st.selectbox(
        "Suggest",
        sorted(cards, key=lambda name: name != RECOMMENDED),
        format_func=lambda name: cards[name]["title"],
        help="  \n".join(f"**{card['title']}** {card['summary']}" for card in cards.values()),
        label_visibility="collapsed",
        width=190,
        key="label-strategy",
        bind=state.in_address("label-strategy", [card["title"] for card in cards.values()]),
    )
    count = st.selectbox(
        "Images a batch",
        BATCHES,
        index=1,
        format_func=lambda number: f"{number} at a time",
        label_visibility="collapsed",
        width=140,
        key="label-batch",
    )
    if st.button("Classes", icon=":material/palette:"):
        edit_classes(project)
    return str(strategy), int(count)


def shots(project: Project, suggestions: Sequence[Suggestion]) -> list[Shot]:
    """The suggestions with their pictures and what has been decided about them."""
    table = reads.table(project)
    labels = reads.labels_current(project)
    hand = labels[labels["how"] != ACCEPTED]
    marks: dict[str, Any] = dict.fromkeys(reads.labels(project).skipped(), SKIPPED)
    marks |= dict(zip(hand["image"], hand["class_id"].tolist(), strict=True))
    rows = table.rows([one.id for one in suggestions])
    return [
        Shot(
            id=one.id,
            url=links.image_url(project, one.id),
            thumb=links.thumb_url(project, table.contents[row]),
            caption=one.path,
            reason=one.reason,
            mark=marks.get(one.id, ""),
        )
        for one, row in zip(suggestions, rows, strict=True)
    ]


def buttons(project: Project) -> list[ClassButton]:
    """The classes with their counts, each with the first images that people gave it."""
    table = reads.table(project)
    shown = reads.exemplars(project)
    return [
        ClassButton(
            id=one.id,
            name=one.name,
            colour=one.colour,
            key=one.key,
            count=counted.count,
            exemplars=tuple(links.thumb_url(project, table.contents[row]) for row in shown.get(one.id, ())),
        )
        for one, counted in zip(reads.classes(project), reads.tally(project).per_class, strict=True)
    ]


def invite_classes(project: Project) -> None:
    """What stands here before there are classes: their editor."""
    with st.container(key="empty-no-classes", horizontal_alignment="center", gap="small"):
        st.header("What do you want to tell apart?", anchor=False)
        st.markdown("Name the first two classes. More can be added, renamed, merged or deleted at any time.")
        with st.container(width=480):
            class_editor(project, "classes-first")


def main() -> None:
    head = st.container(horizontal=True, vertical_alignment="center", gap="small")
    head.title("Label", anchor=False, width="stretch")
    project = state.project()
    embedding = needed_embedding(project, "before it can suggest which to label first")
    with head:
        strategy, count = choices(project)
    if len(reads.classes(project)) < 2:
        invite_classes(project)
        return
    ask_signature()
    words = Words(
        saved=what_is_stored(project),
        effect=what_changed(project, embedding),
        finished="Every image is labelled or skipped. Review what the others were given, then export.",
    )
    stage(
        shots(project, suggested(project, embedding, strategy, count)),
        buttons(project),
        words,
        stage_events(project, strategy, state.annotator()),
        key=f"stage-{links.project_key(project)}",
    )


main()

"""Export: take the labels with you, as a table, as folders, with everything that made them; and bring them back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.choice_cards import Choice, choice_cards
from dashboard.parts.committing import commit_button
from dashboard.parts.empty import empty
from dashboard.parts.heading import heading
from dashboard.parts.last_step import last_step
from dashboard.parts.progress import progress_bar
from engine import home
from engine.catalogue import Card, card_settings
from engine.export import collect, export
from engine.export.target import default_target
from engine.labels.imports import import_labels
from engine.project import Project

ROWS = 8  # of the preview
SHOWN = ("path", "class", "how", "who", "when", "probability", "propagation")


def choose_format() -> Card:
    """The formats as cards; returns the one chosen."""
    cards = {card["name"]: card for card in reads.catalogue()["exports"]}
    chosen = state.value("export-format", next(iter(cards)))
    choice_cards(
        [Choice(name, card["title"], words.sentence(card["summary"])) for name, card in cards.items()],
        chosen,
        partial(state.set_value, "export-format"),
        key="export",
    )
    return cards[chosen]


def export_form(project: Project, card: Card) -> None:
    """Where to and what; the button that writes."""
    links_offered = any(setting.name == "links" for setting in card_settings(card))
    target, button = st.columns([5, 1], vertical_alignment="bottom", gap="small")
    path = target.text_input(
        "Write to", home.said(default_target(project, card["name"])), key=f"export-target-{card['name']}-{project.root}"
    )
    with st.container(horizontal=True, gap="large"):
        hand_only = st.toggle("Only labels by hand", key="export-hand-only")
        links = links_offered and st.toggle("Links, not copies", key="export-links")

    def write() -> None:
        state.set_value("export-report", None)
        with st.empty():
            out = home.allowed_path(Path(path))
            bar = progress_bar("Writing")
            report = export(project, card["name"], out, links=links, hand_only=hand_only, progress=bar)
        state.set_value("export-report", report)

    commit_button(
        "Export",
        write,
        waits=True,
        draw=button.button,
        type="primary",
        icon=":material/ios_share:",
        width="stretch",
        key="export-write",
    )
    if report := state.value("export-report"):
        st.success(report.sentence, icon=":material/check_circle:")
    preview(project, hand_only)


def preview(project: Project, hand_only: bool) -> None:
    """The first rows, as they will be written."""
    frame, missing = collect(reads.table(project), reads.labels(project), hand_only)
    lost = f" {words.count(missing, 'labelled image')} without a file are left out." if missing else ""
    st.markdown(f"**What is written** :gray[{words.count(len(frame), 'image')}, the first {ROWS} below.{lost}]")
    st.dataframe(
        frame.head(ROWS),
        hide_index=True,
        placeholder="",
        column_order=SHOWN,
        column_config={
            "path": st.column_config.TextColumn("path", width="large"),
            "probability": st.column_config.NumberColumn("probability", format="%.3f"),
        },
    )


def bring_in(project: Project) -> None:
    """Labels from a table: an export of this or another project, or anybody's CSV."""
    st.header("Bring labels in", anchor=False)
    st.markdown(
        "From a CSV with a path and a class in each row. A table that Handful exported gives the same labels again, "
        "accepted ones as accepted. It is one step and undoes as one."
    )
    with st.form("import", border=False):
        path, column, button = st.columns([4, 1.6, 1.1], vertical_alignment="bottom")
        table = path.text_input("Table", key="import-path", placeholder="/folder/labels.csv").strip()
        name = column.text_input("Column of classes", key="import-column", placeholder="label or class").strip()

        def read() -> str:
            return table and import_labels(project, home.allowed_path(Path(table)), name, state.annotator()).sentence

        commit_button(
            "Import",
            read,
            waits=True,
            draw=button.form_submit_button,
            icon=":material/download:",
            width="stretch",
            key="import-read",
        )
    last_step(project)


def main() -> None:
    heading("Export", "Take the labels with you. Every row says how the label came about: by whom, when, or by what.")
    project = state.project()
    tally = reads.tally(project)
    if tally.labelled or tally.accepted:
        export_form(project, choose_format())
    else:
        empty(
            "No labels to export yet",
            "Label some images, let them answer for the others, accept what is sure. Or bring labels in from a table.",
            action="Label images",
            screen="label",
            icon="label",
        )
    st.space("medium")
    bring_in(project)


main()

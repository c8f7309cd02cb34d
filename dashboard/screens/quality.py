"""Quality: how far the labelling has come, and how good the answers are where the truth is known."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.class_meter import class_meter
from dashboard.parts.empty import empty
from dashboard.parts.facts import facts
from dashboard.parts.heading import heading
from dashboard.parts.label_curve import label_curve
from dashboard.parts.needed_embedding import needed_embedding
from dashboard.parts.score_card import score_card
from dashboard.parts.trouble import told_here
from engine import home
from engine.evaluate import evaluate
from engine.labels.activity import activity
from engine.project import Project


def progress(project: Project) -> None:
    """The labels so far: how many, how even, how fast."""
    tally = reads.tally(project)
    went = activity(reads.labels_current(project))
    facts(
        [
            (f"{tally.labelled:,}", "labelled by hand"),
            (f"{tally.accepted:,}", "pseudo-labels accepted"),
            (f"{went.per_minute:.0f}" if went.per_minute else "–", "labels a minute, pauses left out"),
            (words.duration(went.seconds) if went.seconds else "–", "spent labelling"),
            (f"{len(went.by_person):,}", "person" if len(went.by_person) == 1 else "people"),
        ]
    )
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        st.markdown("**Balance of the classes**", help="Classes with few labels are guessed badly. Even is good.")
        class_meter(tally.per_class)
    with right:
        st.markdown("**Labels over time**", help="The labels that hold now, by the time they were given; UTC.")
        label_curve(went.curve, reads.classes(project))


def compare(project: Project) -> None:
    """The comparison with a truth file, asked for and shown."""
    st.subheader("Against the truth", anchor=False)
    st.markdown(
        "If you have a table with the true classes, Handful can say how often its answers are right. The truth is "
        "read, compared and forgotten: it never becomes a label, never steers a suggestion, never reaches the training."
    )
    columns = ["", *reads.table(project).metadata]
    with st.form("truth", border=False):
        path, column, group, button = st.columns([3.6, 1.4, 1.6, 1.2], vertical_alignment="bottom")
        table = path.text_input("Table of the truth, CSV or Parquet", key="truth-path", placeholder="/folder/truth.csv")
        label = column.text_input("Column of classes", "label", key="truth-column")
        grouped = group.selectbox(
            "Groups",
            columns,
            format_func=lambda name: name or "single images",
            key="truth-group",
            help="Images of one patient are not independent. Choose their column, and intervals keep patients whole.",
        )
        asked = button.form_submit_button("Compare", type="primary", width="stretch")
    if asked and table.strip():
        embedding = needed_embedding(project, "before it can answer for any of them")
        with told_here():
            scores = evaluate(project, home.allowed_path(Path(table.strip())), label, grouped, embedding)
            state.set_value("scores", (project.root, reads.labels(project).version(), scores))
    root, version, scores = state.value("scores", (None, 0, None))
    if scores is None or root != project.root:
        return
    if version != reads.labels(project).version():
        st.info("You have labelled since. Compare again to see what it changed.", icon=":material/refresh:")
    score_card(scores)


def main() -> None:
    project = state.project()
    heading("Quality", "How far the labels have come, and how good the answers are where the truth is known.")
    if not reads.tally(project).labelled:
        empty(
            "No labels yet",
            "Once you have labelled a few images, this screen shows how even the classes are, how fast you went, and "
            "how good the answers for all other images are.",
            action="Label images",
            screen="label",
            icon="label",
        )
        return
    progress(project)
    st.space("medium")
    compare(project)


main()

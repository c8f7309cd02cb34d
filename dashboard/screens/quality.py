"""Quality: whether more labels are worth it, how good the answers are, how far people agree, how the labelling went."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import checks, reads, state
from dashboard.parts import words
from dashboard.parts.agreement_card import agreement_card
from dashboard.parts.committing import commit_button
from dashboard.parts.empty import empty
from dashboard.parts.facts import facts
from dashboard.parts.heading import heading
from dashboard.parts.learning_figure import learning_figure
from dashboard.parts.needed_embedding import needed_embedding
from dashboard.parts.score_card import score_card
from dashboard.parts.your_labelling import your_labelling
from engine import home
from engine.errors import TooFewLabels
from engine.evaluate import evaluate
from engine.labels.activity import activity
from engine.labels.effort import effort
from engine.project import Project


def sums(project: Project) -> None:
    """The labelling in five figures."""
    tally = reads.tally(project)
    went, people = effort(checks.efforts(project)), activity(reads.labels_current(project)).by_person
    facts(
        [
            (f"{tally.labelled:,}", "labelled by hand"),
            (f"{tally.accepted:,}", "pseudo-labels accepted"),
            (f"{went.per_minute:,.0f}" if went.per_minute else "–", "labels a minute of work"),
            (words.duration(went.seconds) if went.seconds else "–", "spent labelling"),
            (
                f"{len(people):,}",
                "person gave these labels" if len(people) == 1 else "people gave these labels",
            ),
        ]
    )


def groups(project: Project, key: str) -> str:
    """The column whose groups are put aside whole."""
    columns = ["", *reads.table(project).metadata]
    return str(
        st.selectbox(
            "Put aside together",
            columns,
            format_func=lambda name: f"images of one {name}" if name else "single images",
            key=key,
            help="Images of one patient are alike. Choose their column, and a label is judged by other patients only.",
        )
    )


def enough(project: Project) -> None:
    """Whether more labels are worth their time."""
    embedding = needed_embedding(project, "before it can be said what a label is worth")
    said, picker = st.columns([3, 1], gap="large")
    with picker:
        group = groups(project, "enough-group")
    try:
        curve = checks.learning_curve(project, embedding, group)
    except TooFewLabels as error:
        empty("Too early to tell", str(error), action="Label images", screen="label", icon="label")
        return
    said.header(curve.advice, anchor=False)
    said.markdown(curve.reason)
    learning_figure(curve)
    st.caption(
        "Some labels are put aside and asked for; the others answer, few of them or many. Balanced accuracy is the "
        "share named rightly, each class counting the same; with 95% intervals. Suggested images are not a draw from "
        "all of them, so trust the rise more than the height; an audit on the Review screen tells the height."
    )


def good(project: Project) -> None:
    """How good the answers are: against a truth file, or else by labels put aside."""
    if not compare(project):
        st.space("small")
        by_labels(project)


def by_labels(project: Project) -> None:
    """The scores of labels put aside."""
    embedding = needed_embedding(project, "before it can answer for any of them")
    title, picker = st.columns([3, 1], vertical_alignment="bottom")
    title.header("By your own labels", anchor=False)
    with picker:
        group = groups(project, "left-out-group")
    try:
        scores = checks.left_out_scores(project, embedding, group)
    except TooFewLabels as error:
        st.caption(str(error))
        return
    st.markdown(
        f"Each label was put aside and the others were asked for it. Guessing would be right in "
        f"{1 / len(scores.classes):.0%}, classes weighing the same. Suggested images are no draw from all images, and "
        "neither is this score."
    )
    score_card(scores, "labels put aside")


def compare(project: Project) -> bool:
    """The comparison with a truth file, asked for and, where there is one (True), shown."""
    st.header("Against the truth", anchor=False)
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

        def score() -> None:
            if table.strip():
                embedding = needed_embedding(project, "before it can answer for any of them")
                scores = evaluate(project, home.allowed_path(Path(table.strip())), label, grouped, embedding)
                state.set_value("scores", (project.root, reads.labels(project).version(), scores))

        commit_button(
            "Compare",
            score,
            waits=True,
            draw=button.form_submit_button,
            type="primary",
            width="stretch",
            key="truth-compare",
        )
    root, version, scores = state.value("scores", (None, 0, None))
    if scores is None or root != project.root:
        return False
    if version != reads.labels(project).version():
        st.info("You have labelled since. Compare again to see what it changed.", icon=":material/refresh:")
    score_card(scores)
    return True


VIEWS = {  # what the screen can show → what draws it
    "Enough labels?": enough,
    "How good": good,
    "Agreement": agreement_card,
    "Your labelling": your_labelling,
}


def main() -> None:
    heading("Quality", "How good the answers are, whether more labels are worth your time, and how far people agree.")
    project = state.project()
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
    sums(project)
    st.space("small")
    view = st.segmented_control(
        "View",
        list(VIEWS),
        default=next(iter(VIEWS)),
        label_visibility="collapsed",
        required=True,
        key="quality-view",
        bind=state.in_address("quality-view", VIEWS),
    )
    VIEWS[str(view)](project)


main()

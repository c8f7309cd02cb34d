"""The result of a bench: what may be said of it, figures, table, downloads."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from dashboard.parts.bench_figures import intervals, label_lines, leakage_points, time_points
from engine.bench import as_csv
from engine.bench.compare import Question, first_prior, strictest
from engine.bench.results import Results
from engine.bench.summary import by_labels, findings, summary
from engine.bench.table import caption

WHOLE, TALLEST = 17, 620  # rows up to which the table is shown whole; pixels of a longer one
CLASSIFIERS = {"linear": "Linear", "knn": "Neighbours", "propagation": "Propagation"}
FOLDS = {"disjoint": "Other groups", "all": "All images"}
CAUTION = (
    "Rows are compared draw by draw, as all see the same labels; “not told apart” means that the 95% interval of the "
    "difference holds zero. "
)
OVER_DRAWS = "Intervals are over draws of labels; another training of the same method may differ more."
OVER_TRAININGS = "Intervals are over {repeats} trainings of each kind, each with draws of its own."


def bench_result(results: Results, question: Question) -> None:
    """Draw the result for one question."""
    frame = summary(results, question)
    if frame.empty:
        st.info("Nothing has been scored yet.", icon=":material/hourglass_empty:")
        return
    grouped = results["groups"] is not None
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        st.markdown(
            "**Balanced accuracy**",
            help="Mean and 95% interval. Filled: clearly above random weights of the same encoder. Open: not. Grey "
            "diamonds and dotted lines: what was not trained.",
        )
        intervals(frame)
        if grouped:
            _leakage(frame, results["settings"]["group"])
        st.markdown("**What time brings**", help="Seconds of training on this machine, start and embedding left out.")
        time_points(frame)
    with right:
        _words(results, question)
        st.markdown("**What labels bring**")
        label_lines(by_labels(results, question), frame)
    st.markdown("**All rows**")
    _table(frame, first_prior(results), grouped=grouped)
    st.caption(caption(results))
    _left_out(results)
    _downloads(results)


def choose_question(results: Results) -> Question:
    """Pickers of the classifier, the labels and the folds, side by side."""
    usual, settings = strictest(results), results["settings"]
    classifier = st.segmented_control(
        "Answered by",
        list(CLASSIFIERS),
        default=usual.classifier,
        format_func=CLASSIFIERS.__getitem__,
        key="bench-classifier",
        help="Linear: logistic regression. Neighbours: vote of the nearest labelled images. Propagation: as in the "
        "rest of Handful.",
    )
    labels = st.segmented_control("Labels of each class", settings["labels"], default=usual.labels, key="bench-k")
    folds: str | None = usual.folds
    if settings["group"]:
        folds = st.segmented_control(
            "Scored on", list(FOLDS), default=usual.folds, format_func=FOLDS.__getitem__, key="bench-folds"
        )
    return Question(classifier or usual.classifier, labels or usual.labels, folds or usual.folds)


def _words(results: Results, question: Question) -> None:
    for sentence in findings(results, question):
        st.markdown(sentence)
    repeats = results["settings"].get("repeats", 1)
    st.caption(CAUTION + (OVER_TRAININGS.format(repeats=repeats) if repeats > 1 else OVER_DRAWS))


def _leakage(frame: pd.DataFrame, group: str) -> None:
    st.markdown(
        f"**Does it see the {group}?**",
        help=f"Share of the 10 nearest images that are of the same {group}. Far above chance, the embedding has learnt "
        f"the {group} as well, and only scores on other groups count.",
    )
    leakage_points(frame, group)


def _table(frame: pd.DataFrame, first: str, *, grouped: bool) -> None:
    shown = ["method", "prior", "encoder", "score", "low", "high"]
    shown += ["over_first_interval"] if (frame["beats_first"] != "").any() else []
    shown += [
        "over_random",
        "over_imagenet",
        "neighbours",
        "neighbours_null",
        "train_seconds",
        "views_per_second",
        "epochs",
        *(["leakage"] if grouped else []),
    ]
    number = st.column_config.NumberColumn
    st.dataframe(
        frame,
        hide_index=True,
        column_order=shown,
        height="content" if len(frame) <= WHOLE else TALLEST,
        placeholder="–",
        column_config={
            "method": st.column_config.TextColumn("method", width="medium"),
            "score": st.column_config.ProgressColumn(
                "score", help="mean balanced accuracy", min_value=0.0, max_value=1.0, format="%.3f"
            ),
            "low": number("from", help="lower end of the 95% interval", format="%.3f"),
            "high": number("to", help="upper end of the 95% interval", format="%.3f"),
            "over_random": number(
                "over random", help="mean difference to random weights, draw by draw", format="%+.3f"
            ),
            "over_imagenet": number(
                "over ImageNet", help="mean difference to frozen ImageNet features", format="%+.3f"
            ),
            "over_first_interval": st.column_config.TextColumn(
                f"points over {first}",
                help="mean difference to the same training with the first prior, and its 95% interval",
            ),
            "neighbours": number("all labels", help="vote of the nearest images with all labels known", format="%.3f"),
            "neighbours_null": number("all, random", help="the same vote with random weights", format="%.3f"),
            "train_seconds": number("seconds", format="%.0f"),
            "views_per_second": number("views/s", format="localized"),
            "epochs": number("epochs", format="%.1f"),
            "leakage": number("leakage", help="share of the nearest from the same group", format="%.3f"),
        },
    )


def _left_out(results: Results) -> None:
    if not results["skipped"]:
        return
    with st.expander(f"Left out: {len(results['skipped'])}", icon=":material/block:"):
        for one in results["skipped"]:
            named = " · ".join(filter(None, (one["method"], one["prior"], one["encoder"])))
            st.markdown(f"**{named}**: {one['reason']}")


def _downloads(results: Results) -> None:
    name = results["name"]
    with st.container(horizontal=True, gap="small"):
        st.download_button("CSV", as_csv(results), f"{name}.csv", "text/csv", icon=":material/download:")
        text = json.dumps(results, indent=2, ensure_ascii=False)
        st.download_button("JSON", text, f"{name}.json", "application/json", icon=":material/download:")

"""Which episode to look at: where the classes come from, how many, how many labels, which method, which draw."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from engine import home
from engine.evaluate.classroom import Wish, most_queries, most_shots, within
from engine.evaluate.known import Known

LABELS, TABLE = "Labels of this project", "A table"
WAYS, SHOTS, QUERIES = range(2, 11), (1, 2, 3, 5, 10, 20), (5, 10, 15)
FIRST = ("prototype", "matching", "knn", "logistic", "spread")  # methods in the order of a lesson; the rest follow


def method_titles() -> dict[str, str]:
    """Everything that can answer an episode: name → title."""
    cards = {card["name"]: card for kind in ("classifiers", "propagations") for card in reads.catalogue()[kind]}
    order = [*FIRST, *(name for name in cards if name not in FIRST)]
    return {name: cards[name]["title"] for name in order}


def choose_source(wish: Wish) -> Wish:
    """Labels of the project, or a table that is read for this screen alone."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.segmented_control(
            "Classes from",
            [LABELS, TABLE],
            default=TABLE if wish.truth else LABELS,
            required=True,
            key="episode-source",
            help="A table is read, shown and forgotten: it becomes no label and reaches no training.",
        )
        if chosen == LABELS:
            return replace(wish, truth="", column=Wish.column)
        path = st.text_input(
            "Table of classes, CSV or Parquet", wish.truth, key="episode-truth", placeholder="/folder/classes.csv"
        )
        column = st.text_input("Column of classes", wish.column, key="episode-column", width=150)
    given = path.strip()
    return replace(
        wish, truth=str(home.allowed_path(Path(given))) if given else "", column=column.strip() or Wish.column
    )


def choose_wish(known: Known, wish: Wish) -> Wish:
    """Pickers in one line; what these images cannot give is not offered."""
    titles = method_titles()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        classes = _choose_classes(known, wish)
        wish = within(known, replace(wish, classes=classes))
        ways = [one for one in WAYS if one <= len(classes or known.names)]
        wish = replace(wish, ways=_pick("Classes (N)", ways, wish.ways, "of an episode: N-way"))
        shots = [one for one in SHOTS if one <= most_shots(known, wish)]
        wish = replace(wish, shots=_pick("Labels (K)", shots, wish.shots, "of each class to learn from: K-shot"))
        wish = within(known, wish)
        offered = [one for one in QUERIES if one <= most_queries(known, wish)] or [wish.queries]
        wish = replace(wish, queries=_pick("Queries", offered, wish.queries, "images of each class to be named"))
        names = list(titles)
        place = names.index(wish.method) if wish.method in titles else 0
        method = str(
            st.selectbox("Method", names, place, format_func=titles.__getitem__, key="episode-method", width="stretch")
        )
        seed = st.number_input(
            "Episode",
            1,
            999_999,
            wish.seed,
            key=f"episode-seed-{wish.seed}",
            width=130,
            help="Each number is one draw of classes and images. The same number draws the same again, here and "
            "wherever this page's address is opened.",
        )
        return replace(wish, method=method, seed=int(seed))


def next_episode(wish: Wish) -> None:
    """The button that draws again."""
    commit_button(
        "Draw the next episode",
        partial(state.set_episode, replace(wish, seed=wish.seed + 1).as_text()),
        type="primary",
        icon=":material/casino:",
        key="episode-next",
    )


def _choose_classes(known: Known, wish: Wish) -> tuple[str, ...]:
    chosen = [name for name in wish.classes if name in known.names]
    label = (
        f"From {len(chosen)} of {len(known.names)}" if chosen else f"From all {words.count(len(known.names), 'class')}"
    )
    with st.popover(label, icon=":material/category:", help="Which classes episodes are drawn from"):
        picked = st.multiselect(
            "Draw from",
            known.names,
            chosen,
            key="episode-classes",
            placeholder="All classes",
            help="None for all. As many as there are classes in an episode: every episode has these.",
        )
    return tuple(picked) if len(picked) > 1 else ()


def _pick(label: str, offered: list[int], now: int, help: str) -> int:
    options = sorted({*offered, now})
    return int(st.selectbox(label, options, options.index(now), key=f"episode-{label}-{now}", help=help, width=112))

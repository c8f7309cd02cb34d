"""Methods side by side over many episodes: mean and 95% interval."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from dashboard import state
from dashboard.parts.committing import commit_button
from dashboard.parts.curves import EOSIN, FAINT, VIOLET
from dashboard.parts.episode_form import FIRST, method_titles
from dashboard.parts.episode_reads import read_scores
from engine.evaluate.classroom import Wish
from engine.evaluate.episodes import EPISODES, EpisodeScores
from engine.project import Project

COUNTS = (100, EPISODES)
ROW, REST = 40, 60  # pixels of a method's line, and of the axis below
ASKED = "methods compared"  # state note: what was asked for last, and for which episodes


def compare_methods(project: Project, embedding: str, wish: Wish) -> None:
    """Choose methods, play, see. What has been played stays known, so another method adds its own episodes only."""
    titles = method_titles()
    st.markdown("**Which method is best, in the long run?**")
    chosen = st.pills(
        "Methods", list(titles), selection_mode="multi", default=list(FIRST), format_func=titles.__getitem__,
        key="compare-methods", wrap=True,
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        count = int(st.selectbox("Episodes", COUNTS, 1, key="compare-count", width=110))
        asked = (wish.ways, wish.shots, wish.queries, wish.classes, wish.truth, count, tuple(chosen))
        commit_button(
            f"Play {count} episodes",
            partial(state.set_value, ASKED, asked),
            waits=True,
            icon=":material/play_arrow:",
            disabled=not chosen,
            key="compare-play",
        )
    if state.value(ASKED) != asked:
        st.caption(
            f"One episode is luck. Over {count} the same for every method, the mean settles: {wish.ways} classes, "
            f"{wish.shots} labelled and {wish.queries} asked of each."
        )
        return
    scores = _play(project, embedding, wish, chosen, count)
    _intervals(scores, titles)
    first = scores[0]
    st.caption(
        f"Mean share of queries named right over {count} episodes, and its 95% interval; dotted: guessing. All "
        f"play the same episodes: {first.ways} classes, {first.shots} labelled and {first.queries} asked of each. "
        "Methods that look at all queries together gain from episodes being even, which real images are not."
    )


def _play(project: Project, embedding: str, wish: Wish, methods: Sequence[str], count: int) -> list[EpisodeScores]:
    """Best first."""
    titles, place = method_titles(), st.empty()
    scores = []
    for name in methods:

        def tell(done: int, total: int, title: str = titles[name]) -> None:
            if done % 10 == 0:
                place.progress(done / total, f"{title}: {done} of {total} episodes")

        scores.append(read_scores(project, embedding, wish, name, count, tell))
    place.empty()
    return sorted(scores, key=lambda one: -one.accuracy)


def _intervals(scores: Sequence[EpisodeScores], titles: dict[str, str]) -> None:
    figure = go.Figure(
        go.Scatter(
            x=[one.accuracy for one in scores],
            y=[titles[one.method] for one in scores],
            error_x={"array": [one.interval for one in scores], "thickness": 2, "width": 5, "color": VIOLET},
            mode="markers+text",
            marker={"size": 10, "color": VIOLET},
            text=[f"{one.accuracy:.1%} ± {one.interval:.1%}" for one in scores],
            textposition="top center",
            hovertemplate="%{y}: %{text}<extra></extra>",
            cliponaxis=False,
        )
    )
    figure.add_vline(scores[0].chance, line={"width": 1.4, "dash": "dot", "color": EOSIN})
    figure.update_layout(height=ROW * len(scores) + REST, margin={"l": 0, "r": 40, "t": 18, "b": 0}, showlegend=False)
    figure.update_xaxes(tickformat=".0%", gridcolor=FAINT, zeroline=False, range=[0, 1.02])
    figure.update_yaxes(autorange="reversed", gridcolor=FAINT, zeroline=False)
    st.plotly_chart(figure, key="chart-methods", config={"displayModeBar": False})

"""The plan of an audit: what to promise, of which answers, and how many images that takes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from dashboard import reads, state
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.curves import EOSIN, FAINT, VIOLET
from engine.accept import MODES, AuditPlan, Forecast, Outlook, draw_audit, forecast, outlook, suggested_floor
from engine.accept.audit import part_list
from engine.accept.plan import CLASS
from engine.project import Project
from engine.propagate import Propagation

ERRORS = (0.01, 0.02, 0.05, 0.1, 0.2)
CONFIDENCES = (0.9, 0.95, 0.99)
MODE_NAMES = {"sequence": "Bound", "conformal": "On average"}
HARDLY, LIKELY = 0.1, 0.5  # chances to pass: below the first an audit is advised against, from the second on advised
HEIGHT = 300  # pixels
STEPS = """
1. **Draw.** Some answers are drawn at random, and all answers are frozen as they are.
2. **Check.** You label those images without seeing the answers. Your labels have no part in what they judge.
3. **Accept.** From how many were wrong follows, by an exact test, which answers may be taken over.
"""


def audit_plan(project: Project, answers: Propagation) -> None:
    """Draw the form beside what it is likely to come to; its button draws the audit."""
    foretold = forecast(answers)
    left, right = st.columns([1, 1.55], gap="large")
    with left:
        st.markdown("**What shall be promised?**")
        plan = _promise(project, foretold)
        parts = len(part_list(reads.table(project), answers, plan))
        count, hope = _size(answers, plan, parts)
    with right:
        st.markdown("**How an audit works**")
        st.markdown(STEPS)
        _curve(foretold, plan)
    with left:
        of_each = f" of each {plan.by}" if plan.by else ""
        label = f"Draw {count:,} images{of_each}" if count else "Too few answers to audit"
        hardly = bool(count) and hope.passing < HARDLY
        if hardly:
            _what_helps(answers, plan, parts, hope)
            if st.button("Label more images", type="primary", icon=":material/label:", width="stretch"):
                state.go("label")
        weight: Literal["primary", "secondary"] = "secondary" if hardly else "primary"
        commit_button(
            label,
            partial(_drawn, project, answers, plan, count),
            type=weight,
            icon=":material/casino:",
            disabled=not count,
            width="stretch",
        )


def _drawn(project: Project, answers: Propagation, plan: AuditPlan, count: int) -> None:
    draw_audit(project, answers, plan, state.annotator(), count)


def _promise(project: Project, foretold: Forecast) -> AuditPlan:
    error = st.select_slider(
        "At most this share of wrong answers", ERRORS, 0.05, format_func=lambda one: f"{one:.0%}", key="audit-error"
    )
    mode = st.segmented_control(
        "Kind of promise", list(MODE_NAMES), default="sequence", format_func=MODE_NAMES.__getitem__, required=True,
        key="audit-mode", help="  \n".join(f"**{MODE_NAMES[name]}**: {about}." for name, about in MODES.items()),
    )  # fmt: skip
    confidence = st.segmented_control(
        "How sure", CONFIDENCES, default=0.95, format_func=lambda one: f"{one:.0%}", required=True,
        key="audit-confidence", disabled=mode != "sequence",
        help="In how many of 100 audits the promise must hold. It holds for the images it was drawn from; of patients "
        "that come later it says nothing.",
    )  # fmt: skip
    by = st.selectbox(
        "Promised of", ["", CLASS, *reads.table(project).metadata],
        format_func=lambda name: f"each {name} on its own" if name else "all answers together", key="audit-by",
        help="A promise of each class or patient needs an audit in each; the confidence is shared out among them.",
    )  # fmt: skip
    fewest = AuditPlan(float(error), float(confidence), str(mode)).needed()
    floor = st.slider(
        "Among answers with a probability from", 0.0, 0.99, suggested_floor(foretold, float(error), fewest), 0.01,
        key=f"audit-floor-{fewest}",
        help="Surer answers are more likely to pass. At first where half of the allowed errors are to be expected.",
    )  # fmt: skip
    return AuditPlan(float(error), float(confidence), str(mode), str(by), float(floor))


def _what_helps(answers: Propagation, plan: AuditPlan, parts: int, hope: Outlook) -> None:
    """Say that the audit would be in vain, and what has better prospects: more labels, and a lower promise if any."""
    lower = (replace(plan, error=error) for error in ERRORS if error > plan.error)
    hopes = ((one.error, one.needed(parts), outlook(answers, one, one.needed(parts))) for one in lower)
    likely = next(((error, count, one.passing) for error, count, one in hopes if one.passing >= LIKELY), None)
    if likely:
        error, count, chance = likely
        other = f"or promise less: at most {error:.0%} would pass with a chance of {chance:.0%}, by {count:,} images."
    else:
        other = f"for no promise up to {ERRORS[-1]:.0%} is likely to be kept yet."
    st.html(
        f"<div class='judgement attention'><b>This audit would hardly pass</b>: {hope.error:.0%} of "
        f"{words.count(hope.answers, 'answer')} are expected to be wrong, {plan.error:.0%} are allowed. "
        f"Label more images first, {other}</div>"
    )


def _size(answers: Propagation, plan: AuditPlan, parts: int) -> tuple[int, Outlook]:
    """The number of images, 0 where nothing could come of it, and what they are likely to come to."""
    fewest = plan.needed(parts)
    each = f" of each of the {parts} parts" if parts > 1 else ""
    count = st.number_input(f"Images to check{each}", fewest, value=fewest, key=f"audit-count-{fewest}")
    takes = f"**{plan.needed(parts, 1)}** if one is · **{plan.needed(parts, 2)}** if two are"
    hope = outlook(answers, plan, int(count))
    st.caption(f"**{fewest}** are the fewest, if none is wrong · {takes}.")
    if hope.answers <= fewest * max(parts, 1):
        st.caption(
            f"Only {words.count(hope.answers, 'answer')} would be left to take from. Start at a lower probability, "
            "allow more errors, or label more images first."
        )
        return 0, hope
    if hope.passing >= HARDLY:
        st.caption(
            f"{words.count(hope.answers, 'answer')}, {hope.error:.1%} of them wrong if the probabilities are honest; "
            f"then all pass with a chance of {hope.passing:.0%}."
        )
    return int(count), hope


def _curve(foretold: Forecast, plan: AuditPlan) -> None:
    """Expected errors among the surest answers, beside the share that is allowed."""
    st.markdown(
        "**Expected errors among the surest answers**",
        help="By the answers' own probabilities, so only as honest as they are; an audit is what promises.",
    )
    figure = go.Figure()
    figure.add_scatter(
        x=foretold.answers,
        y=foretold.error,
        customdata=foretold.threshold,
        mode="lines",
        line={"color": VIOLET, "width": 2},
        hovertemplate="the surest %{x:,}: %{y:.1%} wrong<br>probability from %{customdata:.2f}<extra></extra>",
    )
    figure.add_hline(y=plan.error, line={"color": EOSIN, "width": 1.2, "dash": "dot"})
    figure.add_annotation(
        x=1, xref="paper", y=plan.error, text=f"{plan.error:.0%} allowed", showarrow=False, yshift=9, xanchor="right",
        font={"size": 12},
    )  # fmt: skip
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 4, "t": 8, "b": 0},
        showlegend=False,
        xaxis={
            "title": "answers, the surest first",
            "tickformat": ",",
            "showgrid": False,
            "zeroline": False,
            "rangemode": "tozero",
        },
        yaxis={"tickformat": ".0%", "gridcolor": FAINT, "zeroline": False, "rangemode": "tozero", "title": None},
    )
    st.plotly_chart(figure, key="audit-forecast", config={"displayModeBar": False})

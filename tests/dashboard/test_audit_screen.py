"""Audit and accept on the Review screen: plan, draw, label blind, accept with the promise, undo."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.grid import GridEvent
from dashboard.parts.audit_check import _events
from engine.accept import AuditPlan, Outlook, audit_state, draw_audit, latest_audit, open_audit
from engine.classify import classify
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from engine.propagate import Propagation

OpenScreen = Callable[..., AppTest]


def on_audit(app: AppTest) -> AppTest:
    return app.button_group(key="review-view").set_value("Audit and accept").run()


def button(app: AppTest, words: str) -> object:
    return next(one for one in app.button if words in one.label)


def label_all(project: Project, *, rightly: bool = True) -> None:
    """Label the audit's images as they were answered, or else otherwise, through the grid's own events."""
    state = audit_state(project, latest_audit(project))
    table, commit = read_table(project), _events(project, state, "ana")
    other = {one.id: before.id for one, before in pairwise([*state.answers.classes, state.answers.classes[0]])}
    for image, row in zip(state.audit.images, state.rows, strict=True):
        answer = int(state.answers.class_ids[row])
        commit(GridEvent("label", table.rows([image]), answer if rightly else other[answer]))


@pytest.fixture
def drawn(labelled: Project) -> Project:
    """An open audit of 9 images for at most 30% errors."""
    draw_audit(labelled, classify(labelled, "toy"), AuditPlan(error=0.3), "ana")
    return labelled


def test_drawing_freezes_the_answers_and_keeps_the_plan(open_screen: OpenScreen, labelled: Project) -> None:
    app = on_audit(open_screen("review", labelled))
    app.select_slider(key="audit-error").set_value(0.2).run()
    app.slider[0].set_value(0.0).run()
    assert not app.exception
    button(app, "Draw 14 images").click()  # type: ignore[attr-defined]
    app.run()
    audit = latest_audit(labelled)
    assert (len(audit.images), audit.plan.error, audit.plan.mode) == (14, 0.2, "sequence")
    assert "0 of 14" in " ".join(str(one.proto.body) for one in app.get("html"))


def test_an_audit_that_can_hardly_pass_is_no_first_choice_and_what_helps_is_said(
    open_screen: OpenScreen, labelled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bleak(answers: Propagation, plan: AuditPlan, count: int) -> Outlook:
        return Outlook(57, 0.08, 0.02 if plan.error < 0.2 else 0.6)

    monkeypatch.setattr("dashboard.parts.audit_plan.outlook", bleak)
    app = on_audit(open_screen("review", labelled))
    app.select_slider(key="audit-error").set_value(0.1).run()
    assert not app.exception
    assert button(app, "Draw 29 images").proto.type == "secondary"  # type: ignore[attr-defined]
    assert button(app, "Label more images").proto.type == "primary"  # type: ignore[attr-defined]
    said = " ".join(str(one.proto.body) for one in app.get("html"))
    assert "8% of 57 answers are expected to be wrong, 10% are allowed" in said
    assert "at most 20% would pass with a chance of 60%, by 14 images" in said


def test_a_promising_audit_is_the_first_choice(open_screen: OpenScreen, labelled: Project) -> None:
    app = on_audit(open_screen("review", labelled))
    app.select_slider(key="audit-error").set_value(0.2).run()
    app.slider[0].set_value(0.0).run()
    assert button(app, "Draw 14 images").proto.type == "primary"  # type: ignore[attr-defined]
    assert "Label more images" not in [one.label for one in app.button]


def test_too_few_answers_cannot_be_drawn_from(open_screen: OpenScreen, labelled: Project) -> None:
    app = on_audit(open_screen("review", labelled))
    app.select_slider(key="audit-error").set_value(0.05).run()  # 59 of 57 answers
    assert button(app, "Too few answers").disabled  # type: ignore[attr-defined]


def test_a_clean_audit_is_accepted_with_its_promise_and_undone(open_screen: OpenScreen, drawn: Project) -> None:
    label_all(drawn)
    app = on_audit(open_screen("review", drawn))
    assert not app.exception
    button(app, "Accept 48 answers").click()  # type: ignore[attr-defined]
    app.run()
    store = LabelStore(drawn)
    assert (store.current()["how"] == "accepted").sum() == 48
    detail = store.history(1).iloc[0]["detail"]
    assert detail["promise"].endswith("at most 30% of these answers are wrong") and detail["audited"] == 9
    next(one for one in app.button if one.label == "Undo").click().run()
    assert not (LabelStore(drawn).current()["how"] == "accepted").any()


def test_an_audit_in_vain_offers_its_end_first(open_screen: OpenScreen, drawn: Project) -> None:
    label_all(drawn, rightly=False)
    app = on_audit(open_screen("review", drawn))
    assert not app.exception
    assert button(app, "End this audit").proto.type == "primary"  # type: ignore[attr-defined]
    assert not [one for one in app.button if one.label.startswith("Accept")]


def test_nothing_can_be_accepted_while_a_label_is_missing(open_screen: OpenScreen, drawn: Project) -> None:
    app = on_audit(open_screen("review", drawn))
    assert not [one for one in app.button if one.label.startswith("Accept")]
    assert "9 labels missing" in " ".join(str(one.proto.body) for one in app.get("html"))


def test_ending_an_audit_leads_back_to_the_plan(open_screen: OpenScreen, drawn: Project) -> None:
    app = on_audit(open_screen("review", drawn))
    button(app, "End this audit").click()  # type: ignore[attr-defined]
    app.run()
    assert open_audit(drawn) is None
    assert [one for one in app.button if one.label.startswith(("Draw", "Too few"))]

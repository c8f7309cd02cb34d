"""An audit in a project: frozen answers, random images, labels that do not touch what they judge, and acceptance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.accept import (
    AuditPlan,
    accept_audited,
    audit_state,
    audited_accuracy,
    close_audit,
    draw_audit,
    judge,
    label_audit,
    latest_audit,
    open_audit,
)
from engine.accept.audit import Audit
from engine.accept.bounds import upper_bound
from engine.classify import classify
from engine.errors import AuditMissing, AuditOpen, ColumnMissing, SettingInvalid
from engine.images.table import read_rows, write_rows
from engine.labels.store import LabelStore
from engine.project import Project
from engine.propagate import Propagation, load_propagation
from tests.labels.test_suggest import five_regions, regions

__all__ = ["five_regions"]  # the fixture

SIZES = np.bincount(regions()[1])


@pytest.fixture
def labelled(five_regions: Project) -> Project:
    """Two labels in each of the five regions, whose classes are found without an error."""
    store = LabelStore(five_regions)
    for code, first in enumerate([0, 150, 270, 360, 420]):
        name = store.add_class(f"region {code}", "ada").id
        store.label([f"i{first}", f"i{first + 1}"], name, "ada", "key")
    return five_regions


@pytest.fixture
def answers(labelled: Project) -> Propagation:
    return classify(labelled, "e", "prototype")


def check(project: Project, audit: Audit, answers: Propagation, wrong: int = 0) -> None:
    """Label the audit's images as they were answered, the first so many otherwise."""
    store, place = LabelStore(project), {one: row for row, one in enumerate(answers.ids)}
    named: dict[int, list[str]] = {one.id: [] for one in answers.classes}
    for turn, image in enumerate(audit.images):
        said = int(answers.class_ids[place[image]])
        named[next(one for one in named if (one == said) != (turn < wrong))].append(image)
    for class_id, images in named.items():
        label_audit(store, audit, images, class_id, "ada")


def test_it_draws_as_many_as_needed_from_the_images_without_a_label(labelled: Project, answers: Propagation) -> None:
    audit = draw_audit(labelled, answers, AuditPlan(), "ada")
    assert len(audit.images) == len(set(audit.images)) == 59
    by_hand = set(LabelStore(labelled).current()["image"])
    assert not by_hand & set(audit.images)
    assert latest_audit(labelled) == open_audit(labelled) == audit


def test_the_same_seed_draws_the_same_and_another_another(labelled: Project, answers: Propagation) -> None:
    drawn = []
    for seed in (0, 0, 1):
        drawn.append(set(draw_audit(labelled, answers, AuditPlan(), "ada", seed=seed).images))
        close_audit(labelled, latest_audit(labelled))
    assert drawn[0] == drawn[1] != drawn[2]


def test_every_answer_is_as_likely_to_be_drawn(labelled: Project, answers: Propagation) -> None:
    drawn = np.zeros(len(answers))
    for seed in range(25):
        drawn[np.isin(answers.ids, draw_audit(labelled, answers, AuditPlan(), "ada", seed=seed).images)] += 1
        close_audit(labelled, latest_audit(labelled))
    by_region = [drawn[regions()[1] == one].mean() for one in range(5)]
    np.testing.assert_allclose(by_region, 25 * 59 / 440, rtol=0.3)


def test_nothing_is_promised_before_the_last_label(labelled: Project, answers: Propagation) -> None:
    audit = draw_audit(labelled, answers, AuditPlan(), "ada")
    check(labelled, replace(audit, images=audit.images[:-1]), answers)
    verdict = judge(labelled, audit_state(labelled, audit))
    assert verdict.accepted == 0 == accept_audited(labelled, verdict, "ada")
    assert verdict.sentence == "58 of 59 checked, 0 wrong. Nothing can be promised yet: 1 more label is missing."


def test_a_clean_audit_accepts_all_with_its_promise_in_the_log(labelled: Project, answers: Propagation) -> None:
    audit = draw_audit(labelled, answers, AuditPlan(), "ada")
    check(labelled, audit, answers)
    verdict = judge(labelled, audit_state(labelled, audit))
    assert verdict.promise == "with 95% confidence, at most 5% of these answers are wrong"
    assert accept_audited(labelled, verdict, "ada") == verdict.accepted == 440 - 59
    store = LabelStore(labelled)
    detail = store.history(1).iloc[0]["detail"]
    assert (detail["audit"], detail["audited"], detail["wrong"], detail["mode"]) == ("audit-1", 59, 0, "sequence")
    assert store.history(limit=None, image=audit.images[0]).iloc[0]["detail"]["audit"] == "audit-1"
    store.undo("ada")
    assert not (store.current()["how"] == "accepted").any()


def test_one_wrong_answer_among_the_fewest_accepts_nothing(labelled: Project, answers: Propagation) -> None:
    audit = draw_audit(labelled, answers, AuditPlan(), "ada")
    check(labelled, audit, answers, wrong=1)
    verdict = judge(labelled, audit_state(labelled, audit))
    assert verdict.accepted == 0 and "with 1 wrong it takes 93" in verdict.sentence


def test_the_labels_of_an_audit_have_no_part_in_the_answers_it_judges(labelled: Project, answers: Propagation) -> None:
    audit = draw_audit(labelled, answers, AuditPlan(), "ada")
    check(labelled, audit, answers, wrong=20)
    frozen = audit_state(labelled, audit).answers
    np.testing.assert_array_equal(frozen.probabilities, answers.probabilities)
    assert load_propagation(labelled, audit.propagation).id == answers.id != classify(labelled, "e", "prototype").id


def test_what_a_person_could_not_name_counts_as_wrong(labelled: Project, answers: Propagation) -> None:
    audit = draw_audit(labelled, answers, AuditPlan(), "ada")
    check(labelled, replace(audit, images=audit.images[1:]), answers)
    LabelStore(labelled).skip([audit.images[0]], "ada")
    assert audit_state(labelled, audit).progress == "59 of 59 checked, 1 wrong"


def test_conformal_mode_needs_nineteen_for_five_percent(labelled: Project, answers: Propagation) -> None:
    audit = draw_audit(labelled, answers, AuditPlan(mode="conformal"), "ada")
    assert len(audit.images) == 19
    check(labelled, audit, answers)
    verdict = judge(labelled, audit_state(labelled, audit))
    assert verdict.accepted == 440 - 19 and verdict.promise.startswith("on average over many audits")


def test_a_promise_for_each_class_shares_the_confidence_out(labelled: Project, answers: Propagation) -> None:
    plan = AuditPlan(error=0.2, by="class")
    fewest = int(np.ceil(np.log(0.01) / np.log(0.8)))
    audit = draw_audit(labelled, answers, plan, "ada")
    assert audit.parts == [f"region {code}" for code in range(5)]
    assert np.bincount(audit.part).tolist() == [fewest] * 5 == [21] * 5
    check(labelled, audit, answers)
    verdict = judge(labelled, audit_state(labelled, audit))
    assert [one.accepted for one in verdict.parts] == (SIZES - 2 - 21).tolist()
    assert "of each class" in verdict.promise


def test_a_class_with_too_few_answers_gets_no_promise(labelled: Project, answers: Propagation) -> None:
    plan = AuditPlan(error=0.05, by="class")
    audit = draw_audit(labelled, answers, plan, "ada")
    check(labelled, audit, answers)
    parts = judge(labelled, audit_state(labelled, audit)).parts
    assert [one.accepted > 0 for one in parts] == [True, True, False, False, False]


def test_by_a_column_every_group_has_its_own_audit(labelled: Project, answers: Propagation) -> None:
    rows = read_rows(labelled)
    rows["slide"] = np.where(np.arange(len(rows)) < 300, "s1", "s2")
    write_rows(labelled, rows)
    audit = draw_audit(labelled, answers, AuditPlan(by="slide"), "ada")
    assert audit.parts == ["s1", "s2"] and len(audit.images) == 2 * AuditPlan().needed(2)
    close_audit(labelled, audit)
    with pytest.raises(ColumnMissing):
        draw_audit(labelled, answers, AuditPlan(by="patient"), "ada")


@pytest.mark.parametrize(
    ("plan", "hint"),
    [
        (AuditPlan(error=0), "between 0 and 1"),
        (AuditPlan(mode="hope"), "sequence, conformal"),
        (AuditPlan(floor=1.5), "from 0 to 1"),
    ],
)
def test_an_unsound_plan_is_refused(plan: AuditPlan, hint: str) -> None:
    with pytest.raises(SettingInvalid, match=hint):
        plan.check()


def test_too_few_images_are_refused_before_anybody_labels_them(labelled: Project, answers: Propagation) -> None:
    with pytest.raises(SettingInvalid, match="19 are missing"):
        draw_audit(labelled, answers, AuditPlan(), "ada", count=40)


def test_one_audit_is_open_at_a_time(labelled: Project, answers: Propagation) -> None:
    with pytest.raises(AuditMissing, match="No audit is open"):
        latest_audit(labelled)
    draw_audit(labelled, answers, AuditPlan(), "ada")
    with pytest.raises(AuditOpen, match="audit-1"):
        draw_audit(labelled, answers, AuditPlan(), "ada")


def test_only_answers_at_least_so_probable_are_drawn_and_accepted(labelled: Project, answers: Propagation) -> None:
    floor = float(np.quantile(answers.confidence, 0.5))

    def sure(images: list[str]) -> bool:
        return bool((answers.confidence[np.isin(answers.ids, images)] >= floor).all())

    audit = draw_audit(labelled, answers, AuditPlan(floor=floor), "ada")
    assert sure(audit.images)
    check(labelled, audit, answers)
    accept_audited(labelled, judge(labelled, audit_state(labelled, audit)), "ada")
    current = LabelStore(labelled).current()
    assert sure(current.loc[current["how"] == "accepted", "image"].tolist())


def test_a_whole_audit_tells_how_right_the_answers_are_and_an_open_one_does_not(
    labelled: Project, answers: Propagation
) -> None:
    assert audited_accuracy(labelled) is None
    audit = draw_audit(labelled, answers, AuditPlan(), "ada")
    assert audited_accuracy(labelled) is None
    check(labelled, audit, answers, wrong=2)
    found = audited_accuracy(labelled)
    assert found
    assert (found.checked, found.wrong, found.accuracy) == (59, 2, pytest.approx(57 / 59))
    assert found.least == pytest.approx(1 - upper_bound(2, 59))
    assert found.sentence.startswith("2 of 59 answers, drawn at random, were wrong: 97% right")


def test_classes_with_an_audit_of_their_own_weigh_by_their_answers(labelled: Project, answers: Propagation) -> None:
    audit = draw_audit(labelled, answers, AuditPlan(error=0.2, by="class"), "ada")
    check(labelled, audit, answers, wrong=3)
    found = audited_accuracy(labelled)
    parts = judge(labelled, audit_state(labelled, audit)).parts
    assert found
    wrong = sum(one.answers * one.wrong / one.checked for one in parts) / sum(one.answers for one in parts)
    assert found.accuracy == pytest.approx(1 - wrong)
    assert found.least < found.accuracy

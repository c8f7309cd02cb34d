"""What an audit allows to be taken over, part by part, and taking it over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.accept.audit import candidates, part_names
from engine.accept.bounds import upper_bound
from engine.accept.conformal import conformal_selection
from engine.accept.sequence import Step, fixed_sequence
from engine.accept.state import AuditState
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.labels.tally import ClassTally
from engine.project import Project
from engine.propagate import accept
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True)
class PartVerdict:
    """One class, one group, or all answers together."""

    name: str  # "" for all together
    answers: int  # that may be taken over, the checked ones among them
    checked: int
    wrong: int
    needed: int  # to be checked at the least, none of them wrong
    accepted: int  # answers to take over: those that nobody has labelled
    threshold: float | None  # the least probability among those; None where nothing is
    bound: float  # share of wrong answers among all those of the part that is not exceeded, with the plan's confidence
    steps: list[Step] = field(default_factory=list)  # of the fixed sequence


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the audit says once all its images are labelled; before that it says nothing."""

    state: AuditState
    parts: list[PartVerdict]
    rows: Indices  # of the answers to take over, the checked ones not among them

    @property
    def missing(self) -> int:
        """Labels without which nothing can be promised."""
        return self.state.missing

    @property
    def accepted(self) -> int:
        return len(self.rows)

    @property
    def by_class(self) -> list[ClassTally]:
        """How many answers of each class can be taken over."""
        classes = self.state.answers.classes
        counts = np.bincount(self.state.answers.predicted[self.rows], minlength=len(classes)).tolist()
        most = max(counts, default=0) or 1
        return [ClassTally(one.name, one.colour, n, n / most) for one, n in zip(classes, counts, strict=True)]

    def waiting(self, store: LabelStore) -> int:
        """How many of the answers to take over are of images without a label by now."""
        labels, _ = store.label_codes(self.state.answers.ids, hand_only=False)
        return int((labels[self.rows] == UNKNOWN).sum())

    @property
    def promise(self) -> str:
        """What is promised of what may be taken over; "" where nothing may be."""
        return "" if not self.accepted else self.state.audit.plan.promise(len(self.parts))

    @property
    def sentence(self) -> str:
        """The verdict as one reads it out."""
        state = self.state
        if state.missing:
            labels = f"{state.missing:,} more {'label is' if state.missing == 1 else 'labels are'} missing"
            return f"{state.progress}. Nothing can be promised yet: {labels}."
        if not self.accepted:
            return f"{state.progress}. Nothing can be accepted: {self._why_not()}"
        held = len([one for one in self.parts if one.accepted])
        parts = f" in {held} of {len(self.parts)} parts" if len(self.parts) > 1 else ""
        return f"{state.progress}. {self.accepted:,} answers can be accepted{parts}: {self.promise}."

    def _why_not(self) -> str:
        plan, short = self.state.audit.plan, [one for one in self.parts if one.checked < one.needed]
        if len(short) == len(self.parts):
            fewest = min(one.needed for one in short)
            return f"there are too few answers for a promise, {fewest} must be checked. Label the rest by hand."
        if not plan.needed(len(self.parts), 1) > max(one.checked for one in self.parts):
            return "too many were wrong. Label more images, then draw a new audit."
        return (
            f"of {self.parts[0].checked} checked images none may be wrong. Label more images where answers are "
            "doubtful, or draw a larger audit of surer answers: with 1 wrong it takes "
            f"{plan.needed(len(self.parts), 1)}."
        )


def judge(project: Project, state: AuditState) -> Verdict:
    """What may be taken over.

    Raises:
        ColumnMissing: the column whose groups were promised is gone.
    """
    answers, plan, audit = state.answers, state.audit.plan, state.audit
    rows = candidates(answers, plan)
    names = part_names(read_table(project), answers, plan)[rows].astype(str)
    checked, wrong = np.zeros(len(answers), bool), np.zeros(len(answers), bool)
    checked[state.rows[state.checked]] = True
    wrong[state.rows[state.wrong]] = True
    taken = np.zeros(len(answers), bool)
    parts = []
    for name in audit.parts:
        own = rows[names == name]
        verdict, chosen = _judge_part(name, answers.confidence[own], checked[own], wrong[own], state)
        taken[own[chosen]] = True
        parts.append(verdict)
    return Verdict(state, parts, np.flatnonzero(taken))


def _judge_part(
    name: str, probability: Floats, checked: Array, wrong: Array, state: AuditState
) -> tuple[PartVerdict, Array]:
    """The verdict on one part, and which of its answers [N] nobody has checked and may be taken over."""
    plan, parts = state.audit.plan, len(state.audit.parts)
    level = plan.level(parts)
    steps: list[Step] = []
    taken = np.zeros(len(probability), bool)
    if not state.missing and plan.mode == "conformal":
        taken = conformal_selection(probability, checked, wrong, plan.error)
    elif not state.missing:
        taken, steps = fixed_sequence(probability, checked, wrong, plan.error, level)
    chosen = taken & ~checked
    seen, bad = int(checked.sum()), int(wrong.sum())
    verdict = PartVerdict(
        name=name,
        answers=len(probability),
        checked=seen,
        wrong=bad,
        needed=plan.needed(parts),
        accepted=int(chosen.sum()),
        threshold=float(probability[taken].min()) if taken.any() else None,
        bound=upper_bound(bad, seen, level),
        steps=steps,
    )
    return verdict, chosen


def accept_audited(project: Project, verdict: Verdict, who: str, detail: dict[str, Any] | None = None) -> int:
    """Take over what the audit allows, one act that undoes at once; returns how many answers were new.

    The promise, the audit and its size are written into the log with it. A person's label always stands.

    Raises:
        UnknownClass: a class was deleted since; draw a new audit.
    """
    if not verdict.accepted:
        return 0
    state, plan = verdict.state, verdict.state.audit.plan
    provenance = {
        "audit": state.audit.id,
        "promise": verdict.promise,
        "error": plan.error,
        "confidence": plan.confidence,
        "mode": plan.mode,
        "by": plan.by,
        "audited": len(state.rows),
        "wrong": int(state.wrong.sum()),
        "thresholds": {one.name: one.threshold for one in verdict.parts if one.threshold is not None},
    }
    return accept(project, state.answers, verdict.rows, who, provenance | (detail or {}))

"""How right the answers were that the last whole audit checked: the one accuracy here that rests on a random draw."""

from __future__ import annotations

from dataclasses import dataclass

from engine.accept.audit import audits
from engine.accept.plan import percent
from engine.accept.state import AuditState, audit_state
from engine.accept.verdict import judge
from engine.errors import EngineError
from engine.labels.store import LabelStore
from engine.project import Project


@dataclass(frozen=True)
class AuditedAccuracy:
    """What an audit says of the answers that it was drawn from."""

    audit: str
    made: str  # ISO 8601, UTC
    answers: int  # that it speaks of
    checked: int
    wrong: int
    accuracy: float  # of those answers, each class or group weighing by its size
    least: float  # that the accuracy is at least, with `confidence`
    confidence: float
    floor: float  # probability from which on answers were in the draw

    @property
    def sentence(self) -> str:
        """The result as one reads it out."""
        which = f"answers of {self.floor:.2f} and above" if self.floor else "answers"
        return (
            f"{self.wrong:,} of {self.checked:,} {which}, drawn at random, were wrong: {self.accuracy:.0%} right, and "
            f"with {percent(self.confidence)} confidence at least {self.least:.0%}."
        )


def audited_accuracy(project: Project, store: LabelStore | None = None) -> AuditedAccuracy | None:
    """The accuracy by the newest audit all of whose images are labelled; None where there is none.

    An audit that is under way says nothing: looked at before its last label it would promise too much.
    """
    store = store or LabelStore(project)
    for audit in reversed(audits(project)):
        try:
            state = audit_state(project, audit, store)
            if len(state.rows) and not state.missing:
                return _accuracy(project, state)
        except (EngineError, KeyError):  # its answers or its column are gone: an older audit may still speak
            continue
    return None


def _accuracy(project: Project, state: AuditState) -> AuditedAccuracy:
    parts = [part for part in judge(project, state).parts if part.checked]
    answers = sum(part.answers for part in parts)
    right = sum(part.answers * (1 - part.wrong / part.checked) for part in parts) / answers
    least = sum(part.answers * (1 - part.bound) for part in parts) / answers
    return AuditedAccuracy(
        audit=state.audit.id,
        made=state.audit.made,
        answers=answers,
        checked=sum(part.checked for part in parts),
        wrong=sum(part.wrong for part in parts),
        accuracy=right,
        least=least,
        confidence=state.audit.plan.confidence,
        floor=state.audit.plan.floor,
    )

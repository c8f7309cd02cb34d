"""What the stage says of the labels: what was stored last, and what it changed in the whole data set."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import reads, state
from dashboard.parts.sureness import chosen_threshold
from engine.errors import TooFewLabels
from engine.project import Project
from engine.propagate import Propagation, sure_from
from engine.propagate.effect import effect


@dataclass
class Told:
    """The last answer that was compared, and what was said of it."""

    project: str
    embedding: str
    answer: Propagation | None = None
    sentence: str = ""


def what_changed(project: Project, embedding: str) -> str:
    """What the last label changed: “+312 images sure (0.62 and above)”; before there are answers, how to get some."""
    told: Told | None = state.value("told")
    if told is None or (told.project, told.embedding) != (str(project.root), embedding):
        told = Told(str(project.root), embedding)
        state.set_value("told", told)
    try:
        answer = reads.propagation(project, embedding)
    except TooFewLabels:
        told.answer = None
        return "Label two classes, and all other images answer at once."
    if answer is not told.answer:
        told.sentence = effect(told.answer, answer, _sure(project, embedding, told.answer or answer)).sentence
        told.answer = answer
    return told.sentence


def _sure(project: Project, embedding: str, before: Propagation) -> float:
    """From which probability on an answer is sure: as the person has set it on Review, else the surest of before."""
    return chosen_threshold(project, embedding) or sure_from(before, before.labels)


def what_is_stored(project: Project) -> str:
    """The last step of this annotator, in words; what Ctrl Z would take back."""
    done = reads.labels(project).undoable(state.annotator())
    return f"Saved: {done}" if done else "Every label is saved the moment you press its key."

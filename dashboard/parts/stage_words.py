"""What the stage says of the labels: what was stored last, and what it changed in the whole data set."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import reads, state
from engine.errors import TooFewLabels
from engine.project import Project
from engine.propagate import Propagation
from engine.propagate.effect import effect


@dataclass
class Told:
    """The last answer that was compared, and what was said of it."""

    project: str
    embedding: str
    answer: Propagation | None = None
    sentence: str = ""


def what_changed(project: Project, embedding: str) -> str:
    """What the last label changed: “+312 images now above 0.9”; how to get an answer where there is none yet."""
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
        told.sentence = effect(told.answer, answer).sentence
        told.answer = answer
    return told.sentence


def what_is_stored(project: Project) -> str:
    """The last step of this annotator, in words; what Ctrl Z would take back."""
    done = reads.labels(project).undoable(state.annotator())
    return f"Saved: {done}" if done else "Every label is saved the moment you press its key."

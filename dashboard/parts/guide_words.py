"""What the guided first run says at each step: where it is done, what to do there and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One step in words."""

    screen: str  # name of its file
    place: str  # the screen's name in the menu
    title: str
    text: str
    looking: bool = False  # whether nothing but a look is asked, so that only a person can tick it


STEPS = {
    "data": Words(
        "data",
        "Data",
        "Look at the images",
        "See how many there are, how large they are, and what their names tell: here the patient, the slide, the "
        "magnification.",
        looking=True,
    ),
    "prior": Words(
        "prior",
        "Prior",
        "Say what belongs together",
        "Press **Use it** to take the recommended fact about your images. A training learns from the pairs it makes.",
    ),
    "embedding": Words(
        "explore",
        "Explore",
        "Let a network look at the images",
        "Press **Look at them now**. A network that knows everyday photographs turns each image into numbers, within a "
        "minute; one trained on your images can follow later.",
    ),
    "map": Words(
        "explore",
        "Explore",
        "Walk over the map",
        "Images that look alike lie side by side. Press **L** and draw around some: they appear beside the map.",
        looking=True,
    ),
    "classes": Words(
        "label",
        "Label",
        "Name the classes",
        "What do you want to tell apart? Two names are enough to begin with; you can change them at any time.",
    ),
    "labels": Words(
        "label",
        "Label",
        "Label about two of each class",
        "Press the key that stands on the class. **U** skips what you are unsure of, **Ctrl Z** takes a label back.",
    ),
    "answers": Words(
        "review",
        "Review",
        "Accept the sure answers",
        "Every other image has an answer now. Correct a doubtful one or two, then press **Accept … sure images**; "
        "**Undo** takes it back.",
    ),
    "quality": Words(
        "quality",
        "Quality",
        "Ask how good it is",
        "Labels are put aside in turn and the others are asked for them. See whether more labels are worth your time.",
        looking=True,
    ),
    "export": Words(
        "export",
        "Export",
        "Take the labels with you",
        "Press **Export**. Every row of the table says who gave the label, when and how.",
    ),
}

"""The ideas behind Handful, a page each: a drawing, a few sentences, and the screen where it is met."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import state
from dashboard.components.idea import idea_drawing


@dataclass(frozen=True)
class Idea:
    """One page."""

    title: str
    paragraphs: tuple[str, ...]
    screen: str  # name of the file of the screen where it is met
    place: str  # that screen's name in the menu


IDEAS = {  # name of the drawing in assets/ideas → its page
    "prior": Idea(
        "What your data knows",
        (
            "A network learns without labels from **pairs** that mean the same. Usually the two are distorted copies "
            "of one image: a guess, made for holiday photographs.",
            "You know better pairs: images of one patient, one slide, one place at two magnifications, one sequence. "
            "Such a fact is called a **prior**. Handful shows real pairs of it, how many images have a partner, and, "
            "once there are labels, how many pairs share a class. A prior can also harm; so look before you train.",
        ),
        "prior",
        "Prior",
    ),
    "views": Idea(
        "Learning from views",
        (
            "In training every image is seen altered: cropped, turned, stained a little differently. The network "
            "must bring such **views** of one thing together and, in most methods, keep other images away.",
            "What it ignores is what the views vary in; what it learns is all the rest. No label is needed.",
        ),
        "train",
        "Train",
    ),
    "map": Idea(
        "Embedding and map",
        (
            "The network turns each image into a row of numbers, its **embedding**; images that look alike to it have "
            "like numbers. Everything else rests on them: neighbours, suggestions, answers.",
            "The **map** lays those numbers out on a plane. What lies side by side is alike. Distances across the map, "
            "and the sizes of the islands, mean little.",
        ),
        "explore",
        "Explore",
    ),
    "suggestion": Idea(
        "Few labels, well chosen",
        (
            "Labels drawn at random mostly tell what is known already. Handful suggests first the images that **stand "
            "for many** others, then those **in doubt** that are unlike what was labelled.",
            "Each suggestion says why it was made. Random order is on offer too, to compare with.",
        ),
        "label",
        "Label",
    ),
    "propagation": Idea(
        "After each label all images answer",
        (
            "Every image is linked to those most like it. A label spreads along these links, and other classifiers "
            "that learn from the labelled images have a say; together they give each image a class and a probability.",
            "An image that no label reaches stays **unknown**. Answers are not labels: they become some only when you "
            "accept them.",
        ),
        "review",
        "Review",
    ),
    "audit": Idea(
        "Accepting with a promise",
        (
            "How many of the answers are wrong? Draw some **at random**, say what they show without seeing the answer, "
            "and count. If 59 drawn at random are all right, at most 5% of all are wrong: of a hundred such audits "
            "at most five promise too much.",
            "The size and the promise are fixed before the first image is shown, so that nobody looks until it passes. "
            "The promise stands beside every accepted label, also in the export.",
        ),
        "review",
        "Review",
    ),
    "leakage": Idea(
        "Other patients",
        (
            "Images of one patient share stain, scanner and tissue block. A network that has seen labels of a patient "
            "may know the patient rather than the disease, and its score flatters.",
            "So choose the patient's column under “Put aside together”: then labels are put aside patient by patient. "
            "Explore warns where a column, such as the patient, can be read from the embedding: that is **leakage**.",
        ),
        "quality",
        "Quality",
    ),
    "intervals": Idea(
        "Numbers with their doubt",
        (
            "A score means little alone. Beside it stands a **null**: what guessing, or a network that has learnt "
            "nothing, would get. And a 95% **interval**: the range in which the score may as well lie.",
            "Two trainings are called better and worse only where the interval of their difference leaves out zero. "
            "Else the difference may be luck, and Handful says “not told apart”.",
        ),
        "compare",
        "Compare",
    ),
}


def ideas() -> None:
    """Draw the list of ideas and the page of the chosen one."""
    left, right = st.columns([1, 3.2], gap="large")
    with left:
        name = str(
            st.radio(
                "Ideas", list(IDEAS), format_func=lambda one: IDEAS[one].title, label_visibility="collapsed", key="idea"
            )
        )
    with right, st.container(key="idea-page", gap="small"):
        _page(name, IDEAS[name])


def _page(name: str, idea: Idea) -> None:
    st.header(idea.title, anchor=False)
    idea_drawing(name)
    for paragraph in idea.paragraphs:
        st.markdown(paragraph)
    if st.button(f"See it on {idea.place}", icon=":material/arrow_forward:", key=f"idea-go-{name}"):
        state.go(idea.screen)

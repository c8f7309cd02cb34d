"""Help: the keys, the ideas in short, the words."""

import streamlit as st

from dashboard.parts.heading import heading
from dashboard.parts.key_table import key_table

LABEL_KEYS = [
    ("1 … 9, 0, q, w …", "label the image with that class; the key stands on the class's button"),
    ("U", "skip the image: it is not suggested again"),
    ("Ctrl Z", "undo your last step: a label, a bulk label, an acceptance, a change of classes"),
    ("← →", "look at the image before or after"),
    ("wheel, drag, double click", "zoom, move, back to the whole image"),
    ("?", "show the keys over the screen"),
]
GRID_KEYS = [
    ("click, Shift click, Ctrl click", "select one, a range, one more"),
    ("A, I, Esc", "select all, invert, select none"),
    ("1 … 9, 0, q, w …", "label what is selected with that class"),
    ("U", "skip what is selected"),
    ("Ctrl Z", "undo your last step"),
    ("Enter or double click", "open the image large"),
]
IDEAS = [
    (
        "Say what you know of the data",
        "hub",
        "Self-supervised training needs pairs that mean the same. Usually they are two distorted copies of one image, "
        "a guess made for photographs. Your data knows better ones: the same patient, the same slide, the same "
        "sequence. Such a fact is called a **prior**; the Prior screen shows real pairs of it before you train.",
    ),
    (
        "After every label the whole data set answers",
        "share",
        "Every image is joined to the images most like it. A label spreads along these links; an image that no label "
        "reaches stays **unknown** and is never put into a class by default.",
    ),
    (
        "Label what teaches most",
        "lightbulb",
        "**Automatic** first suggests images that stand for many others, later doubtful ones unlike those labelled. "
        "Random order is there to compare with.",
    ),
    (
        "Numbers that can be believed",
        "verified",
        "Quality compares with a truth file that never enters the labels, leaves out what you labelled by hand, and "
        "counts an unknown as wrong.",
    ),
]
WORDS = {
    "Image": "a file, or a tile cut from a slide.",
    "Prior": "a fact about the data that says which images belong together.",
    "View": "one augmented look at an image, as the network sees it in training.",
    "Partner": "the other image of a pair that shall look alike to the network.",
    "Run": "one training, with everything needed to go on with it.",
    "Embedding": "every image as a list of numbers, made by one network; alike images have alike numbers.",
    "Map": "an embedding laid out in the plane. Near means alike; distances across the map mean little.",
    "Label": "what a person said an image is.",
    "Pseudo-label": "what Handful says an image is, with a probability.",
    "Propagation": "the spreading of labels over the links between alike images.",
    "Acceptance": "pseudo-labels taken over as they are, with their probability; it undoes like a label.",
    "Suggestion": "an image worth labelling next, and why.",
}

heading("Help", "Everything you do with labels is written down at once and can be undone.")

left, right = st.columns(2, gap="large")
with left:
    st.subheader("Keys while labelling", anchor=False)
    key_table(LABEL_KEYS)
with right:
    st.subheader("Keys in a grid of images", anchor=False)
    key_table(GRID_KEYS)

st.subheader("The ideas in short", anchor=False)
columns = [*st.columns(2, gap="medium"), *st.columns(2, gap="medium")]
for column, (title, icon, text) in zip(columns, IDEAS, strict=True):
    with column.container(border=True, height="stretch"):
        st.markdown(f":violet[:material/{icon}:] **{title}**")
        st.markdown(text)

st.subheader("The words", anchor=False)
left, right = st.columns(2, gap="large")
entries = [f"**{word}**  \n{meaning}" for word, meaning in WORDS.items()]
left.markdown("\n\n".join(entries[::2]))
right.markdown("\n\n".join(entries[1::2]))

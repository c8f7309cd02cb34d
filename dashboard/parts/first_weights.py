"""Which encoder, and where its weights begin: nothing learnt, ImageNet, an earlier training, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from dashboard import reads
from dashboard.parts.trouble import show_trouble
from engine import home, jobs
from engine.catalogue import Card, family_cards
from engine.errors import PathNotAllowed
from engine.jobs.weights import at_hand, source
from engine.project import Project

ANOTHER = "another"  # network of torchvision than those listed
FILE = "file"  # of the user's
WORDS = {
    "random": "Random: nothing learnt yet",
    "imagenet": "ImageNet: learnt from 1.3 million everyday photographs",
    FILE: "A checkpoint file of mine …",
}


@dataclass(frozen=True)
class Start:
    """Where the weights begin."""

    init: str
    download: bool = False  # whether weights that are not on this machine may be fetched


def choose_encoder(cards: Sequence[Card], usual: str, key: str) -> Card:
    """A list of the registered encoders, and behind its last entry every other network of torchvision.

    Args:
        cards: the registered encoders that can be chosen.
        usual: the name of the one to begin with.
        key: tells these widgets from others.
    """
    by_name = {card["name"]: card for card in cards}
    takes_all = any(":" in name for name in by_name)  # a method for one encoder alone has none of a family
    others = {card["name"]: card for card in family_cards("encoders")} if takes_all else {}
    names = [*by_name, *([ANOTHER] if others else [])]

    def words(name: str) -> str:
        if name == ANOTHER:
            return "Another torchvision architecture …"
        return f"{by_name[name]['title']}: {by_name[name].get('when_to_use', by_name[name]['summary'])}"

    place = names.index(usual) if usual in names else 0
    picked = st.selectbox("Encoder", names, place, format_func=words, key=f"encoder-{key}")
    if picked != ANOTHER:
        return by_name[picked]
    other = st.selectbox(
        "Architecture",
        list(others),
        format_func=lambda name: name.partition(":")[2],
        key=f"architecture-{key}",
        help="Type to search. Each is described in the paper that the line below names.",
    )
    st.caption(f"{others[other]['family'].capitalize()}, {others[other]['source']}")
    return others[other]


def choose_start(project: Project, encoder: Card, key: str, to_train: bool = True) -> Start:
    """The weights of an encoder, with what a file or a download needs to be told.

    Args:
        to_train: whether it is trained on from there, which can begin with runs and computed weights too.
    """
    trained = _trained(project) if to_train else []
    computed = reads.catalogue().get("initialisations", []) if to_train else []
    made = {card["name"]: f"{card['title']}: {card['summary']}" for card in computed}
    words = {**WORDS, **made, **{run: f"The run {run}" for run in trained}}
    picked = st.selectbox(
        "First weights",
        [*encoder.get("inits", ["random"]), *made, *trained, FILE],
        format_func=lambda init: words.get(init, init),
        key=f"init-{key}",
        help="Weights that have seen images need fewer epochs. A run has to be of the same encoder.",
    )
    if picked == FILE:
        return Start(_file(key))
    return Start(picked, _download(encoder, key) if not at_hand(encoder, picked) else False)


def _trained(project: Project) -> list[str]:
    return [job.run for job in jobs.statuses(project) if job.kind in jobs.TRAINING_KINDS and job.state == "done"]


def _file(key: str) -> str:
    typed: str = st.text_input(
        "Path of the checkpoint",
        key=f"weights-{key}",
        placeholder="/folder/weights.pth",
        help="An encoder.pt of Handful, or the state_dict of the same network from any program. Nothing in it is "
        "executed. The run's log says how many of its weights fitted.",
    ).strip()
    if not typed:
        return ""  # is refused at the start, with the ways there are
    try:
        return str(home.allowed_path(Path(typed)))
    except PathNotAllowed as error:
        show_trouble(error)
        return ""


def _download(encoder: Card, key: str) -> bool:
    about = encoder["download"]
    return st.checkbox(
        f"Download {about['megabytes']} MB from {urlsplit(source(encoder)).netloc}",
        key=f"download-{key}-{encoder['name']}",
        help=f"These weights are not on this machine. Without the download, put {about['file']} into "
        f"{home.weights_folder()}.",
    )

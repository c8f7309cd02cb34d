"""Pretrained weights that are no part of a package: whether they are here, and fetching them where that was allowed.

They lie in the weights folder under the names that their source gives them, so a file put there by hand counts as well.
$HANDFUL_WEIGHTS_URL names another folder on the web to fetch them from, such as a mirror in the house.
"""

from __future__ import annotations

import os
from pathlib import Path

from engine import catalogue
from engine.catalogue import Card
from engine.download import fetch
from engine.errors import WeightsMissing
from engine.home import weights_folder
from engine.jobs.reporter import Reporter


def at_hand(card: Card, init: str) -> bool:
    """Whether an encoder's weights of this init can be used at once: all but those to be downloaded first."""
    return init != "imagenet" or "download" not in card or _place(card).is_file()


def source(card: Card) -> str:
    """The address that the ImageNet weights of an encoder are fetched from."""
    address: str = card["download"]["url"]
    mirror = os.environ.get("HANDFUL_WEIGHTS_URL", "")
    return f"{mirror.rstrip('/')}/{card['download']['file']}" if mirror else address


def check_weights(card: Card, init: str, download: bool) -> None:
    """Raise where weights are wished for that are neither here nor allowed to be fetched.

    Raises:
        WeightsMissing: the sentence names what to fetch, and the ways without.
    """
    if download or at_hand(card, init):
        return
    raise WeightsMissing(
        f"The ImageNet weights of {card['name']} are not on this machine. Allow the download of "
        f"{card['download']['megabytes']} MB (--download), or put {source(card)} into {weights_folder()}, or start "
        "from a file of your own (--init PATH)."
    )


def bring_weights(encoder: str, init: str, download: bool, report: Reporter) -> None:
    """Fetch the weights that a request needs, where they are not here; the run's status says how far that is.

    Raises:
        WeightsMissing: it is not allowed, or could not be done.
        Stopped: the run was asked to stop; what came so far is gone on with the next time.
    """
    card = catalogue.card("encoders", encoder)
    if at_hand(card, init):
        return
    check_weights(card, init, download)
    report.begin("Fetching weights")
    report.say(f"Fetching {source(card)}, {card['download']['megabytes']} MB")
    try:
        fetch(source(card), _place(card), report.progress)
    except WeightsMissing as error:
        raise WeightsMissing(f"{error} Or start from a file of your own: --init PATH.") from error


def _place(card: Card) -> Path:
    return weights_folder() / str(card["download"]["file"])

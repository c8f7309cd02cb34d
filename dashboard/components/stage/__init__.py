"""The labelling stage: one large image, the classes with their keys, the film of suggestions (stage.js)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from dashboard.components import events
from dashboard.components.bundle import read_component
from dashboard.components.height import WINDOW, room

STYLES = ("theme.css", "palette.css", "comparison.css")
SHARED = (*STYLES, "dom.js", "queue.js", "keys.js", "help.js", "zoom.js", "palette.js", "chip.js", "comparison.js")
SKIPPED = "skipped"  # the mark of an image that was skipped


@dataclass(frozen=True)
class Shot:
    """One image of the film."""

    id: str
    url: str  # native resolution
    thumb: str
    caption: str
    reason: str  # why it is suggested
    mark: int | str  # id of its class, SKIPPED, or "" while nobody has decided


@dataclass(frozen=True)
class ClassButton:
    """One class as a button."""

    id: int
    name: str
    colour: str
    key: str
    count: int  # images labelled with it by hand
    exemplars: tuple[str, ...]  # addresses of thumbnails of images that people gave it, the first of them first


@dataclass(frozen=True)
class Words:
    """What the stage says under the image."""

    saved: str  # what is stored
    effect: str  # what the last label changed in the whole data set
    finished: str  # shown in place of the image when every suggestion is dealt with


def stage(
    shots: Sequence[Shot],
    buttons: Sequence[ClassButton],
    words: Words,
    on_event: Callable[[events.Event], None],
    key: str,
) -> None:
    """Draw the stage.

    Args:
        on_event: called once per event, before the script runs again; it commits what happened and draws nothing.
            Kinds: label (image, class, how), skip (image), undo, add (name of a new class).
        key: one per project, so that events of one never reach another.
    """
    mount = read_component("stage", SHARED)
    with room(WINDOW, key):
        mount(
            key=key,
            data={
                "images": [asdict(shot) for shot in shots],
                "classes": [asdict(button) for button in buttons],
                "acknowledged": events.acknowledged(key),
                "shelf": key,
                **asdict(words),
            },
            on_events_change=events.receiver(key, on_event),
        )

"""Which method to start with, and why: said before anything is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.catalogue import Card

PREFERRED = ("simclr", "byol")  # before all others, where there are images enough: the best understood come first
BATCHES = 2  # a method needs at least so many of its smallest batches, else every step sees the same images


@dataclass(frozen=True)
class Advice:
    """A recommendation."""

    method: str
    reason: str  # one sentence


def advise(images: int, methods: Sequence[Card]) -> Advice:
    """The preferred method that there are images enough for; else the one that asks for the fewest.

    Args:
        images: in the project.
        methods: their cards.
    """
    ranked = [card for name in PREFERRED for card in methods if card["name"] == name]
    for card in ranked:
        if images >= BATCHES * _least(card):
            return Advice(card["name"], str(card.get("when_to_use") or card["summary"]))
    modest = min(methods, key=_least)
    return Advice(modest["name"], f"It asks for the fewest images in a batch; there are {images:,} in all.")


def _least(card: Card) -> int:
    return int(card.get("minimum_batch", 2))

"""Which method to start with on this data set and this machine, why, and what speaks against another. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.catalogue import Card
from engine.priors import PriorSpec, build_priors, describe_priors

PREFERRED = ("simclr", "byol", "simsiam")  # before all others where they fit: the best understood come first
BATCHES = 2  # a method needs at least so many of its smallest batches, else every step sees the same images
COSTS = ("low", "medium", "high")


@dataclass(frozen=True)
class Situation:
    """What a recommendation depends on."""

    images: int  # in the project
    batch: int = 256  # most images in one step
    size: int = 32  # side of the views, pixels
    device: str = "cpu"  # cuda, mps or cpu
    pairs: str = ""  # the priors that give partners, as in “same patient”; "" where none does


@dataclass(frozen=True)
class Advice:
    """A recommendation."""

    method: str
    reason: str  # one or two sentences


def advise(now: Situation, methods: Sequence[Card]) -> Advice:
    """The first of the preferred methods that nothing speaks against, else the one that asks for least.

    Args:
        now: data set and machine.
        methods: their cards.
    """
    fitting = [card for card in methods if not cautions(card, now)]
    for card in (card for name in PREFERRED for card in fitting if card["name"] == name):
        return Advice(card["name"], _praise(card, now))
    usable = [card for card in fitting or methods if not (now.pairs and learns_alone(card))] or list(methods)
    modest = min(usable, key=lambda card: (_least(card), _cost(card)))
    return Advice(modest["name"], f"It asks for the fewest images in a batch; there are {now.images:,} in all.")


def cautions(method: Card, now: Situation, encoder: Card | None = None) -> list[str]:
    """What speaks against a method here, a sentence each; none where it fits."""
    title, found = method["title"], []
    if now.pairs and learns_alone(method):
        found.append(f"{title} learns from each image by itself: the pairs by {now.pairs} are left out.")
    if now.images < BATCHES * _least(method):
        found.append(f"{title} wants batches of {_least(method)} images or more; {now.images:,} in all are few for it.")
    elif now.batch < _least(method):
        found.append(f"{title} learns poorly from batches below {_least(method)} images; yours have {now.batch}.")
    if now.device == "cpu" and _cost(method) == COSTS.index("high"):
        found.append(f"{title} costs several times what SimCLR does, and this machine has no GPU: plan for hours.")
    if encoder and not works_with(method, encoder["name"]):
        found.append(f"{title} works with {' or '.join(method['encoders'])} only. Choose that encoder.")
    if encoder and now.size < encoder.get("smallest_size", 0):
        found.append(
            f"{encoder['title']} needs views of at least {encoder['smallest_size']} pixels; yours have {now.size}."
        )
    return found


def learns_alone(method: Card) -> bool:
    """Whether a method learns from each image by itself, so that partners are of no use to it."""
    return int(method.get("views", 2)) == 1


def works_with(method: Card, encoder: str) -> bool:
    """Whether a method can train an encoder: any, where its card names none."""
    return encoder in method.get("encoders", [encoder])


def pairing_of(priors: Sequence[PriorSpec]) -> str:
    """The priors that give an image partners, in a few words; "" where every image is paired with itself."""
    giving = _giving(priors)
    return describe_priors(giving) if giving else ""


def useful_priors(method: Card, priors: Sequence[PriorSpec]) -> tuple[PriorSpec, ...]:
    """The priors without those whose partners the method has no use for."""
    left_out = _giving(priors) if learns_alone(method) else []
    return tuple(spec for spec in priors if spec not in left_out)


def _giving(priors: Sequence[PriorSpec]) -> list[PriorSpec]:
    return [spec for spec, prior in zip(priors, build_priors(priors), strict=True) if prior.share > 0]


def _praise(card: Card, now: Situation) -> str:
    """Why this method fits, from the facts that let it pass."""
    step = min(now.batch, now.images)
    machine = {0: "It is cheap", 1: "Its cost is bearable", 2: "Its cost is high, but bearable"}[_cost(card)]
    place = "on this machine's CPU" if now.device == "cpu" else "on this machine's GPU"
    pairs = f", and it learns from the pairs by {now.pairs}" if now.pairs else ""
    tells = "be told apart" if card.get("family") == "contrastive" else "fill its batches"
    return f"{now.images:,} images, {step:,} in a step, are enough to {tells}. {machine} {place}{pairs}."


def _least(card: Card) -> int:
    return int(card.get("minimum_batch", 2))


def _cost(card: Card) -> int:
    return COSTS.index(card.get("cost", "low"))

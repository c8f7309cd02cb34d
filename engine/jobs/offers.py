"""Which embeddings a project can have: from every frozen encoder with each of its inits, and from every trained run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import catalogue
from engine.jobs.combine_request import CombineRequest
from engine.jobs.request import EmbedRequest
from engine.jobs.status import statuses
from engine.jobs.weights import at_hand
from engine.project import Project
from engine.run_folder import RunFolder


@dataclass(frozen=True)
class Offer:
    """One embedding that can be made."""

    title: str
    text: str  # when it is of use, in a sentence
    request: EmbedRequest


def embed_offers(project: Project) -> list[Offer]:
    """The trained runs, newest first, then the encoders as they come: pretrained ones first, random weights last.

    Nothing that would have to be downloaded is offered: a network is, with its pretrained weights, once these are here.
    """
    runs = [one for one in statuses(project) if RunFolder.of(project, one.run).encoder.exists()]
    trained = [Offer(f"{one.run} (trained here)", f"{one.title}.", EmbedRequest(run=one.run)) for one in runs]
    every = [(card, init) for card in _cards() for init in card["inits"]]
    frozen = [_frozen(card, init) for card, init in every if _is_ready(card, init)]
    return trained + sorted(frozen, key=lambda offer: offer.request.init == "random")


def again(about: Mapping[str, Any]) -> EmbedRequest | CombineRequest:
    """The request that makes an embedding anew, from what its about.json says made it."""
    if about.get("parts"):
        return CombineRequest.again(about)
    made = {"name": about["name"], "size": about.get("size", 0), "seed": about.get("seed", 0)}
    if about.get("run"):
        return EmbedRequest(run=about["run"], **made)
    made |= {key: about[key] for key in ("stain_normalise", "stain_reference") if key in about}
    return EmbedRequest(encoder=about["encoder"], encoder_settings=about["settings"], init=about["init"], **made)


def _cards() -> list[catalogue.Card]:
    return [*catalogue.read_catalogue()["encoders"], *catalogue.family_cards("encoders")]


def _is_ready(card: catalogue.Card, init: str) -> bool:
    """Torchvision's networks are too many to offer each with random weights, which serve as a measure alone."""
    ours = not card["name"].startswith("torchvision:")
    return ours or (init == "imagenet" and at_hand(card, init))


def _frozen(card: catalogue.Card, init: str) -> Offer:
    if init == "random":
        text = "Random weights have learnt nothing: what any other embedding must beat."
        return Offer(f"{card['title']}, random weights", text, EmbedRequest(encoder=card["name"], init=init))
    summary = f"{card['summary'][:1].upper()}{card['summary'][1:]}"
    return Offer(f"{card['title']}, {_proper(init)}", summary, EmbedRequest(encoder=card["name"], init=init))


def _proper(init: str) -> str:
    return {"imagenet": "ImageNet"}.get(init, init)

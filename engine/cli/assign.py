"""Which part of a training a KEY=VALUE is meant for: the training, the method, the encoder or a prior.

A key that several of them know wants the part's name before it, as in `same_group.share=0.8`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine import catalogue
from engine.catalogue import Card
from engine.errors import UnknownName
from engine.jobs.request import TrainRequest
from engine.priors import PriorSpec, parse_prior
from engine.settings import settings_of
from engine.train.config import TrainConfig

TRAINING = "training"


def train_request(
    method: str, priors: Sequence[str], encoder: str, init: str, name: str, values: Mapping[str, str]
) -> TrainRequest:
    """A request to train from what was typed.

    Raises:
        UnknownName: an unknown part, a key that no part knows, or one that several know.
    """
    specs = [parse_prior(text) for text in priors]
    cards = {method: catalogue.card("methods", method), encoder: catalogue.card("encoders", encoder)}
    cards |= {spec.name: catalogue.card("priors", spec.name) for spec in specs}
    assigned = _assign(values, cards)
    return TrainRequest(
        method=method,
        method_settings=assigned[method],
        priors=tuple(_with(spec, assigned[spec.name]) for spec in specs),
        encoder=encoder,
        encoder_settings=assigned[encoder],
        init=init,
        training=assigned[TRAINING],
        name=name,
    )


def stage_settings(stage: str, encoder: str, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What was typed for a stage that follows on a training, by what it is meant for: “stage”, “encoder”, “training”.

    Raises:
        UnknownName: an unknown encoder ("" for none that could be set), or a key as in `train_request`.
    """
    cards = {stage: catalogue.card("stages", stage)}
    if encoder:
        cards[encoder] = catalogue.card("encoders", encoder)
    assigned = _assign(values, cards)
    return {"stage": assigned[stage], "encoder": assigned.get(encoder, {}), "training": assigned[TRAINING]}


def _assign(values: Mapping[str, str], cards: Mapping[str, Card]) -> dict[str, dict[str, str]]:
    """Every value to the part that knows its key."""
    known = {
        part: {setting["name"] for setting in [*card["settings"], *card.get("recipe_settings", [])]}
        for part, card in cards.items()
    }
    known[TRAINING] = {setting.name for setting in settings_of(TrainConfig)}
    assigned: dict[str, dict[str, str]] = {part: {} for part in known}
    for key, value in values.items():
        wished, dot, name = key.rpartition(".")
        owners = [part for part, names in known.items() if name in names and (not dot or part == wished)]
        if not owners:
            every = sorted(f"{part}.{name}" for part, names in known.items() for name in names)
            raise UnknownName(f"No part of this training has a setting “{key}”. There are: {', '.join(every)}.")
        if len(owners) > 1:
            choices = " or ".join(f"{part}.{name}" for part in owners)
            raise UnknownName(f"Several parts have a setting “{name}”. Write {choices}.")
        assigned[owners[0]][name] = value
    return assigned


def _with(spec: PriorSpec, values: Mapping[str, str]) -> PriorSpec:
    return replace(spec, settings={**spec.settings, **values})

"""A training request from plain words, as a command line gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine import catalogue
from engine.errors import UnknownName
from engine.jobs.request import TrainRequest
from engine.priors import parse_prior
from engine.settings import settings_of
from engine.train.config import TrainConfig


def train_request(
    method: str,
    priors: Sequence[str],
    encoder: str,
    *,
    init: str = "random",
    settings: Mapping[str, Any] | None = None,
    name: str = "",
    embed_after: bool = True,
) -> TrainRequest:
    """A request whose settings are told apart by name: the training's, then the method's, then the encoder's.

    `method.width` and `encoder.width` say which where both have one.

    Raises:
        UnknownName: a method, encoder, prior or setting that does not exist.
        SettingInvalid: a value outside its range.
    """
    declared = {
        "training": [one.name for one in settings_of(TrainConfig)],
        "method": [one.name for one in catalogue.card_settings(catalogue.card("methods", method))],
        "encoder": [one.name for one in catalogue.card_settings(catalogue.card("encoders", encoder))],
    }
    sorted_values: dict[str, dict[str, Any]] = {owner: {} for owner in declared}
    for key, value in (settings or {}).items():
        owner, setting = _owner(key, declared)
        sorted_values[owner][setting] = value
    return TrainRequest(
        method=method,
        method_settings=catalogue.check_settings(catalogue.card("methods", method), sorted_values["method"]),
        priors=tuple(parse_prior(text) for text in priors if text.strip()),
        encoder=encoder,
        encoder_settings=catalogue.check_settings(catalogue.card("encoders", encoder), sorted_values["encoder"]),
        init=init,
        training=sorted_values["training"],
        name=name,
        embed_after=embed_after,
    )


def _owner(key: str, declared: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    prefix, dot, rest = key.partition(".")
    if dot and rest in declared.get(prefix, ()):
        return prefix, rest
    for owner, names in declared.items():
        if key in names:
            return owner, key
    listed = "; ".join(f"{owner}: {', '.join(names) or 'none'}" for owner, names in declared.items())
    raise UnknownName(f"There is no setting “{key}” here. The settings are: {listed}.")

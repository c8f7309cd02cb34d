"""What speaks against a training before it starts: known traps among its settings. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import catalogue
from engine.images.table import read_table
from engine.jobs.request import TrainRequest
from engine.priors import Pairing, build_priors
from engine.project import Project
from engine.train.traps import Plan, traps


def warnings(project: Project, request: TrainRequest, *, may_be_short: bool = False) -> list[str]:
    """A sentence or two for each trap, with the way out; none where the settings are sound.

    Args:
        may_be_short: nothing is said of few steps, which are meant.

    Raises:
        EngineError: what `request.check` raises.
    """
    table = read_table(project)
    plan = Plan(
        images=len(table),
        config=request.config,
        method=_settings("methods", request.method, request.method_settings),
        encoder=_settings("encoders", request.encoder, request.encoder_settings),
        recipe=Pairing.of(table, build_priors(request.priors)).recipe,
    )
    return traps(plan, may_be_short=may_be_short)


def _settings(kind: str, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in their types, defaults for those not given."""
    card = catalogue.card(kind, name)
    defaults = {setting.name: setting.default for setting in catalogue.card_settings(card)}
    return defaults | catalogue.check_settings(card, dict(given))

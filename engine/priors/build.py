"""From what a request, a form or a command line says to priors."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import SettingInvalid
from engine.priors.base import PRIORS, Prior, PriorSpec
from engine.settings import settings_of


def build_priors(specs: Sequence[PriorSpec]) -> list[Prior]:
    """The priors, in order.

    Raises:
        UnknownName: a name that is not registered, or a setting that the prior does not have.
        SettingInvalid: a value outside its range.
    """
    return [PRIORS[spec.name].from_settings(spec.settings) for spec in specs]


def parse_prior(text: str) -> PriorSpec:
    """The prior that a line such as `same_group:patient` or `same_group:slide:share=0.8` names.

    After the name come settings, each behind a colon; one without `=` is the prior's first setting.

    Raises:
        UnknownName: a name that is not registered, or a setting that the prior does not have.
        SettingInvalid: a value outside its range.
    """
    name, *parts = text.strip().split(":")
    first = settings_of(PRIORS[name])[0].name
    values: dict[str, str] = {}
    for part in parts:
        key, equals, value = part.partition("=")
        key, value = (key, value) if equals else (first, part)
        if key in values:
            raise SettingInvalid(f"“{text}” sets “{key}” twice. Write it once, as in {name}:{first}=….")
        values[key] = value
    spec = PriorSpec(name, values)
    build_priors([spec])
    return spec


def describe_priors(specs: Sequence[PriorSpec]) -> str:
    """A few words for the title of a run, as in “histology views, same patient”."""
    return ", ".join(prior.describe() for prior in build_priors(specs)) or "no prior"

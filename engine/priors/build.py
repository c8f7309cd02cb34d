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


def prior_text(spec: PriorSpec) -> str:
    """The shortest line that `parse_prior` takes for this prior: its first setting bare, what is usual left out."""
    known = settings_of(PRIORS[spec.name])
    usual = {one.name: one.default for one in known}
    set_here = {name: value for name, value in spec.settings.items() if value != usual.get(name)}
    bare = known[0].name if known and "=" not in str(set_here.get(known[0].name, "=")) else ""
    parts = [str(value) if name == bare else f"{name}={value}" for name, value in set_here.items()]
    return ":".join([spec.name, *parts])


def describe_priors(specs: Sequence[PriorSpec]) -> str:
    """A few words for the title of a run, as in “histology views, same patient”."""
    return ", ".join(prior.describe() for prior in build_priors(specs)) or "no prior"

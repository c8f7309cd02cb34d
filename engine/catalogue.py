"""What is registered, as plain cards: name, title, summary, source, settings.

The cards lie in catalogue.json beside this file, written by `make write-docs` and held against the registries by
`make docs`, so that the dashboard can show the methods without importing torch.
"""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from engine import files
from engine.errors import UnknownName
from engine.registry import unknown
from engine.settings import Setting, settings_of

PATH = Path(__file__).with_name("catalogue.json")

REGISTRIES = {  # kind → where its registry lives; a new kind of part is one line here
    "methods": ("engine.methods", "METHODS"),
    "stages": ("engine.methods", "STAGES"),
    "priors": ("engine.priors", "PRIORS"),
    "encoders": ("engine.encoders", "ENCODERS"),
    "initialisations": ("engine.initialisations", "INITIALISATIONS"),
    "strategies": ("engine.labels.suggest", "STRATEGIES"),
    "classifiers": ("engine.classify", "CLASSIFIERS"),
    "propagations": ("engine.propagate", "PROPAGATIONS"),
    "exports": ("engine.export", "EXPORTS"),
}

Card = dict[str, Any]
_SINGULAR = {"strategies": "strategy"} | {kind: kind[:-1] for kind in REGISTRIES if kind != "strategies"}


def make_catalogue() -> dict[str, list[Card]]:
    """The cards of every registry, imported now (this loads torch)."""
    catalogue = {}
    for kind, (module, registry) in REGISTRIES.items():
        catalogue[kind] = [_card(name, part) for name, part in getattr(import_module(module), registry).items()]
    return catalogue


def make_families() -> dict[str, Any]:
    """By kind, the cards of parts that come on demand: what all of them share, once, and what each has of its own."""
    families = {}
    for kind, (module, registry) in REGISTRIES.items():
        on_demand = getattr(import_module(module), registry).made_on_demand()
        if cards := [_card(name, make()) for name, make in on_demand.items()]:
            shared = {key: cards[0][key] for key in cards[0] if all(one.get(key) == cards[0][key] for one in cards)}
            own = [{key: value for key, value in one.items() if key not in shared} for one in cards]
            families[kind] = {"shared": shared, "each": own}
    return families


def read_catalogue() -> dict[str, Any]:
    """By kind, the cards as written, without loading any part; “families” holds those that come on demand."""
    catalogue: dict[str, Any] = files.read_json(PATH)
    return catalogue


def family_cards(kind: str) -> list[Card]:
    """The cards of parts that come on demand, beside the registered ones."""
    family = read_catalogue()["families"].get(kind, {"shared": {}, "each": []})
    return [{**family["shared"], **one} for one in family["each"]]


def card(kind: str, name: str) -> Card:
    """One card, of a registered part or of one that comes on demand.

    Raises:
        UnknownName: nothing of that kind has the name.
    """
    cards: list[Card] = read_catalogue()[kind]
    found = next((one for one in cards if one["name"] == name), None)
    if not found:
        others = family_cards(kind)
        found = next((one for one in others if one["name"] == name), None)
    if not found:
        raise unknown(_SINGULAR[kind], name, [one["name"] for one in cards], [one["name"] for one in others])
    return found


def card_settings(one: Card) -> list[Setting]:
    """The settings of a card, able to parse and check values."""
    return [Setting(**{**entry, "choices": tuple(entry["choices"])}) for entry in one["settings"]]


def check_settings(one: Card, values: dict[str, Any]) -> dict[str, Any]:
    """The values in their types, checked without loading the part.

    Raises:
        UnknownName: a setting the card does not have.
        SettingInvalid: a value outside its type or range.
    """
    declared = {setting.name: setting for setting in card_settings(one)}
    for name in values:
        if name not in declared:
            raise UnknownName(f"{one['title']} has no setting “{name}”. It has: {', '.join(declared) or 'none'}.")
    return {name: declared[name].parse(value) for name, value in values.items()}


def _card(name: str, part: Any) -> Card:
    text = _documentation(part)
    head, _, _ = text.partition("\n\n")
    title, _, summary = " ".join(head.split()).partition(": ")
    link = re.search(r"https?://[^\s,)]*[^\s,).:]", text)
    reference = re.search(r"([A-Z][\w\-]+(?: et al\.| and [A-Z]\w+)?,? [A-Z][A-Za-z ]+ ?\d{4})", text)
    return {
        "name": name,
        "title": title.rstrip("."),
        "summary": summary,
        "description": inspect.cleandoc(text),
        "source": " · ".join(match.group(0 if match is link else 1) for match in (reference, link) if match),
        **getattr(part, "card", {}),
        "settings": [asdict(setting) for setting in settings_of(getattr(part, "Config", part))],
    }


def _documentation(part: Any) -> str:
    """The part's own docstring, or its file's where the file is about nothing else."""
    own = part.__dict__.get("__doc__") if inspect.isclass(part) else part.__doc__
    generated = own and own.startswith(f"{getattr(part, '__name__', '')}(")  # what @dataclass writes by itself
    text = own if own and not generated else sys.modules[part.__module__].__doc__
    assert text, f"{part} has no docstring to make a card of"
    return inspect.cleandoc(text)

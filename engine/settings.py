"""A setting is declared once, in the frozen Config that uses it; flags, forms and tables are made from it.

@dataclass(frozen=True)
class Config:
    temperature: float = setting(0.2, "softness of the softmax; the paper uses 0.1 to 0.5", minimum=0.01, symbol="τ")
"""

from __future__ import annotations

import dataclasses
import math
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.errors import SettingInvalid, UnknownName

C = TypeVar("C")
COLUMN = "column"  # the unit of a setting that names a column of the image table


def setting(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    unit: str = "",
    symbol: str = "",
    advanced: bool = False,
) -> Any:
    """A dataclass field that knows its meaning. `symbol` is the paper's; `advanced` ones are folded away in forms."""
    details = {
        "help": help,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "unit": unit,
        "symbol": symbol,
        "advanced": advanced,
    }
    return dataclasses.field(default=default, metadata=details)


@dataclass(frozen=True)
class Setting:
    """One setting as a form or a table shows it."""

    name: str
    type: str  # int, float, bool or str
    default: Any
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    symbol: str = ""
    advanced: bool = False

    def parse(self, value: Any) -> Any:
        """The value in its type, from itself or from a command line's text.

        Raises:
            SettingInvalid: the value is not of the type, or outside its range or choices.
        """
        parsed: Any = _PARSERS[self.type](self.name, value)
        if self.choices and parsed not in self.choices:
            raise SettingInvalid(f"“{self.name}” is one of {', '.join(self.choices)}; “{value}” is none of them.")
        if self.minimum is not None and parsed < self.minimum:
            raise SettingInvalid(f"“{self.name}” is at least {self.minimum:g}; {value} is less.")
        if self.maximum is not None and parsed > self.maximum:
            raise SettingInvalid(f"“{self.name}” is at most {self.maximum:g}; {value} is more.")
        return parsed


def settings_of(config: type) -> list[Setting]:
    """The settings that a Config declares, in order; none for a part without a Config."""
    if not dataclasses.is_dataclass(config):
        return []
    types = typing.get_type_hints(config)
    return [
        Setting(name=field.name, type=types[field.name].__name__, default=field.default, **field.metadata)
        for field in dataclasses.fields(config)
        if "help" in field.metadata
    ]


def build(config: type[C], values: Mapping[str, Any]) -> C:
    """A Config from values by name, parsed and checked; what is left out keeps its default.

    Raises:
        UnknownName: a name that the Config does not declare.
        SettingInvalid: a value outside its type or range.
    """
    declared = {setting.name: setting for setting in settings_of(config)}
    for name in values:
        if name not in declared:
            listed = ", ".join(declared) or "none"
            raise UnknownName(f"There is no setting “{name}” here. The settings are: {listed}.")
    return config(**{name: declared[name].parse(value) for name, value in values.items()})


def _parse_int(name: str, value: Any) -> int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise SettingInvalid(f"“{name}” is a whole number; “{value}” is not.") from None
    if not math.isfinite(number) or number != int(number):
        raise SettingInvalid(f"“{name}” is a whole number; {value} is not.")
    return int(number)


def _parse_float(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise SettingInvalid(f"“{name}” is a number; “{value}” is not.") from None
    if not math.isfinite(number):
        raise SettingInvalid(f"“{name}” is a finite number; {value} is not.")
    return number


def _parse_bool(name: str, value: Any) -> bool:
    words = {"true": True, "yes": True, "1": True, "on": True, "false": False, "no": False, "0": False, "off": False}
    word = str(value).strip().lower()
    if word not in words:
        raise SettingInvalid(f"“{name}” is yes or no; “{value}” is neither.")
    return words[word]


def _parse_str(name: str, value: Any) -> str:
    return str(value)


_PARSERS = {"int": _parse_int, "float": _parse_float, "bool": _parse_bool, "str": _parse_str}

"""A form made from declared settings: the same declaration that makes the command line's flags and the docs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from engine.settings import Setting

PER_ROW = 3
SPELT_OUT = {"mpps": "Scales"}  # settings whose name is short for something


def config_form(
    settings: Sequence[Setting], key: str, values: Mapping[str, Any] | None = None, per_row: int = PER_ROW
) -> dict[str, Any]:
    """Draw one field per setting, the advanced ones folded away; returns those that differ from their default.

    Args:
        settings: what the catalogue declares of a part; `with_defaults` gives them other defaults.
        key: tells this form from others on the screen.
        values: what to start from in place of the defaults.
        per_row: fields side by side.
    """
    given = dict(values or {})
    usual = [one for one in settings if not one.advanced]
    advanced = [one for one in settings if one.advanced]
    answers = _fields(usual, key, given, per_row)
    if advanced:
        with st.expander("More settings", icon=":material/tune:"):
            answers |= _fields(advanced, key, given, per_row)
    defaults = {one.name: one.default for one in settings}
    return {name: answer for name, answer in answers.items() if answer != defaults[name]}


def with_defaults(settings: Sequence[Setting], defaults: Mapping[str, Any]) -> list[Setting]:
    """The settings with other defaults: those of a preset."""
    return [replace(one, default=defaults.get(one.name, one.default)) for one in settings]


def with_columns(setting: Setting, columns: list[str]) -> Setting:
    """The column setting as a choice among the columns that there are, and none where the prior can do without."""
    choices = tuple(columns) if setting.default else ("", *columns)
    default = setting.default if setting.default in choices else choices[0]
    return replace(setting, choices=choices, default=default, unit="")


def label_of(setting: Setting) -> str:
    """“learning_rate” with its symbol and unit, as a person reads it."""
    words = SPELT_OUT.get(setting.name, setting.name.replace("_", " ").capitalize())
    extras = ", ".join(extra for extra in (setting.symbol, setting.unit) if extra)
    return f"{words} ({extras})" if extras else words


def _fields(settings: Sequence[Setting], key: str, given: Mapping[str, Any], per_row: int) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for first in range(0, len(settings), per_row):
        columns = st.columns(per_row, gap="medium", vertical_alignment="bottom")
        for column, setting in zip(columns, settings[first : first + per_row], strict=False):
            with column:
                answers[setting.name] = _field(
                    setting, f"{key}-{setting.name}", given.get(setting.name, setting.default)
                )
    return answers


def _field(setting: Setting, key: str, value: Any) -> Any:
    label, about = label_of(setting), _about(setting)
    if setting.choices:
        return st.selectbox(
            label, setting.choices, setting.choices.index(value), key=key, help=about, format_func=_plain
        )
    if setting.type == "bool":
        return st.toggle(label, value, key=key, help=about)
    if setting.type == "int":
        return st.number_input(label, _whole(setting.minimum), _whole(setting.maximum), value, 1, key=key, help=about)
    if setting.type == "float":
        return st.number_input(
            label,
            _real(setting.minimum),
            _real(setting.maximum),
            float(value),
            _step(value),
            "%.5g",
            key=key,
            help=about,
        )
    return st.text_input(label, value, key=key, help=about)


def _about(setting: Setting) -> str:
    bounds = [
        f"at least {setting.minimum:g}" if setting.minimum is not None else "",
        f"at most {setting.maximum:g}" if setting.maximum is not None else "",
    ]
    said = ", ".join(bound for bound in bounds if bound)
    sentence = setting.help[:1].upper() + setting.help[1:]
    return f"{sentence}{f' ({said})' if said else ''}. Usual value: {setting.default}."


def _plain(choice: str) -> str:
    return choice.replace("_", " ") or "none"


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _real(bound: float | None) -> float | None:
    return None if bound is None else float(bound)


def _step(value: float) -> float:
    """A tenth of a large value, less of a small one, so that the buttons move it sensibly."""
    return 0.1 if abs(value) >= 1 else 0.05 if abs(value) >= 0.1 else 0.0001 if abs(value) < 0.01 else 0.005

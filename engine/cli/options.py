"""Arguments and options that several commands share, declared once."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from engine.errors import SettingInvalid

ProjectFolder: TypeAlias = Annotated[
    Path, typer.Argument(metavar="PROJECT", help="Project folder.", show_default=False)
]
RunName: TypeAlias = Annotated[str, typer.Argument(metavar="RUN", help="Name of the run, as `runs` lists it.")]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
EmbeddingName: TypeAlias = Annotated[
    str, typer.Option("--embedding", help="Name of the embedding.", show_default=False)
]
Seed: TypeAlias = Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="Same seed, same result.")]
Who: TypeAlias = Annotated[
    str, typer.Option("--who", help="Name written beside every label.", default_factory=getpass.getuser)
]
Settings: TypeAlias = Annotated[
    list[str], typer.Option("--set", metavar="KEY=VALUE", help="A setting; may be repeated.", default_factory=list)
]


def parse_settings(pairs: list[str]) -> dict[str, str]:
    """{"epochs": "5"} from ["epochs=5"].

    Raises:
        SettingInvalid: a pair without “=”.
    """
    parsed = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise SettingInvalid(f"“{pair}” is not of the form KEY=VALUE. Write, for instance, --set temperature=0.2.")
        parsed[key.strip()] = value.strip()
    return parsed


def parse_numbers(text: str) -> list[float]:
    """[0.3, 0.7] from "0.3,0.7".

    Raises:
        SettingInvalid: something else than numbers.
    """
    try:
        return [float(word) for word in text.split(",")]
    except ValueError:
        raise SettingInvalid(f"“{text}” is not a list of numbers. Write, for instance, 0.3,0.7.") from None

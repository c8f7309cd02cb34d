"""methods, priors, encoders, strategies, propagations, exports: what is registered; and the written catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from engine.catalogue import REGISTRIES, family_cards, read_catalogue
from engine.cli.options import Json
from engine.cli.output import show
from engine.documents import check_documents, write_documents


def add_commands(app: typer.Typer) -> None:
    for kind in REGISTRIES:
        app.command(kind, help=f"List the {kind} with their sources and settings.")(_listing(kind))
    app.command(hidden=True)(catalogue)


def catalogue(
    write: Annotated[bool, typer.Option("--write", help="Write catalogue.json and the pages' tables anew.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail where they differ from the registries.")] = False,
) -> None:
    """Keep catalogue.json and the documents' tables equal to the registries."""
    if write:
        write_documents()
    if check:
        check_documents()


def _listing(kind: str) -> Callable[[bool], None]:
    def listing(as_json: Json = False) -> None:
        show(read_catalogue()[kind], as_json, _text(kind))

    return listing


def _text(kind: str) -> str:
    lines = []
    for card in read_catalogue()[kind]:
        lines.append(f"{card['name']}: {card['title']}, {card['summary']}")
        if card["source"]:
            lines.append(f"    {card['source']}")
        for setting in card["settings"]:
            unit = f" {setting['unit']}" if setting["unit"] else ""
            lines.append(f"    {setting['name']} = {setting['default']}{unit}: {setting['help']}")
    if others := [card["name"] for card in family_cards(kind)]:
        lines.append(f"And by name: {', '.join(others)}")
    return "\n".join(lines)

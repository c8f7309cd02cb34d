"""A table of file names: what each column takes of a name is coloured in it, and stands in its cell beside it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from engine.images.names import free_name, name_parts
from engine.images.patterns import Part
from engine.labels.palette import colour_at
from engine.project import ColumnSettings


def name_table(table: pd.DataFrame, rows: Sequence[int], settings: ColumnSettings, reader: str) -> None:
    """Draw some rows of a table with the column `path` and whatever was read.

    Args:
        table: of all images.
        rows: which of them to draw.
        settings: by which the names are read.
        reader: the built-in reader that reads them, where no pattern does.
    """
    cut = {row: name_parts(str(table["path"].iloc[row]), settings, reader) for row in rows}
    columns = [str(name) for name in table.columns if name != "path"]
    from_name = dict.fromkeys(free_name(part.column) for parts in cut.values() for part in parts if part.column)
    colours = {name: colour_at(place) for place, name in enumerate(from_name)}
    shown = [*(name for name in from_name if name in columns), *(name for name in columns if name not in from_name)]
    head = "".join(f"<th{_style(colours.get(name))}>{escape(name)}</th>" for name in shown)
    lines = "".join(_line(cut[row], [table[name].iloc[row] for name in shown], shown, colours) for row in rows)
    st.html(
        f"<div class='names'><table><thead><tr><th>name</th>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _line(parts: Sequence[Part], values: Sequence[object], names: Sequence[str], colours: dict[str, str]) -> str:
    name = "".join(_part(part, colours) for part in parts)
    path = escape("".join(part.text for part in parts), quote=True)
    cells = "".join(
        f"<td{_style(colours.get(column))}>{escape(_said(value))}</td>"
        for column, value in zip(names, values, strict=True)
    )
    return f"<tr><th title='{path}'>{name}</th>{cells}</tr>"


def _part(part: Part, colours: dict[str, str]) -> str:
    if not part.column:
        return escape(part.text)
    column = free_name(part.column)
    return f"<mark title='{escape(column, quote=True)}'{_style(colours[column])}>{escape(part.text)}</mark>"


def _style(colour: str | None) -> str:
    return f" class='of' style='--of:{colour}'" if colour else ""


def _said(value: object) -> str:
    """A cell's text: whole numbers without a point, nothing where there is nothing."""
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.15g}"
    return str(value)

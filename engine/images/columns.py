"""Metadata columns: text as read from names and CSVs → tidy columns of text or numbers."""

from __future__ import annotations

import pandas as pd

_INTEGER = r"[-+]?\d{1,15}"
_NUMBER = r"[-+]?(?:\d{1,15}(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?"


def tidy(values: pd.Series) -> pd.Series:
    """A column [N] of text as text (“” where empty) or, where every value is a number, as numbers (NaN where empty).

    “007” becomes 7, unless that would make two different values equal (“07” and “7”).
    """
    text = values.astype(object).where(values.notna(), "").astype(str).str.strip()
    if not _all_numbers(text[text != ""]):
        return text.astype("str")
    return settle(pd.to_numeric(text.replace("", None)))


def settle(values: pd.Series) -> pd.Series:
    """A tidy column after rows were taken from it: whole numbers without gaps are integers again, no text is null."""
    if not pd.api.types.is_numeric_dtype(values):
        return values.fillna("").astype("str")
    numbers = values.astype("float64")
    whole = numbers.notna().all() and (numbers == numbers.round()).all() and (numbers.abs() < 2**53).all()
    return numbers.astype("int64") if whole else numbers


def _all_numbers(text: pd.Series) -> bool:
    if text.empty or not text.str.fullmatch(_NUMBER).all():
        return False
    return not text.str.fullmatch(_INTEGER).all() or bool(text.nunique() == text.astype("int64").nunique())

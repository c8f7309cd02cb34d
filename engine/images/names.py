"""File and folder names → columns: built-in readers of naming schemes, a pattern of one's own, folder levels.

A reader is a function from a file's relative path to values by column, or None where the name is of another scheme.
What a name calls a class stays a column like any other, plainly named (`class_in_name`, `subtype`); it is no label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

import pandas as pd

from engine.images.columns import tidy
from engine.images.patterns import Part, cut, parts, read_pattern
from engine.images.table import Row
from engine.project import ColumnSettings
from engine.registry import Registry

Values: TypeAlias = dict[str, str]
NameReader: TypeAlias = Callable[[str], Values | None]

READERS: Registry[NameReader] = Registry("name reader")  # in order of preference where several fit as many names

SHARE_TO_FIT = 0.5  # a reader is proposed when it fits at least this share of the names
NAMES_TRIED = 2000  # names, evenly spread, that a proposal looks at


def read_names(paths: Sequence[str], columns: ColumnSettings) -> pd.DataFrame:
    """The columns [N rows] that folders, the name reader and the pattern give, the later ones first in rank.

    Raises:
        PatternInvalid: the pattern does not compile or names no column.
        UnknownName: no reader has the name in `columns.reader`.
    """
    values: dict[str, list[str]] = {}
    if columns.folders:
        values.update(_read_folders(paths))
    reader = propose_reader(paths) if columns.reader == "auto" else columns.reader
    if reader != "none":
        values.update(_spread([READERS[reader](path) for path in paths]))
    if columns.pattern:
        values.update(read_pattern(paths, columns.pattern)[0])
    frame = pd.DataFrame(index=range(len(paths)))
    return frame.assign(**{free_name(name): tidy(pd.Series(column, dtype="str")) for name, column in values.items()})


def propose_reader(paths: Sequence[str]) -> str:
    """The reader that fits the most names, or “none” where none fits half of them."""
    tried = paths[:: max(1, len(paths) // NAMES_TRIED)]
    fits = {name: sum(reader(path) is not None for path in tried) for name, reader in READERS.items()}
    best = max(fits, key=lambda name: fits[name])
    return best if tried and fits[best] >= SHARE_TO_FIT * len(tried) else "none"


def names_read(paths: Sequence[str], columns: ColumnSettings, reader: str) -> list[bool]:
    """Which names [N] the pattern reads or, where there is none, the reader named."""
    if columns.pattern:
        return read_pattern(paths, columns.pattern)[1]
    return [reader != "none" and READERS[reader](path) is not None for path in paths]


def name_parts(path: str, columns: ColumnSettings, reader: str) -> list[Part]:
    """A path cut into what each column takes of it: by the pattern where there is one, else by the reader named."""
    if columns.pattern:
        return parts(path, columns.pattern)
    spans: list[tuple[int, int, str]] = []
    if reader in _SCHEMES and (match := _match(_SCHEMES[reader], path)):
        offset = len(path) - len(path.rpartition("/")[2])
        spans = [(offset + match.start(name), offset + match.end(name), name) for name in match.re.groupindex]
    elif reader == "key_value" and key_value(path):
        spans = [
            (offset + pair.end() - len(_value(pair)), offset + pair.end(), _key(pair)) for offset, pair in _pairs(path)
        ]
    return cut(path, spans)


def free_name(name: str) -> str:
    """The name itself, or “…_given” where the scan's own columns already use it."""
    return f"{name}_given" if name in Row._fields else name


@READERS.register("breakhis")
def breakhis(path: str) -> Values | None:
    """BreakHis: `SOB_M_DC-14-10926-100-003` gives tumour, subtype, patient, magnification, sequence and field.

    Spanhol et al., IEEE TBME 2016, https://doi.org/10.1109/TBME.2015.2496264. The patient is `14-10926`; patient and
    sequence name the field, which has a picture at each magnification.
    """
    values = _groups(_BREAKHIS, path)
    return values and {**values, "field": f"{values['patient']}-{values['sequence']}"}


@READERS.register("idc")
def idc(path: str) -> Values | None:
    """IDC patches: `8975_idx5_x351_y1051_class0` gives patient, x, y and class_in_name.

    Cruz-Roa et al., SPIE Medical Imaging 2014, https://doi.org/10.1117/12.2043872. x and y are pixels of the slide.
    """
    return _groups(_IDC, path)


@READERS.register("her2st")
def her2st(path: str) -> Values | None:
    """HER2ST spots: `B4_x9_y13` gives patient (B), slide (B4), section (4) and the spot's x and y on the array.

    Andersson et al., Nature Communications 2021, https://doi.org/10.1038/s41467-021-26271-2.
    """
    return _groups(_HER2ST, path)


@READERS.register("tcga")
def tcga(path: str) -> Values | None:
    """TCGA barcodes: `TCGA-CR-7395-01A-01-TS1` gives slide, patient, site and sample, and x and y where they follow.

    https://docs.gdc.cancer.gov/Encyclopedia/pages/TCGA_Barcode/. A sample of 01 is a primary tumour, 11 normal tissue.
    """
    values = _groups(_TCGA, path)
    return values and {name: value for name, value in values.items() if value or name not in "xy"}


@READERS.register("tile")
def tile(path: str) -> Values | None:
    """Tiles of slides: `slide-7_x512_y1024` gives slide, x and y."""
    return _groups(_TILE, path)


@READERS.register("patient_number")
def patient_number(path: str) -> Values | None:
    """Patient number: `p02_19035` gives patient and number. So are the cells of CRCHistoPhenotypes often named."""
    return _groups(_PATIENT_NUMBER, path)


@READERS.register("key_value")
def key_value(path: str) -> Values | None:
    """Keys with values: `patient-3_x-12`, `patient=3_x=12` and `obj08_frame018` give a column for each key.

    Folder names count too. At least one `key=value` or two of the other pairs make a name fit.
    """
    pairs = [pair for _, pair in _pairs(path)]
    if len(pairs) < 2 and not any(pair["sign"] == "=" for pair in pairs):
        return None
    return {_key(pair): _value(pair) for pair in pairs}


def _read_folders(paths: Sequence[str]) -> dict[str, list[str]]:
    """folder_1, folder_2, … from the outside in; a level that all images share is left out.

    Where several levels differ, `folder` is the whole way: b/1 and c/1 are two folders that share their last name.
    """
    folders = [path.split("/")[:-1] for path in paths]
    depth = max(map(len, folders), default=0)
    levels = [[parts[level] if level < len(parts) else "" for parts in folders] for level in range(depth)]
    columns = {f"folder_{number}": level for number, level in enumerate(levels, start=1) if len(set(level)) > 1}
    return {"folder": ["/".join(parts) for parts in folders], **columns} if len(columns) > 1 else columns


def _spread(rows: Sequence[Values | None]) -> dict[str, list[str]]:
    """Values row by row → column by column, “” where a row has none."""
    names = dict.fromkeys(name for row in rows if row for name in row)
    return {name: [(row or {}).get(name, "") for row in rows] for name in names}


def _groups(pattern: re.Pattern[str], path: str) -> Values | None:
    match = _match(pattern, path)
    return match.groupdict(default="") if match else None


def _match(pattern: re.Pattern[str], path: str) -> re.Match[str] | None:
    return pattern.fullmatch(_without_extension(path).rpartition("/")[2])


def _pairs(path: str) -> list[tuple[int, re.Match[str]]]:
    """Keys with their values, each with the place in the path where it begins."""
    pieces = re.finditer(r"[^/_,; ]+", _without_extension(path))
    return [(piece.start(), pair) for piece in pieces if (pair := _PAIR.fullmatch(piece[0]))]


def _key(pair: re.Match[str]) -> str:
    return pair["key"].lower()


def _value(pair: re.Match[str]) -> str:
    return pair["value"] or pair["dashed"] or pair["glued"]


def _without_extension(path: str) -> str:
    return path.rpartition(".")[0]


_BREAKHIS = re.compile(
    r"SOB_(?P<tumour>[BM])_(?P<subtype>[A-Z]+)-(?P<patient>\d+-\d+[A-Z]*)-(?P<magnification>\d+)-(?P<sequence>\d+)"
)
_IDC = re.compile(r"(?P<patient>\d+)_idx\d+_x(?P<x>\d+)_y(?P<y>\d+)_class(?P<class_in_name>\d+)")
_HER2ST = re.compile(r"(?P<slide>(?P<patient>[A-Z])(?P<section>\d))_x(?P<x>\d+)_y(?P<y>\d+)")
_TCGA = re.compile(
    r"(?P<slide>(?P<patient>TCGA-(?P<site>\w{2})-\w{4})-(?P<sample>\d{2})[A-Z]-\d{2}-[A-Z0-9]+)(?:\.[\w-]+?)?"
    r"(?:[_-]x?(?P<x>\d+)[_-]y?(?P<y>\d+))?",
    re.IGNORECASE,
)
_TILE = re.compile(r"(?P<slide>.+?)[_-]x[-=]?(?P<x>\d+)[_-]y[-=]?(?P<y>\d+)")
_PATIENT_NUMBER = re.compile(r"[pP](?P<patient>\d+)[_-](?P<number>\d+)")
_PAIR = re.compile(
    r"(?P<key>[^\W\d_]+)(?:(?P<sign>=)(?P<value>[^=]+)|-(?P<dashed>[^\W_]*\d[\w.]*)|(?P<glued>\d+(?:\.\d+)?))"
)

_SCHEMES = {
    "breakhis": _BREAKHIS,
    "idc": _IDC,
    "her2st": _HER2ST,
    "tcga": _TCGA,
    "tile": _TILE,
    "patient_number": _PATIENT_NUMBER,
}

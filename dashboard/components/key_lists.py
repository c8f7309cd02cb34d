"""The keys of our components, read from the very lists that they show under “?”, so that Help cannot say otherwise."""

from __future__ import annotations

import json
import re
from functools import cache

from dashboard.components.bundle import FOLDER

LIST = re.compile(r"const \w*KEYS = \[\n(.*?)\n\];", re.DOTALL)
LINE = re.compile(r'^\s*(\["(?:[^"\\]|\\.)*",\s*"(?:[^"\\]|\\.)*"\])', re.MULTILINE)


@cache
def key_list(component: str) -> tuple[tuple[str, str], ...]:
    """(keys, separated by spaces, and what they do) of the component in components/<name>/."""
    scripts = sorted((FOLDER / component).glob("*.js"))
    found = [LIST.search(script.read_text(encoding="utf-8")) for script in scripts]
    (listed,) = [one.group(1) for one in found if one]
    return tuple((keys, does) for keys, does in map(json.loads, LINE.findall(listed)))

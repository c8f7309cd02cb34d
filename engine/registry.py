"""Registry: name → part. One instance per kind of part (methods, priors, encoders, strategies, …)."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Generic, TypeVar

from engine.errors import UnknownName

Part = TypeVar("Part")


class Registry(Generic[Part]):
    """A mapping from registry names to parts, in order of registration.

    A part is a class or a function with a docstring: its first line becomes the title, its link the source.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind  # singular, as in "no method is called …"
        self._parts: dict[str, Part] = {}
        self._families: dict[str, tuple[Callable[[], list[str]], Callable[[str], Part]]] = {}

    def register(self, name: str) -> Callable[[Any], Any]:
        """Decorator that files a part under `name`."""

        def add(part: Any) -> Any:
            assert name not in self._parts, f"{self.kind} {name} is registered twice"
            self._parts[name] = part
            part.name = name
            return part

        return add

    def register_family(self, prefix: str, names: Callable[[], list[str]], make: Callable[[str], Part]) -> None:
        """Parts beyond those filed: `make(name)` for every name that `names` lists, when asked for with the prefix."""
        self._families[prefix] = (names, make)

    def __getitem__(self, name: str) -> Part:
        """The part called `name`.

        Raises:
            UnknownName: nothing is registered under it; the message names the nearest and lists all.
        """
        if name in self._parts:
            return self._parts[name]
        if name in (made := self.made_on_demand()):
            return made[name]()
        raise unknown(self.kind, name, self._parts, made)

    def made_on_demand(self) -> dict[str, Callable[[], Part]]:
        """What the families add to the parts filed: full name → how to make it."""
        return {
            full: partial(self._make, make, full, rest)
            for prefix, (names, make) in self._families.items()
            for rest in names()
            if (full := f"{prefix}{rest}") not in self._parts
        }

    def _make(self, make: Callable[[str], Part], full: str, rest: str) -> Part:
        part = make(rest)
        part.name = full  # type: ignore[attr-defined]
        return part

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __contains__(self, name: object) -> bool:
        return name in self._parts or name in self.made_on_demand()

    def items(self) -> Iterator[tuple[str, Part]]:
        return iter(self._parts.items())


def unknown(kind: str, name: str, known: Iterable[str], more: Iterable[str] = ()) -> UnknownName:
    """The error that says there is no such name, which is meant perhaps, and which there are (`more` by number)."""
    names, others = list(known), list(more)
    every = [*names, *others]
    near = [one for one in every if one.endswith(f":{name}")] or difflib.get_close_matches(name, every, n=1)
    guess = f" Did you mean {near[0]}?" if near else ""
    beside = f" and {len(others)} more, such as {others[0]}" if others else ""
    return UnknownName(f"No {kind} is called “{name}”.{guess} There are: {', '.join(names)}{beside}.")

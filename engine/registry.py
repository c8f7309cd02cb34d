"""Registry: name → part. One instance per kind of part (methods, priors, encoders, strategies, …)."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
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

    def register(self, name: str) -> Callable[[Any], Any]:
        """Decorator that files a part under `name`."""

        def add(part: Any) -> Any:
            assert name not in self._parts, f"{self.kind} {name} is registered twice"
            self._parts[name] = part
            part.name = name
            return part

        return add

    def __getitem__(self, name: str) -> Part:
        """The part called `name`.

        Raises:
            UnknownName: nothing is registered under it; the message names the nearest and lists all.
        """
        if name in self._parts:
            return self._parts[name]
        raise unknown(self.kind, name, self._parts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def items(self) -> Iterator[tuple[str, Part]]:
        return iter(self._parts.items())


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownName:
    """The error that says there is no such name, which is meant perhaps, and which there are."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    guess = f" Did you mean {near[0]}?" if near else ""
    return UnknownName(f"No {kind} is called “{name}”.{guess} There are: {', '.join(names)}.")

"""How long a bench will still take, judged by its own trainings alone: rows without a training take seconds.

Nothing is said before a training that can be compared has come some way. In the time of one counts all there is to it:
its pilot, its start, its embedding and its scores.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from engine.bench.plan import Cell

SHOWN = 0.1  # share of a training that must be seen before it is judged by


class Timing:
    """A clock over the cells of a bench, in the order of the work."""

    def __init__(
        self, cells: Sequence[Cell], trains: Sequence[bool], by_time: bool, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin with the first cell.

        Args:
            cells: of the plan.
            trains: whether each has a training that is yet to be done, and not one that will be found done.
            by_time: whether every training is given the same seconds; else only those of one encoder can be compared.
            now: seconds, from any beginning.
        """
        self._cells, self._trains, self._by_time, self._now = cells, trains, by_time, now
        self._done = 0  # cells
        self._took: list[tuple[Cell, float]] = []  # seconds of each cell that was trained from its beginning
        self._scoring: dict[str, float] = {}  # encoder → seconds of an embedding with its scores
        self._first: tuple[float, float] | None = None  # when the training was first seen at work, and its share then
        self._last: tuple[float, float] | None = None
        self._began = now()  # the present cell

    def see(self, share: float) -> None:
        """The training of the present cell has come this far, in [0, 1]."""
        if share > 0:
            self._last = (self._now(), share)
            self._first = self._first or self._last

    def end_cell(self, *, worked: bool) -> None:
        """The present cell has ended, and the next begins."""
        cell, seconds = self._cells[self._done], self._now() - self._began
        if worked and not self._trains[self._done]:
            self._scoring[cell.encoder] = seconds
        elif worked and (self._first is None or self._first[1] < SHOWN):  # else it only went on from a checkpoint
            self._took.append((cell, seconds))
        self._done, self._began = self._done + 1, self._now()
        self._first = self._last = None

    def seconds_left(self) -> float | None:
        """Of all cells that are not done; None while nothing comparable was measured for one of them."""
        coming = [self._cells[place] for place in range(self._done, len(self._cells)) if self._trains[place]]
        here = self._foreseen()
        known = [*self._took, *((cell, here) for cell in coming[:1] if here is not None)]
        expected = [seconds for cell in coming if (seconds := self._expected(cell, known)) is not None]
        if not expected or len(expected) < len(coming):
            return None
        if self._trains[self._done]:  # part of which is over
            whole = expected[0] if here is None else here
            expected[0] = max(0.0, whole - (self._now() - self._began))
        return sum(expected)

    def _foreseen(self) -> float | None:
        """Seconds that the present cell will have taken, by the pace of its training; None while that is unknown."""
        if self._first is None or self._last is None or self._last[1] - self._first[1] < SHOWN:
            return None
        (start, before), (seen, share) = self._first, self._last
        whole = (seen - start) / (share - before)
        return seen - self._began + whole * (1 - share) + self._scoring.get(self._cells[self._done].encoder, 0.0)

    def _expected(self, cell: Cell, known: Sequence[tuple[Cell, float]]) -> float | None:
        alike = [seconds for other, seconds in known if self._by_time or other.encoder == cell.encoder]
        return float(np.mean(alike)) if alike else None

"""The points of a run's curves: means over about a second of steps, so that a long run stays light to draw."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import files

if TYPE_CHECKING:
    from engine.train.loop import Step

POINT_SECONDS = 1.0  # between two points; the end of an epoch always gives one


class Curve:
    """Gathers steps and gives their means to `write`."""

    def __init__(self, write: Callable[[dict[str, Any]], None]) -> None:
        self._write = write
        self._steps: list[Step] = []
        self._since = time.monotonic()
        self.views_per_second = 0.0  # over the last point's steps

    def add(self, step: Step, epoch_steps: int) -> None:
        """One more step; writes a point where it is time."""
        self._steps.append(step)
        seconds = time.monotonic() - self._since
        if not self.views_per_second or seconds > POINT_SECONDS or step.epoch_ended:
            self._point(step, epoch_steps, seconds)

    def _point(self, last: Step, epoch_steps: int, seconds: float) -> None:
        self.views_per_second = sum(step.views for step in self._steps) / max(seconds, 1e-6)
        means = {name: sum(step.losses[name] for step in self._steps) / len(self._steps) for name in last.losses}
        monitors = {"epoch_loss" if name == "loss" else name: value for name, value in last.monitors.items()}
        self._write(
            {
                "step": last.step,
                "epoch": last.step / epoch_steps,
                "loss": means.pop("total"),
                **means,
                "learning_rate": last.learning_rate,
                "views_per_second": self.views_per_second,
                **monitors,
            }
        )
        self._steps, self._since = [], time.monotonic()


def keep_points(path: Path, steps: int) -> None:
    """Drop the points of later steps, and a last line that was half written."""
    if not path.exists():
        return
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    files.write_text(path, "".join(f"{line}\n" for line in lines if json.loads(line)["step"] <= steps))

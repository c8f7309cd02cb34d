"""Whether a memory that was read again and again grows: its slope, what the noise leaves open, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

FEWEST = 6  # readings from which a slope is told
TOLERATED = 0.1  # share of what is held up to which the growth must be certain to stay


@dataclass(frozen=True)
class Growth:
    """How a memory grows over the second half of its readings, when caches are full."""

    held_mb: float  # in the middle
    grows_mb: float  # over a whole hour's work
    half_interval_mb: float  # of that, 95 %

    @property
    def flat(self) -> bool:
        """Whether no growth shows, and none that would matter could hide in the noise."""
        low, high = self.grows_mb - self.half_interval_mb, self.grows_mb + self.half_interval_mb
        return low <= 0 and high <= TOLERATED * self.held_mb


def growth(done: Sequence[float], megabytes: Sequence[float], whole: float) -> Growth | None:
    """The slope of the second half by least squares, times `whole`; None where there are too few readings.

    What is held swings slowly, so that readings tell less than as many independent ones: the interval is widened by
    what one residual tells of the next, as for an autoregressive process of the first order.

    Args:
        done: what had been done at each reading [N], in any unit.
        megabytes: the readings [N].
        whole: an hour's work, in that unit.
    """
    at, read = (np.asarray(one, float)[len(one) // 2 :] for one in (done, megabytes))
    if len(at) < FEWEST:
        return None
    slope, level = np.polyfit(at, read, 1)
    rest = read - level - slope * at
    echo = max(0.0, float(rest[1:] @ rest[:-1] / max(float(rest @ rest), 1e-9)))
    independent = max(3.0, len(at) * (1 - echo) / (1 + echo))
    error = np.sqrt(rest @ rest / (independent - 2) / ((at - at.mean()) ** 2).sum())
    half = float(stats.t.ppf(0.975, independent - 2) * error)
    return Growth(round(float(read.mean()), 1), round(float(slope) * whole, 1), round(half * whole, 1))

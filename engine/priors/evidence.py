"""What each prior was worth where it was measured: gains over augmentation alone.

Written by tests/benchmarks/priors.py. A gain is the difference of two trainings that share first weights, order of
images, views, steps and labels, in points of balanced accuracy of a logistic regression; its 95 % interval is over
seeds. It tells of the images it was measured on and hints at their like; on others it is a reason to compare, not a
promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import files

PATH = Path(__file__).with_name("evidence.json")
HELPS, HARMS, APART = "helps", "harms", "not told apart"


@dataclass(frozen=True)
class Evidence:
    """One prior on one set of images."""

    prior: str  # its registered name; several joined by + where they were used together
    how: str  # what of it was used, as in “its mask only”; "" for all as it stands
    set: str  # name of the set of images
    data: str  # what its images are, in a few words
    labels: int  # of each class
    gain: float  # in points of balanced accuracy
    low: float  # ends of the 95 % interval
    high: float
    trainings: int  # of each kind, each with a seed and draws of labels of its own
    others: str  # what labels and scores do not share, such as "patients"; "" where they come from all images alike
    note: str = ""  # a sentence on what to bear in mind

    @property
    def verdict(self) -> str:
        """Whether it helped, harmed, or cannot be told apart from augmentation alone."""
        return HELPS if self.low > 0 else HARMS if self.high < 0 else APART

    @property
    def gained(self) -> str:
        """The gain as it is written, as “+2.5” or “−1.8”."""
        return _signed(self.gain)

    @property
    def sentence(self) -> str:
        """The measurement in plain words."""
        interval = f"{self.gained} points ({_signed(self.low)} to {_signed(self.high)})"
        apart = "not told apart from augmentation alone: " if self.verdict == APART else ""
        where = f", scored on other {self.others}" if self.others else ""
        how = f" with {self.how}" if self.how else ""
        text = f"On {self.data}{how}, {apart}{interval} at {self.labels} labels of each class{where}."
        return " ".join(filter(None, [text, self.note]))


def evidence_for(prior: str, path: Path = PATH) -> tuple[Evidence, ...]:
    """What was measured of a prior by itself, the largest gain first; nothing where nobody measured it."""
    return tuple(sorted((one for one in all_evidence(path) if one.prior == prior), key=lambda one: -one.gain))


def all_evidence(path: Path = PATH) -> tuple[Evidence, ...]:
    """Every measurement, in the order of the file."""
    found: list[dict[str, Any]] = files.read_json(path)
    return tuple(Evidence(**one) for one in found)


def _signed(points: float) -> str:
    return f"{points:+z.1f}".replace("-", "−")

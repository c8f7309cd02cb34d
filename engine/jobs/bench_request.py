"""What a bench is asked to do: which trainings to compare, on what truth, with how many labels. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from engine import catalogue
from engine.errors import SettingInvalid, TableUnreadable
from engine.evaluate.truth import read_truth
from engine.images.table import read_table
from engine.jobs.checks import check_name
from engine.priors import parse_prior
from engine.project import Project

FEWEST_SECONDS = 5.0  # of one training; below, nothing is learnt that could be compared


@dataclass(frozen=True)
class BenchRequest:
    """Compare trainings by what a few labels are worth after them: methods × priors × encoders × starting points."""

    kind: ClassVar[str] = "bench"
    truth: str = ""  # CSV or Parquet with a column of paths; read by the scoring alone
    column: str = "label"  # its column of classes
    group: str = ""  # column of the images whose groups scores are disjoint in; "" for none
    methods: tuple[str, ...] = ("simclr",)
    priors: tuple[str, ...] = ("augmentation",)  # as on the command line; “a+b” is one training with both
    encoders: tuple[str, ...] = ("nano",)
    inits: tuple[str, ...] = ("random",)
    labels: tuple[int, ...] = (1, 5, 10)  # drawn of each class
    seeds: int = 5  # draws of labels for each training
    repeats: int = 1  # trainings of each kind, each with a seed and draws of its own
    seconds: float = 0.0  # that each training takes on this machine; 0 goes by epochs
    epochs: int = 20  # of each training, where no seconds are given
    size: int = 0  # side of the views in pixels; 0 for what suits the images, at most 64
    training: Mapping[str, Any] = field(default_factory=dict)  # further settings of every training, by name
    name: str = "bench"  # of its folder in the project
    device: str = "auto"

    @property
    def title(self) -> str:
        return f"Benchmark {self.name}"

    @property
    def stem(self) -> str:
        return f"bench-{self.name}"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **asdict(self)}

    def check(self, project: Project) -> None:
        """Raise the EngineError that would otherwise come from the worker; single trainings are looked at later."""
        check_name(self.name or "-")
        for kind, names in (("methods", self.methods), ("encoders", self.encoders)):
            for name in names:
                catalogue.card(kind, name)
        for prior in self.priors:
            for part in prior.split("+"):
                parse_prior(part)
        self._check_numbers()
        if not Path(self.truth).is_file():
            raise TableUnreadable(
                f"There is no file “{self.truth}”. Give the table of the true classes, CSV or Parquet."
            )
        table = read_table(project)
        if self.group:
            table.codes(self.group)
        named = set(read_truth(table, Path(self.truth), self.column).names) - {""}
        if len(named) < 2:
            raise TableUnreadable(
                f"{self.truth} gives {len(named)} class(es) to the images of this project; a comparison needs at least "
                f"2. Check its paths and its column “{self.column}”."
            )

    def _check_numbers(self) -> None:
        if not (self.methods and self.priors and self.encoders and self.inits and self.labels):
            raise SettingInvalid("A benchmark needs at least one method, prior, encoder and number of labels.")
        if min(self.labels) < 1:
            raise SettingInvalid(f"The numbers of labels are 1 or more of each class; {min(self.labels)} is less.")
        if self.seeds < 1 or self.seeds * self.repeats < 2:
            raise SettingInvalid(
                f"An interval needs at least 2 seeds (draws of labels), or 2 trainings; {self.seeds} is too few."
            )
        if self.repeats < 1:
            raise SettingInvalid(f"“repeats” is 1 or more trainings of each kind; {self.repeats} is less.")
        if self.seconds and self.seconds < FEWEST_SECONDS:
            raise SettingInvalid(f"“seconds” is at least {FEWEST_SECONDS:g}; {self.seconds:g} is less.")
        if self.size and not 16 <= self.size <= 512:
            raise SettingInvalid(f"“size” is 16 to 512 pixels (0 for what suits the images); {self.size} is not.")

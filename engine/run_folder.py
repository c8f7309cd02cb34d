"""The files in a run's folder. The folder is the truth about a run: whoever reads it needs no other process.

request.json   what was asked for; written once            status.json   how far it is; written by the worker only
heartbeat      which process works on it, touched           metrics.jsonl one line per point of the curves
log.txt        everything that the worker said               stop          there while somebody wants it to stop
checkpoints/   from which training continues                 encoder.pt    the trained encoder · views.webp what it saw
snapshots/     features of a sample at several epochs, and the maps of them
looks/         what the network draws, attends to and puts together, as pictures; about.json says what they show
labels.json    the labels that a run learns from, as they stood when it began; only where it learns from labels
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.project import Project


@dataclass(frozen=True)
class RunFolder:
    """Paths of one run; a value, holding nothing open."""

    root: Path

    @classmethod
    def of(cls, project: Project, run: str) -> RunFolder:
        return cls(project.run_folder(run))

    @property
    def run(self) -> str:
        return self.root.name

    @property
    def project_root(self) -> Path:
        return self.root.parent.parent

    @property
    def request(self) -> Path:
        return self.root / "request.json"

    @property
    def status(self) -> Path:
        return self.root / "status.json"

    @property
    def heartbeat(self) -> Path:
        return self.root / "heartbeat"

    @property
    def metrics(self) -> Path:
        return self.root / "metrics.jsonl"

    @property
    def log(self) -> Path:
        return self.root / "log.txt"

    @property
    def stop(self) -> Path:
        return self.root / "stop"

    @property
    def meeting(self) -> Path:
        """Where processes that train together find each other."""
        return self.root / "meeting"

    @property
    def checkpoint(self) -> Path:
        return self.root / "checkpoints" / "last.pt"

    @property
    def encoder(self) -> Path:
        return self.root / "encoder.pt"

    @property
    def views(self) -> Path:
        return self.root / "views.webp"

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    @property
    def looks(self) -> Path:
        return self.root / "looks" / "about.json"

    def look(self, name: str) -> Path:
        return self.root / "looks" / f"{name}.webp"

    @property
    def labels(self) -> Path:
        return self.root / "labels.json"

    def exists(self) -> bool:
        return self.request.exists()

"""What a tiling is asked to do: which slides, cut how. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from engine.home import existing_folder
from engine.project import Project
from engine.settings import build
from engine.slides.plan import TileConfig, check_scales
from engine.slides.read import check_openslide
from engine.slides.survey import slide_names
from engine.slides.tile import check_over_tiles


@dataclass(frozen=True)
class TileRequest:
    """Cut a folder of whole-slide images into tiles, which become images of the project."""

    kind: ClassVar[str] = "tile"
    stem: ClassVar[str] = "tile"
    slides: str = ""  # the folder; never written to
    settings: Mapping[str, Any] = field(default_factory=dict)  # of TileConfig, by name

    @property
    def config(self) -> TileConfig:
        """How to cut, checked."""
        return build(TileConfig, self.settings)

    @property
    def title(self) -> str:
        return f"Tiles of the slides in {Path(self.slides).name}"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **asdict(self)}

    def check(self, project: Project) -> None:
        """Raise the EngineError that would otherwise come from the worker.

        Raises:
            PathNotAllowed: the project is over other images; the folder is not allowed, is none, or holds no slide.
            SettingInvalid, UnknownName: what is asked for is no number, out of range, or no setting.
            ExtraMissing: OpenSlide is not installed.
        """
        check_over_tiles(project)
        check_scales(self.config)
        check_openslide()
        slide_names(existing_folder(Path(self.slides)))

"""The sheet on which tissue is drawn: how much of each dye lies in each pixel, not yet a colour."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.demo.cells import Nuclei
from engine.demo.noise import Shape, sample
from engine.types import Floats


@dataclass
class Canvas:
    """Optical density of both dyes at 20x, and the nuclei still to be laid on top."""

    haematoxylin: Floats  # [H W], ≥ 0; about 1 in a dark nucleus
    eosin: Floats  # [H W], ≥ 0; about 0.4 in dense collagen
    nuclei: list[Nuclei] = field(default_factory=list)

    @classmethod
    def blank(cls, shape: Shape) -> Canvas:
        return cls(np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32))

    @property
    def shape(self) -> Shape:
        return self.eosin.shape[0], self.eosin.shape[1]

    def cover(self, where: Floats, haematoxylin: Floats | float, eosin: Floats | float) -> None:
        """Replace what lies there, in proportion to `where` [H W] in [0, 1]."""
        self.haematoxylin += where * (haematoxylin - self.haematoxylin)
        self.eosin += where * (eosin - self.eosin)

    def bleach(self, where: Floats) -> None:
        """Thin both dyes by the factor 1 − where [H W]: clefts, lumens, vacuoles."""
        self.haematoxylin *= 1 - where
        self.eosin *= 1 - where

    def bury(self, where: Floats) -> None:
        """Drop the nuclei whose middles lie where `where` [H W] > 0.5: something was drawn over them."""
        self.nuclei = [
            group[np.flatnonzero(sample(where, np.stack([group.row, group.column], axis=1)) <= 0.5)]
            for group in self.nuclei
        ]

    def window(self, middle: Floats, reach: int) -> tuple[Canvas, Floats, Floats]:
        """The part of the sheet within `reach` pixels of a point (row, column), and the offsets from that point.

        Returns:
            A canvas that draws on this one's pixels; offsets down and right of the point [h w], in pixels.
        """
        row, column = round(float(middle[0])), round(float(middle[1]))
        rows = slice(max(0, row - reach), max(0, row + reach + 1))
        columns = slice(max(0, column - reach), max(0, column + reach + 1))
        part = Canvas(self.haematoxylin[rows, columns], self.eosin[rows, columns])
        down = np.arange(rows.start, rows.start + part.shape[0], dtype=np.float32) - middle[0]
        right = np.arange(columns.start, columns.start + part.shape[1], dtype=np.float32) - middle[1]
        return part, *np.meshgrid(down, right, indexing="ij")

"""One stain for all images of a job, where that is asked for. Loads torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine.images.cache import PixelCache
from engine.images.table import ImageTable
from engine.jobs.stain_reference import reference_row
from engine.types import Progress, silent
from engine.views.normalise import Stain, StainedCache, stained, stains_of
from engine.views.recipe import Recipe


def to_one_stain(cache: PixelCache, table: ImageTable, recipe: Recipe, progress: Progress = silent) -> PixelCache:
    """The cache with every image brought to the stain that the recipe asks for; as it is where it asks for none.

    Raises:
        UnknownName: the table has no such image.
        SettingInvalid: two stains cannot be told apart in it, or in any image.
    """
    if recipe.stain_normalise == "no":
        return cache
    reference = recipe.stain_reference
    row, stains = reference_row(table, reference), stains_of(cache, progress)
    target = stains.median if row is None else stains.of(int(cache.rows[row]), reference)
    return stained(cache, stains, target)


def to_stain_of_run(cache: PixelCache, kept: Mapping[str, Any], progress: Progress = silent) -> PixelCache:
    """The cache as the run saw it whose checkpoint this is."""
    if "stain" not in kept:
        return cache
    return stained(cache, stains_of(cache, progress), Stain(**{key: tuple(of) for key, of in kept["stain"].items()}))


def about_stain(cache: PixelCache) -> dict[str, Any]:
    """What a checkpoint, or an embedding's about.json, says of the stain that images were brought to; else nothing."""
    return {"stain": asdict(cache.target)} if isinstance(cache, StainedCache) else {}

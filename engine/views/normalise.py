"""Stain normalisation: all images as if one laboratory had stained them.

Macenko et al., ISBI 2009, https://doi.org/10.1109/ISBI.2009.5193250: the colours of both stains and how strong each is
at most (the 99th percentile of its amounts) are estimated in every image; its amounts are scaled to the strengths of a
reference and put together again in the colours of that. What neither stain explains is left out, as there. Differs: the
reference is a chosen image or the median over all images; estimates look at 64 x 64 pixels of an image at most; and
where two stains cannot be told apart (blank, black or single-colour images, too little tissue) the image stays
unchanged, byte by byte; so does one that had to be stained more than three times as strongly, such as fat, whose
“haematoxylin” is but the darker eosin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.errors import SettingInvalid
from engine.images.cache import PixelCache
from engine.types import Array, Floats, Indices, Pixels, Progress, silent
from engine.views.stain import FAINT, brightness, density, macenko, separate

STRONGEST = 0.99  # quantile of the amounts of a stain that counts as its strength: all but the darkest hundredth
LOOKED_AT = 64  # rows and columns of an image that an estimate looks at, at most
MOST = 3.0  # times that a stain is made stronger: what is weaker still is no stain, and background would be coloured
AT_ONCE = 256  # images


@dataclass(frozen=True)
class Stain:
    """How a laboratory's stains look."""

    haematoxylin: tuple[float, ...]  # optical densities of red, green and blue, a unit vector
    eosin: tuple[float, ...]
    strengths: tuple[float, ...]  # of both, in optical density


@dataclass(frozen=True, eq=False)
class Stains:
    """The stain of every image of a set."""

    colours: Floats  # [M 2 3], haematoxylin first
    strengths: Floats  # [M 2]
    found: Array  # whether two stains could be told apart [M]

    @property
    def median(self) -> Stain:
        """The usual stain of the set.

        Raises:
            SettingInvalid: no image shows two stains.
        """
        if not self.found.any():
            raise SettingInvalid(
                "Stain normalisation tells haematoxylin and eosin apart, and no image shows both. "
                "It is for tissue in H&E: set “stain_normalise” to no."
            )
        colours = np.median(self.colours[self.found], axis=0)
        return _stain(
            colours / np.linalg.norm(colours, axis=1, keepdims=True), np.median(self.strengths[self.found], 0)
        )

    def of(self, image: int, name: str) -> Stain:
        """The stain of one image.

        Raises:
            SettingInvalid: two stains cannot be told apart in it.
        """
        if not self.found[image]:
            raise SettingInvalid(
                f"Haematoxylin and eosin cannot be told apart in “{name}”, so no image can be brought to its stain. "
                "Choose an image with both, or leave “stain_reference” empty for the usual stain of all images."
            )
        return _stain(self.colours[image], self.strengths[image])


@dataclass(frozen=True, eq=False)
class StainedCache(PixelCache):
    """A cache whose images are brought to one stain as they are taken; what is on disk stays as it is."""

    target: Stain
    changes: Floats  # of optical density [M 3 3], one for each of the M contents
    found: Array  # [M]; where it is not, the image stays unchanged

    def take(self, indices: Indices) -> Pixels:
        pixels, which = super().take(indices), self.rows[indices]
        changed = restain(_planes(pixels), torch.from_numpy(self.changes[which]))
        stained: Pixels = changed.round().byte().permute(0, 2, 3, 1).numpy()
        return np.where(self.found[which][:, None, None, None], stained, pixels)

    @property
    def original(self) -> PixelCache:
        """The images as they are on disk."""
        return PixelCache(self.pixels, self.rows)


def estimate(images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Colours [B 2 3] and strengths [B 2] of the stains in images [B 3 H W]; whether both are there [B]."""
    step = -(-max(images.shape[2:]) // LOOKED_AT)
    thin = images[:, :, ::step, ::step]
    colours, found = macenko(thin)
    strengths = separate(thin, colours)[:, :2].flatten(2).quantile(STRONGEST, dim=2)
    return colours, strengths, found & (strengths > FAINT).all(dim=1)


def changes_to(target: Stain, colours: Tensor, strengths: Tensor) -> Tensor:
    """Matrices [B 3 3] that turn optical densities, as columns, in these stains to those in the target's."""
    wanted = colours.new_tensor([target.haematoxylin, target.eosin])  # [2 3]
    scale = colours.new_tensor(target.strengths) / strengths.clamp(min=FAINT)
    changes: Tensor = wanted.T @ (scale.unsqueeze(2) * torch.linalg.pinv(colours.transpose(1, 2)))
    return changes


def within_reach(target: Stain, strengths: Tensor) -> Tensor:
    """Whether images of these strengths [B 2] can be brought to the target's [B]."""
    return (strengths * MOST >= strengths.new_tensor(target.strengths)).all(dim=1)


def restain(images: Tensor, changes: Tensor) -> Tensor:
    """Images [B 3 H W] from 0 to 255 whose optical densities are multiplied by matrices [B 3 3]."""
    return brightness(changes @ density(images).flatten(2)).clamp(max=255).view_as(images)


def normalise(images: Tensor, target: Stain) -> Tensor:
    """Images [B 3 H W] from 0 to 255 in the stain of the target; unchanged where they do not show two stains."""
    colours, strengths, found = estimate(images)
    changed = restain(images, changes_to(target, colours, strengths))
    kept = ~(found & within_reach(target, strengths))
    return torch.where(kept[:, None, None, None], images, changed)


def stains_of(cache: PixelCache, progress: Progress = silent) -> Stains:
    """The stain of every content of the cache that an image shows."""
    total = len(cache.pixels)
    colours, strengths = np.zeros((total, 2, 3), np.float32), np.ones((total, 2), np.float32)
    found, shown = np.zeros(total, dtype=bool), np.unique(cache.rows)
    for start in range(0, len(shown), AT_ONCE):
        which = shown[start : start + AT_ONCE]
        parts = estimate(_planes(np.asarray(cache.pixels)[which]))
        colours[which], strengths[which], found[which] = (part.numpy() for part in parts)
        progress(start + len(which), len(shown))
    return Stains(colours, strengths, found)


def stained(cache: PixelCache, stains: Stains, target: Stain) -> StainedCache:
    """The cache with every image brought to the target's stain."""
    colours, strengths = torch.from_numpy(stains.colours), torch.from_numpy(stains.strengths)
    found = stains.found & within_reach(target, strengths).numpy()
    return StainedCache(cache.pixels, cache.rows, target, changes_to(target, colours, strengths).numpy(), found)


def _planes(pixels: Pixels) -> Tensor:
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float()


def _stain(colours: Floats, strengths: Floats) -> Stain:
    haematoxylin, eosin = (tuple(float(one) for one in colour) for colour in colours)
    return Stain(haematoxylin, eosin, tuple(float(one) for one in strengths))

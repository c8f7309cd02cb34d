"""Haematoxylin and eosin: an image of stained tissue taken apart into its stains, and put together again.

Light is absorbed by each stain in proportion to its amount (Beer and Lambert), so amounts add up in optical density:
OD = -ln(I / 255) = amounts · colours. Ruifrok and Johnston, Analytical and Quantitative Cytology and Histology 2001,
give colours measured once for all; Macenko et al., ISBI 2009, https://doi.org/10.1109/ISBI.2009.5193250, estimate them
from the image. A third direction, at right angles to both stains, holds what neither explains, so nothing is lost.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

# Ruifrok and Johnston 2001: optical densities of red, green, blue in a pure stain, before normalisation.
RUIFROK = ((0.65, 0.70, 0.29), (0.07, 0.99, 0.11))
FAINT = 0.15  # optical density below which Macenko et al. take a pixel for background (β)
EXTREME = 0.01  # share of the pixels beyond the angles that stand for the pure stains (α)
FEWEST = 0.02  # share of an image that must be tissue, for its colours to be estimated
APART = 0.1  # least angle between two estimated stains, in radians; below it they are one


def density(images: Tensor) -> Tensor:
    """Optical density of images from 0 to 255, of any shape; black counts as the darkest grey there is."""
    return -torch.log(images.float().clamp(min=1.0) / 255)


def brightness(density: Tensor) -> Tensor:
    """Images from 0 to 255 of an optical density."""
    return 255 * torch.exp(-density)


def ruifrok(like: Tensor) -> Tensor:
    """The fixed colours of haematoxylin and eosin [2 3], unit vectors on the device of `like`."""
    return F.normalize(torch.tensor(RUIFROK, device=like.device), dim=1)


def separate(images: Tensor, colours: Tensor) -> Tensor:
    """Amounts of haematoxylin, eosin and the rest.

    Args:
        images: [B 3 H W] from 0 to 255.
        colours: of the two stains, unit vectors [2 3], or [B 2 3] for each image its own.

    Returns:
        Amounts [B 3 H W]; white has none of any, and noise can make them slightly negative.
    """
    inverse = torch.linalg.inv(_basis(colours))
    return torch.einsum("bchw,...cs->bshw" if inverse.ndim == 2 else "bchw,bcs->bshw", density(images), inverse)


def combine(amounts: Tensor, colours: Tensor) -> Tensor:
    """Images [B 3 H W] from 0 to 255 of amounts [B 3 H W]; the inverse of `separate`."""
    basis = _basis(colours)
    return brightness(torch.einsum("bshw,...sc->bchw" if basis.ndim == 2 else "bshw,bsc->bchw", amounts, basis))


def alone(images: Tensor, colours: Tensor) -> Tensor:
    """How bright haematoxylin alone and eosin alone would be: exp(-amount), 1 where there is none.

    Args:
        images: [B 3 H W] from 0 to 255.
        colours: [2 3] or [B 2 3], of any length: the amounts are those of least squares, at least 0.

    Returns:
        Pictures [B 2 H W] in (0, 1].
    """
    return torch.exp(-separate(images, colours)[:, :2].clamp(min=0))


def stain_colours(images: Tensor, source: str) -> Tensor:
    """Colours of the two stains, unit vectors, for images [B 3 H W] from 0 to 255.

    Args:
        source: “fixed” for Ruifrok's [2 3], “estimated” for Macenko's of each image [B 2 3].
    """
    return macenko(images)[0] if source == "estimated" else ruifrok(images)


def jitter(images: Tensor, scale: Tensor, shift: Tensor, colours: Tensor) -> Tensor:
    """More or less of each stain: amounts · scale + shift. Tellez et al., IEEE TMI 2018.

    Args:
        images: [B 3 H W] from 0 to 255.
        scale: of haematoxylin and eosin [B 2].
        shift: added where there is tissue as where there is none [B 2].
        colours: [2 3] or [B 2 3].

    Returns:
        Images [B 3 H W] from 0 to 255. Taking apart and putting together are one product in optical density.
    """
    basis = _basis(colours).expand(len(images), 3, 3)
    rest = F.pad(scale, (0, 1), value=1.0)
    change = torch.linalg.inv(basis) @ (rest.unsqueeze(2) * basis)  # [B 3 3]
    offset = F.pad(shift, (0, 1)).unsqueeze(1) @ basis  # [B 1 3]
    changed = torch.baddbmm(offset.transpose(1, 2), change.transpose(1, 2), density(images).flatten(2))
    return brightness(changed).clamp(max=255).view_as(images)


def macenko(images: Tensor) -> tuple[Tensor, Tensor]:
    """The colours of the two stains in each image, and whether they could be estimated.

    The two main directions of the tissue's optical densities span a plane; within it the extreme angles are the
    stains, haematoxylin the one that takes away more red. Where there is too little tissue, or of one colour only,
    Ruifrok's colours stand in.

    Args:
        images: [B 3 H W] from 0 to 255.

    Returns:
        Unit vectors [B 2 3], haematoxylin first; a mask [B].
    """
    densities = density(images).flatten(2).transpose(1, 2)  # [B P 3]
    tissue = (densities > FAINT).all(dim=2)  # [B P]
    weight = tissue.float().unsqueeze(2)
    count = weight.sum(dim=1, keepdim=True).clamp(min=2)
    centred = (densities - (densities * weight).sum(dim=1, keepdim=True) / count) * weight
    _, directions = torch.linalg.eigh(centred.transpose(1, 2) @ centred / (count - 1))
    plane = directions[:, :, 1:].flip(2)  # [B 3 2], the main direction first
    plane = plane * torch.where(plane.sum(dim=1, keepdim=True) < 0, -1.0, 1.0)
    across, along = (densities @ plane).unbind(dim=2)
    angles = torch.atan2(along, across).masked_fill(~tissue, torch.nan)
    ends = torch.nanquantile(angles, torch.tensor([EXTREME, 1 - EXTREME], device=images.device), dim=1)  # [2 B]
    stains = torch.stack([ends.cos(), ends.sin()], dim=2).transpose(0, 1) @ plane.transpose(1, 2)  # [B 2 3]
    stains = F.normalize(stains, dim=2)
    red_first = (stains[:, 0, 0] >= stains[:, 1, 0])[:, None, None]
    stains = torch.where(red_first, stains, stains.flip(1))
    found = (tissue.float().mean(dim=1) >= FEWEST) & ((ends[1] - ends[0]) >= APART) & stains.isfinite().all(dim=(1, 2))
    found &= (stains >= 0).all(dim=(1, 2))
    return torch.where(found[:, None, None], stains, ruifrok(images)), found


def _basis(colours: Tensor) -> Tensor:
    """The two stains and the direction at right angles to both [… 3 3]."""
    rest = torch.linalg.cross(colours[..., 0, :], colours[..., 1, :])
    return torch.cat([colours, F.normalize(rest, dim=-1).unsqueeze(-2)], dim=-2)

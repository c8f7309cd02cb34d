"""CIE Lab, in which equal distances look about equally far apart, from and to sRGB; white is that of D65.

IEC 61966-2-1 (sRGB) and CIE 15 (Lab).
"""

from __future__ import annotations

import torch
from torch import Tensor

from engine.methods.heads import full_precision

TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
BEND = 6 / 29  # below its cube the curve is straight


def lab_of(images: Tensor) -> Tensor:
    """sRGB images [B 3 H W] from 0 to 1 → L from 0 to 100, a and b from about -110 to 110: [B 3 H W], float32.

    Colours beyond the range are taken as its ends.
    """
    coded = images.float().clamp(0, 1)
    linear = torch.where(coded > 0.04045, ((coded + 0.055) / 1.055) ** 2.4, coded / 12.92)
    with full_precision(images):
        relative = torch.einsum("xc,bchw->bxhw", _to_xyz(linear), linear)
    bent = torch.where(relative > BEND**3, relative.clamp(min=BEND**3) ** (1 / 3), relative / (3 * BEND**2) + 4 / 29)
    x, y, z = bent.unbind(dim=1)
    return torch.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], dim=1)


def srgb_of(lab: Tensor) -> Tensor:
    """Lab [B 3 H W] → sRGB images [B 3 H W] from 0 to 1; colours that no screen shows are cut to the range."""
    lightness, a, b = lab.float().unbind(dim=1)
    y = (lightness + 16) / 116
    bent = torch.stack([y + a / 500, y, y - b / 200], dim=1)
    relative = torch.where(bent > BEND, bent**3, 3 * BEND**2 * (bent - 4 / 29))
    with full_precision(lab):
        linear = torch.einsum("cx,bxhw->bchw", torch.linalg.inv(_to_xyz(relative)), relative).clamp(0, 1)
    return torch.where(linear > 0.0031308, 1.055 * linear.clamp(min=0.0031308) ** (1 / 2.4) - 0.055, 12.92 * linear)


def _to_xyz(like: Tensor) -> Tensor:
    """From linear RGB to XYZ in shares of white's, which is 1, 1, 1."""
    matrix = like.new_tensor(TO_XYZ)
    return matrix / matrix.sum(dim=1, keepdim=True)

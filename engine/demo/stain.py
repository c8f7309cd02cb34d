"""From dye to colour: every patient's laboratory stains a little differently, every scanner sees a little differently.

Beer–Lambert: light through a stained section falls by 10 to the power of minus its optical density. The dye vectors lie
near those of Ruifrok and Johnston, Analytical and Quantitative Cytology and Histology 2001 (colour deconvolution).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from engine.demo.noise import as_floats, smooth_noise
from engine.types import Floats, Pixels

_HAEMATOXYLIN = (0.62, 0.71, 0.34)  # optical density in red, green, blue of one unit of dye
_EOSIN = (0.16, 0.86, 0.48)


@dataclass(frozen=True)
class Stain:
    """One laboratory and scanner."""

    haematoxylin: Floats  # [3] optical density per unit of dye
    eosin: Floats  # [3]
    white: Floats  # [3] light of the empty slide, 0 to 1
    blur: float  # deviation of the optics' blur, in pixels
    noise: float  # deviation of the sensor's noise, in grey levels of 255


def draw_stain(patient: np.random.Generator, slide: np.random.Generator) -> Stain:
    """The stain of a slide: mostly its patient's, a little its own."""
    strength = np.exp(0.16 * patient.standard_normal(2) + 0.05 * slide.standard_normal(2))
    vectors = np.array([_HAEMATOXYLIN, _EOSIN]) * np.exp(0.10 * patient.standard_normal((2, 3)))
    white = np.array([0.955, 0.945, 0.955]) + 0.012 * patient.standard_normal(3) + 0.004 * slide.standard_normal(3)
    return Stain(
        haematoxylin=(vectors[0] * strength[0]).astype(np.float32),
        eosin=(vectors[1] * strength[1]).astype(np.float32),
        white=np.clip(white, 0.88, 0.99).astype(np.float32),
        blur=float(patient.uniform(0.45, 0.75)),
        noise=float(patient.uniform(0.8, 2.0)),
    )


def transmit(haematoxylin: Floats, eosin: Floats, stain: Stain, rng: np.random.Generator) -> Floats:
    """Light [H W 3] in [0, 1] that passes the section, unevenly lit as on a real stage; optics and sensor not yet."""
    density = haematoxylin[..., None] * stain.haematoxylin + eosin[..., None] * stain.eosin
    shape = haematoxylin.shape[0], haematoxylin.shape[1]
    lamp = 1 + 0.008 * smooth_noise(shape, 260, rng)
    return as_floats(stain.white * lamp[..., None] * np.power(np.float32(10), -density))


def photograph(light: Floats, stain: Stain, rng: np.random.Generator) -> Pixels:
    """The picture [H W 3] a scanner takes of that light: its blur, its noise, eight bits."""
    blurred = ndimage.gaussian_filter(light, (stain.blur, stain.blur, 0), mode="nearest")
    grain = stain.noise / 255 * rng.standard_normal(light.shape, dtype=np.float32)
    pixels: Pixels = np.rint(np.clip(blurred + grain, 0, 1) * 255).astype(np.uint8)
    return pixels

"""What may change between two views of an image while it stays the same thing to the eye: the human prior.

A recipe is a claim about the data. Colour jitter says that colour does not tell the classes apart; rotation says that
nothing in the picture knows where up is. The presets are such claims for kinds of images; any number may be overridden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.errors import UnknownName
from engine.settings import build, setting

NORMALISATIONS = ("no", "macenko")  # ways to bring all images to one stain, see engine.views.normalise


@dataclass(frozen=True)
class Recipe:
    """How far a view may stray from its image. Every view of every image is drawn by itself."""

    crop: float = setting(0.2, "smallest share of the image's area that a view shows", minimum=0.02, maximum=1)
    crop_largest: float = setting(
        1.0, "largest share of the image's area that a view shows", minimum=0.02, maximum=1, advanced=True
    )
    stretch: float = setting(
        4 / 3, "largest ratio of width to height of a crop, and of height to width", minimum=1, maximum=3, advanced=True
    )
    flip_horizontal: bool = setting(True, "mirror half of the views left to right")
    flip_vertical: bool = setting(False, "mirror half of the views top to bottom")
    rotation: float = setting(0.0, "largest turn to either side", minimum=0, maximum=180, unit="degrees")
    jitter: float = setting(0.8, "share of views whose colours change", minimum=0, maximum=1)
    brightness: float = setting(0.4, "brightness is multiplied by 1 ± this", minimum=0, maximum=1)
    contrast: float = setting(0.4, "contrast is multiplied by 1 ± this", minimum=0, maximum=1)
    saturation: float = setting(0.4, "saturation is multiplied by 1 ± this", minimum=0, maximum=1)
    hue: float = setting(0.1, "largest turn of the hue to either side", minimum=0, maximum=0.5, unit="turns")
    grey: float = setting(0.2, "share of views without colour", minimum=0, maximum=1)
    stain: float = setting(
        0.0, "haematoxylin and eosin are each multiplied by 1 ± this; for H&E only", minimum=0, maximum=1
    )
    stain_colours: str = setting(
        "fixed",
        "colours of the two stains: those measured by Ruifrok, or estimated in each image after Macenko (slower)",
        choices=("fixed", "estimated"),
        advanced=True,
    )
    stain_normalise: str = setting(
        "no",
        "bring all images to one stain before anything is seen of them, after Macenko; for H&E only",
        choices=NORMALISATIONS,
        advanced=True,
    )
    stain_reference: str = setting(
        "", "image whose stain the others are brought to, by id or path; empty for the usual one of all", advanced=True
    )
    blur: float = setting(0.0, "share of views that are blurred", minimum=0, maximum=1)
    blur_width: float = setting(
        0.03, "largest standard deviation of the blur", minimum=0, maximum=0.1, unit="image widths", advanced=True
    )


# natural: Chen et al., ICML 2020, appendix B.9 (their recipe for CIFAR-10: jitter at half strength, no blur).
# histology: Tellez et al., Medical Image Analysis 2019: tissue has no up; stains vary, but colour means something.
# mild: after Chhipa et al., WACV 2023 (MPCS): for partners that differ by themselves already.
# remote_sensing: seen from above, so no up; the light varies more than the colours.
PRESETS: dict[str, Recipe] = {
    "natural": Recipe(),
    "histology": Recipe(
        crop=0.4,
        flip_vertical=True,
        rotation=180,
        brightness=0.25,
        contrast=0.25,
        saturation=0.25,
        hue=0.04,
        grey=0,
        blur=0.1,
        blur_width=0.02,
    ),
    "mild": Recipe(
        crop=0.8,
        flip_vertical=True,
        rotation=90,
        jitter=0.3,
        brightness=0.1,
        contrast=0.1,
        saturation=0.1,
        hue=0.1,
        grey=0,
    ),
    "remote_sensing": Recipe(
        crop=0.3, flip_vertical=True, rotation=180, brightness=0.3, contrast=0.3, saturation=0.2, hue=0.02, grey=0
    ),
    "grey": Recipe(crop=0.3, rotation=15, brightness=0.4, contrast=0.4, saturation=0, hue=0, grey=0),
}


def make_recipe(preset: str, overrides: Mapping[str, Any] | None = None) -> Recipe:
    """The preset with some of its settings replaced.

    Raises:
        UnknownName: no such preset, or an override that is no setting of a recipe.
        SettingInvalid: a value outside its type or range.
    """
    if preset not in PRESETS:
        raise UnknownName(f"No preset of views is called “{preset}”. There are: {', '.join(PRESETS)}.")
    return build(Recipe, {**asdict(PRESETS[preset]), **(overrides or {})})

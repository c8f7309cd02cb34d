"""Class colours that most people with a colour vision deficiency can tell apart, and the keys that go with them.

Okabe and Ito 2008, https://jfly.uni-koeln.de/color/ (without black, which a dark theme swallows), then Paul Tol's
“muted” scheme, https://sronpersonalpages.nl/~pault/, then hues a golden angle apart: no set of more is safe.
"""

import colorsys
import re
from collections.abc import Collection

from engine.errors import SettingInvalid

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
TOL_MUTED = ("#332288", "#88CCEE", "#44AA99", "#117733", "#999933", "#DDCC77", "#CC6677", "#882255", "#AA4499")
# The grid has a, i, v, u, s, x (all, invert, in view, skip, alike, compare), Streamlit c and r.
KEYS = "1234567890qwetyopdfghjklbnm"
GOLDEN_ANGLE = 0.381966  # of a turn


def next_colour(used: Collection[str]) -> str:
    """The first colour of the palette that is not in use, as #RRGGBB."""
    taken = {colour.upper() for colour in used}
    place = 0
    while (colour := colour_at(place)) in taken:
        place += 1
    return colour


def colour_at(place: int) -> str:
    """The colour at a place of the endless palette, as #RRGGBB."""
    fixed = OKABE_ITO + TOL_MUTED
    if place < len(fixed):
        return fixed[place]
    turn = (place - len(fixed)) * GOLDEN_ANGLE % 1
    red, green, blue = colorsys.hls_to_rgb(turn, 0.5, 0.55)
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"


def next_key(used: Collection[str]) -> str:
    """The first key not in use; "" where all are."""
    return next((key for key in KEYS if key not in used), "")


def checked_colour(colour: str) -> str:
    """The colour in capitals.

    Raises:
        SettingInvalid: it is not of the form #RRGGBB.
    """
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        raise SettingInvalid(f"“{colour}” is not a colour. Write it as #RRGGBB, for example #0072B2.")
    return colour.upper()

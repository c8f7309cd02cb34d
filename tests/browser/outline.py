"""Parts of a map as a person outlines them: where they lie on the page, and the mouse's way around them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from playwright.sync_api import Page
from scipy.spatial import ConvexHull
from sklearn.cluster import KMeans

from engine.types import Floats

MARGIN, TOP = 28, 70  # pixels that the map keeps free around its points and above them (components/map/camera.js)
NUDGE = 6  # pixels by which an outline is drawn outside the outermost points
PARTS = 18  # of a map, outlined one after the other
Pixel = tuple[float, float]


def clouds(points: Floats, parts: int = PARTS) -> list[Floats]:
    """Groups of a map's points [N 2] that lie together."""
    known = points[~np.isnan(points).any(axis=1)].astype(np.float64)
    part = KMeans(parts, n_init=3, random_state=0).fit_predict(known)
    return [known[part == one] for one in range(parts) if (part == one).sum() > 3]


def on_screen(page: Page, points: Floats, cloud: Floats) -> list[Pixel]:
    """The outline of some points [M 2] in pixels of the page, where the map shows all of its points [N 2].

    It begins nearest the middle of the map, where no panel lies over it.
    """
    box = page.locator(".map").bounding_box()
    assert box
    low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    scale = min((box["width"] - 2 * MARGIN) / (high[0] - low[0]), (box["height"] - TOP - MARGIN) / (high[1] - low[1]))
    middle = [box["x"] + box["width"] / 2, box["y"] + (box["height"] + TOP - MARGIN) / 2]
    pixels = (cloud[ConvexHull(cloud).vertices] - (low + high) / 2) * scale * [1, -1] + middle
    outward = pixels - pixels.mean(axis=0)
    pixels += NUDGE * outward / np.linalg.norm(outward, axis=1, keepdims=True)
    pixels = np.roll(pixels, -np.linalg.norm(pixels - middle, axis=1).argmin(), axis=0)
    return [(float(x), float(y)) for x, y in pixels]


def draw_lasso(page: Page, corners: Sequence[Pixel]) -> None:
    """Take the lasso and draw it through all corners."""
    page.locator(".map").focus()
    page.keyboard.press("l")
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in [*corners[1:], corners[0]]:
        page.mouse.move(*corner, steps=3)
    page.mouse.up()

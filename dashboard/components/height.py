"""How high a component is: so many pixels, or what the window leaves below what stands above it."""

from __future__ import annotations

Height = int | str  # CSS pixels, or a CSS length


def rest_of_window(above: int, least: int = 400) -> str:
    """As high as the window without what stands above and below the component, in pixels; at least `least`."""
    return f"max({least}px, calc(100vh - {above}px))"


def css_height(height: Height) -> str:
    """The height as the browser reads it."""
    return f"{height}px" if isinstance(height, int) else height

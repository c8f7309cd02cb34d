"""Every method as small as it can be, by what its settings are called."""

from engine.methods import METHODS
from engine.settings import settings_of

SMALL = {"width": 16, "hidden": 16, "bottleneck": 16, "outputs": 16, "prototypes": 8, "clusters": 4, "queue": 64}


def small_settings(name: str, **settings: float) -> dict[str, object]:
    """What a method is given in tests: small widths, and of the rest what it knows."""
    known = {setting.name for setting in settings_of(METHODS[name].Config)}
    return {key: value for key, value in {**SMALL, **settings}.items() if key in known}


def small_encoder(name: str) -> tuple[str, dict[str, object]]:
    """The encoder that a method is tested with, and its settings: the first that its card names, or nano."""
    only = METHODS[name].card.get("encoders", ["nano"])
    assert isinstance(only, list)
    return (only[0], {"width": 24, "depth": 2, "patch": 8}) if only[0] != "nano" else ("nano", {"width": 8})

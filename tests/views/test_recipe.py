"""Recipes of views are settings like any other."""

import pytest

from engine.errors import SettingInvalid, UnknownName
from engine.views.recipe import PRESETS, make_recipe


def test_an_override_replaces_one_setting_of_the_preset() -> None:
    recipe = make_recipe("histology", {"rotation": "90"})
    assert recipe.rotation == 90
    assert recipe.crop == PRESETS["histology"].crop


def test_tissue_has_no_up() -> None:
    assert PRESETS["histology"].rotation == 180 and PRESETS["histology"].flip_vertical


def test_an_unknown_preset_lists_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="natural, histology, mild, remote_sensing, grey"):
        make_recipe("tissue")


def test_a_value_out_of_range_is_refused() -> None:
    with pytest.raises(SettingInvalid, match="at most 180"):
        make_recipe("natural", {"rotation": 400})

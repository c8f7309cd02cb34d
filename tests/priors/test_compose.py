"""Several priors at once: shares, recipe, masks, and the gallery of what they pair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.errors import SettingInvalid, UnknownName
from engine.images.table import ImageTable
from engine.priors import Pairing, PriorSpec, build_priors, describe_priors, gallery
from engine.priors.augmentation import Augmentation
from engine.priors.same_group import SameGroup
from engine.project import Project
from engine.types import UNKNOWN
from engine.views.recipe import PRESETS


@pytest.fixture
def table() -> ImageTable:
    """100 images: rows 2i and 2i + 1 share a patient, i and i + 50 share a slide."""
    ids = [f"{row:012x}" for row in range(100)]
    patient = [f"p{row // 2}" for row in range(100)]
    slide = [f"s{row % 50}" for row in range(100)]
    return ImageTable(pd.DataFrame({"id": ids, "path": ids, "content": ids, "patient": patient, "slide": slide}))


def shares(pairing: Pairing) -> tuple[float, float, float]:
    """Shares of pairs by patient, by slide, and of images with themselves, over 20,000 draws."""
    anchors = np.tile(np.arange(100), 50)
    partners = pairing(anchors, 4, np.random.default_rng(0))
    anchor = anchors[:, None]
    return ((partners ^ 1) == anchor).mean(), (abs(partners - anchor) == 50).mean(), (partners == anchor).mean()


def test_each_prior_takes_its_share_and_the_rest_are_images_with_themselves(table: ImageTable) -> None:
    pairing = Pairing.of(table, [Augmentation(), SameGroup("patient", 0.5), SameGroup("slide", 0.3, mask=False)])
    assert shares(pairing) == pytest.approx((0.5, 0.3, 0.2), abs=0.02)


def test_without_any_prior_every_image_is_paired_with_itself(table: ImageTable) -> None:
    assert shares(Pairing.of(table, [])) == (0, 0, 1)


def test_shares_above_one_are_refused(table: ImageTable) -> None:
    with pytest.raises(SettingInvalid, match=r"0\.7 \+ 0\.6 = 1\.3"):
        Pairing.of(table, [SameGroup("patient", 0.7), SameGroup("slide", 0.6)])


def test_images_that_any_prior_masks_are_no_negatives(table: ImageTable) -> None:
    kin = Pairing.of(table, [Augmentation(), SameGroup("patient"), SameGroup("slide")]).kin()
    assert kin is not None
    rows = np.arange(100)
    expected = ((rows[:, None] ^ 1) == rows) | (abs(rows[:, None] - rows) == 50)
    assert np.array_equal(kin(rows, rows), expected)


def test_only_priors_that_mask_tell_kin(table: ImageTable) -> None:
    rows, slides = np.arange(100), SameGroup("slide")
    kin = Pairing.of(table, [SameGroup("patient", mask=False), slides]).kin()
    assert kin is not None and np.array_equal(kin(rows, rows), abs(rows[:, None] - rows) == 50)
    assert Pairing.of(table, [Augmentation(), SameGroup("patient", mask=False)]).kin() is None


def test_the_first_prior_by_groups_gives_the_groups(table: ImageTable) -> None:
    pairing = Pairing.of(table, [Augmentation(), SameGroup("slide", mask=False), SameGroup("patient")])
    assert np.array_equal(pairing.groups(), table.groups("slide").codes)
    assert Pairing.of(table, [Augmentation()]).groups() is None


def test_a_preset_can_be_changed_in_single_settings(table: ImageTable) -> None:
    specs = [PriorSpec("augmentation", {"preset": "remote_sensing", "hue": 0.2})]
    recipe = Pairing.of(table, build_priors(specs)).recipe
    assert recipe == replace(PRESETS["remote_sensing"], hue=0.2)


def test_what_is_no_setting_of_a_recipe_is_refused() -> None:
    with pytest.raises(UnknownName, match="colour"):
        build_priors([PriorSpec("augmentation", {"colour": 1})])


def test_a_description_names_all_priors() -> None:
    specs = [PriorSpec("augmentation", {"preset": "natural"}), PriorSpec("same_group", {"column": "slide"})]
    assert describe_priors(specs) == "natural views, same slide"


def test_the_gallery_shows_real_pairs_with_the_prior_that_made_them(project: Project) -> None:
    from engine.images.table import read_table

    found = read_table(project)
    specs = [PriorSpec("augmentation"), PriorSpec("same_group", {"column": "patient", "share": 0.5})]
    pairs = gallery(project, specs, 40, seed=3)
    patients = found.column("patient")
    assert len({anchor for anchor, _, _ in pairs}) == 40
    for anchor, partner, prior in pairs:
        assert patients[anchor] == patients[partner]
        assert (prior == UNKNOWN) == (anchor == partner)
    assert {prior for _, _, prior in pairs} == {UNKNOWN, 1}

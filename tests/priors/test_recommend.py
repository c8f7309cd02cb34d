"""Which prior is recommended: by columns, reach, purity and evidence, each of which can turn the answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from engine.images.table import ImageTable
from engine.priors import recommend as module
from engine.priors.augmentation import Augmentation
from engine.priors.draw_cost import draw_cost
from engine.priors.evidence import Evidence
from engine.priors.recommend import fitting, recommend
from engine.priors.same_group import SameGroup
from engine.types import UNKNOWN

PATIENTS = np.repeat(np.arange(10), 6)  # ten patients of six images
BY_PATIENT = PATIENTS % 2  # every patient of one class
MIXED = np.arange(60) % 2  # every patient of both classes alike
NOTHING = np.full(60, UNKNOWN)


def make_table(folders: Sequence[str] = ("",), **columns: Sequence[object]) -> ImageTable:
    ids = [f"{row:012x}" for row in range(60)]
    paths = [f"{folders[row % len(folders)]}{one}.png" for row, one in enumerate(ids)]
    return ImageTable(pd.DataFrame({"id": ids, "path": paths, "content": ids, **columns}))


def measured(prior: str, low: float, high: float) -> Evidence:
    return Evidence(prior, "", "somewhere", "other tissue", 5, (low + high) / 2, low, high, 5, "patients")


@pytest.fixture(autouse=True)
def no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured in other tests' stead: nothing, until one says otherwise."""
    monkeypatch.setattr(module, "evidence_for", lambda prior: ())


def test_pairs_of_one_field_are_recommended_without_a_label_and_it_is_said_that_nobody_measured() -> None:
    found = recommend(make_table(field=PATIENTS, magnification=np.tile([40, 100], 30)), NOTHING)
    assert found.spec is not None
    assert (found.spec.name, dict(found.spec.settings)) == (
        "magnification", {"field": "field", "magnification": "magnification"}
    )  # fmt: skip
    assert found.advice == "The same field at another magnification shows the same tissue. Begin with such pairs."
    assert found.here == "100% of the images have such a partner."
    assert found.elsewhere == "Not measured on images like yours; look at the pairs."
    assert "Nothing is labelled yet" in found.caution


def test_pairs_of_one_patient_wait_for_labels() -> None:
    found = recommend(make_table(patient=PATIENTS), NOTHING)
    assert found.spec is None
    assert "same patient" in found.advice
    assert "Label some images" in found.caution


def test_pairs_of_one_patient_are_recommended_where_labels_show_them_pure() -> None:
    found = recommend(make_table(patient=PATIENTS), BY_PATIENT)
    assert found.spec is not None and found.spec.name == "same_patient"
    assert "mostly of one class" in found.advice
    assert "100% of the labelled partners share the class" in found.here
    assert found.caution == ""


def test_pairs_of_one_field_that_often_join_two_classes_are_recommended_with_a_caution() -> None:
    codes = np.where(np.arange(60) % 6 < 2, 1 - BY_PATIENT, BY_PATIENT)  # two images in six are of the other class
    found = recommend(make_table(field=PATIENTS, magnification=np.tile([40, 100], 30)), codes)
    assert found.spec is not None and found.spec.name == "magnification"
    assert "56% of the labelled partners share the class (38% to 72%, by 60 labelled images)" in found.here
    assert found.caution.startswith("Many of these pairs join two classes")


def test_a_few_labels_that_tell_nothing_of_the_purity_are_said_to_be_too_few() -> None:
    codes = np.where(np.isin(np.arange(60), (0, 1, 6, 7)), BY_PATIENT, UNKNOWN)
    found = recommend(make_table(field=PATIENTS, magnification=np.tile([40, 100], 30)), codes)
    assert "100% of the labelled partners share the class (34% to 100%, by 4 labelled images)" in found.here
    assert "too few to tell" in found.caution


def test_pairs_that_join_classes_are_not_recommended() -> None:
    found = recommend(make_table(patient=PATIENTS), MIXED)
    assert found.spec is None
    assert found.offers[0].purity.share == pytest.approx(2 / 5)


def test_what_did_harm_elsewhere_is_not_recommended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "evidence_for", lambda prior: (measured(prior, -6, -2),))
    found = recommend(make_table(patient=PATIENTS), BY_PATIENT)
    assert found.spec is None
    assert found.advice == "What there is would more likely harm than help: same patient."


def test_of_two_that_fit_the_one_that_helped_elsewhere_comes_first_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = make_table(field=PATIENTS, magnification=np.tile([40, 100], 30), sequence=PATIENTS, time=np.arange(60))
    assert [one.spec.name for one in recommend(table, NOTHING).offers] == ["magnification", "temporal_neighbour"]
    helped = {"temporal_neighbour": (measured("temporal_neighbour", 3, 9),)}
    monkeypatch.setattr(module, "evidence_for", lambda prior: helped.get(prior, ()))
    found = recommend(table, NOTHING)
    assert found.spec is not None and found.spec.name == "temporal_neighbour"
    assert "On other tissue, +6.0 points (+3.0 to +9.0)" in found.elsewhere


def test_what_elsewhere_could_not_be_told_apart_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "evidence_for", lambda prior: (measured(prior, -1, 3),))
    found = recommend(make_table(sequence=PATIENTS, time=np.arange(60)), NOTHING)
    assert "not told apart from augmentation alone" in found.elsewhere
    assert "told apart" not in found.caution


def test_what_helped_here_and_harmed_there_is_a_caution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "evidence_for", lambda prior: (measured(prior, 1, 3), measured(prior, -3, -1)))
    found = recommend(make_table(sequence=PATIENTS, time=np.arange(60)), NOTHING)
    assert found.caution.startswith("Elsewhere it was not told apart from augmentation alone.")


def test_a_prior_that_reaches_few_images_is_not_recommended() -> None:
    fields = [str(value) if row < 20 else "" for row, value in enumerate(PATIENTS)]
    found = recommend(make_table(field=fields, magnification=np.tile([40, 100], 30)), NOTHING)
    assert found.spec is None
    assert found.offers[0].coverage.fraction < 0.5


def test_columns_under_other_names_count_and_frames_far_apart_widen_the_reach() -> None:
    (spec,) = fitting(make_table(obj=PATIENTS, frame=np.tile(np.arange(6) * 5, 10)))
    assert spec.name == "temporal_neighbour"
    assert dict(spec.settings) == {"sequence": "obj", "time": "frame", "reach": 5.0}


def test_text_where_numbers_are_needed_and_folders_that_tell_nothing_offer_nothing() -> None:
    assert fitting(make_table(slide=PATIENTS, x=["left"] * 60, y=["up"] * 60))[0].name == "same_slide"
    assert fitting(make_table()) == []
    assert [spec.name for spec in fitting(make_table(["a/", "b/"]))] == ["same_folder"]


def test_without_any_column_the_way_to_one_is_told() -> None:
    assert "Data screen" in recommend(make_table(), NOTHING).advice


def test_the_cost_counts_the_partners_of_an_epoch() -> None:
    table = make_table(patient=[*PATIENTS[:54], 90, 91, 92, 93, 94, 95])  # six are alone
    cost = draw_cost(SameGroup(share=0.5), table, np.random.default_rng(0))
    assert (cost.partners, cost.images) == (27, 60)
    assert "31% of the images that an epoch reads are partners" in cost.sentence
    assert draw_cost(Augmentation(), table, np.random.default_rng(0)).sentence == "Free: it draws no partners."

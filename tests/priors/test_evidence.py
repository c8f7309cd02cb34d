"""What was measured of priors: read as written, and said without claiming more than the interval allows."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from engine import files
from engine.priors import PRIORS
from engine.priors.evidence import Evidence, all_evidence, evidence_for

ONE = Evidence("temporal_neighbour", "", "coil20", "objects that turn", 5, 6.1, 3.0, 9.2, 5, "")


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.1, 9.0, "helps"), (-3.0, 9.0, "not told apart"), (-9.0, -0.1, "harms")]
)
def test_only_an_interval_without_zero_is_a_verdict(low: float, high: float, verdict: str) -> None:
    assert replace(ONE, low=low, high=high).verdict == verdict


def test_the_sentence_gives_the_gain_its_interval_and_what_is_kept_apart() -> None:
    assert ONE.sentence == "On objects that turn, +6.1 points (+3.0 to +9.2) at 5 labels of each class."
    unclear = replace(ONE, low=-3.0, others="patients", note="Few patients.")
    assert unclear.sentence == (
        "On objects that turn, not told apart from augmentation alone: +6.1 points (−3.0 to +9.2) at 5 labels of each "
        "class, scored on other patients. Few patients."
    )


def test_evidence_of_a_prior_comes_largest_gain_first(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    files.write_json(path, [asdict(one) for one in (ONE, replace(ONE, gain=8.0), replace(ONE, prior="stain"))])
    assert [one.gain for one in evidence_for("temporal_neighbour", path)] == [8.0, 6.1]
    assert evidence_for("taxonomy", path) == ()


def test_what_was_measured_names_registered_priors_and_orderly_intervals() -> None:
    for one in all_evidence():
        assert all(name in PRIORS for name in one.prior.split("+"))
        assert one.low <= one.gain <= one.high

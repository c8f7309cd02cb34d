"""What an audit is likely to find, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.accept import AuditPlan, Forecast, forecast, outlook, suggested_floor
from engine.labels.events import LabelClass
from engine.propagate import Propagation
from engine.types import UNKNOWN


@pytest.fixture
def answers() -> Propagation:
    """Four answers with probabilities 1, 0.9, 0.8 and 0.7, and a labelled image."""
    first = np.asarray([1.0, 0.9, 0.8, 0.7, 1.0], np.float32)
    return Propagation(
        id="p",
        embedding="toy",
        method="auto",
        settings={},
        probabilities=np.stack([first, 1 - first], axis=1),
        ids=np.asarray(list("vwxyz"), object),
        classes=[LabelClass(1, "a", "#0072B2", "1"), LabelClass(2, "b", "#E69F00", "2")],
        labels=np.asarray([UNKNOWN] * 4 + [0]),
        label_version=1,
        seconds=0.0,
    )


def test_expected_errors_run_from_the_surest_answer_to_all(answers: Propagation) -> None:
    foretold = forecast(answers)
    assert foretold.answers == [1, 2, 3, 4]
    assert foretold.error == pytest.approx([0, 0.05, 0.1, 0.15], abs=1e-6)


def test_the_outlook_of_clean_answers_is_the_chance_of_finding_none_wrong(answers: Propagation) -> None:
    hope = outlook(answers, AuditPlan(floor=0.75), 59)
    assert (hope.answers, hope.error) == (3, pytest.approx(0.1, abs=1e-6))
    assert hope.passing == pytest.approx(0.9**59, rel=1e-4)


def test_the_floor_leaves_the_most_answers_that_are_likely_to_pass() -> None:
    foretold = Forecast([100, 200, 300], [0.957, 0.9, 0.5], [0.01, 0.024, 0.2])
    assert suggested_floor(foretold, 0.05, 59) == 0.9
    assert suggested_floor(foretold, 0.02, 59) == 0.0  # fewer than twice the images to check are so sure
    assert suggested_floor(foretold, 0.5, 9) == 0.0  # all are

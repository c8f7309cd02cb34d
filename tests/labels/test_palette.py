"""Class colours and keys."""

from __future__ import annotations

import pytest

from engine.errors import SettingInvalid
from engine.labels.palette import KEYS, OKABE_ITO, checked_colour, colour_at, next_colour, next_key


def test_the_first_classes_get_the_colours_of_okabe_and_ito() -> None:
    used: list[str] = []
    for _ in OKABE_ITO:
        used.append(next_colour(used))
    assert tuple(used) == OKABE_ITO


def test_two_hundred_classes_get_two_hundred_colours() -> None:
    assert len({colour_at(place) for place in range(200)}) == 200


def test_a_colour_in_use_is_passed_over_whatever_its_case() -> None:
    assert next_colour([OKABE_ITO[0].lower()]) == OKABE_ITO[1]


def test_keys_leave_out_those_that_mean_something_else() -> None:
    assert not set(KEYS) & set("aivusxcrz?/")
    assert len(set(KEYS)) == len(KEYS)


def test_keys_run_out_in_the_end() -> None:
    assert next_key("13") == "2"
    assert next_key(KEYS) == ""


@pytest.mark.parametrize("colour", ["red", "#12345", "0072B2", "#0072B2FF"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(SettingInvalid, match="#RRGGBB"):
        checked_colour(colour)

"""Advice: a method that there are images enough for."""

from engine.catalogue import read_catalogue
from engine.jobs.advice import advise

METHODS = [
    {"name": "byol", "summary": "predicts", "minimum_batch": 8},
    {"name": "simclr", "summary": "compares", "minimum_batch": 32},
]


def test_simclr_is_advised_where_two_of_its_smallest_batches_can_be_filled() -> None:
    assert advise(64, METHODS).method == "simclr"
    assert advise(63, METHODS).method == "byol"


def test_with_hardly_an_image_the_method_that_asks_for_the_fewest_is_advised() -> None:
    advice = advise(5, METHODS)
    assert advice.method == "byol"
    assert "5 in all" in advice.reason


def test_the_advised_method_is_in_the_catalogue() -> None:
    methods = read_catalogue()["methods"]
    assert advise(10_000, methods).method in [card["name"] for card in methods]

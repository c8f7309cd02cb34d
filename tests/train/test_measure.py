"""The speed estimate is a positive number from a few real steps."""

import torch

from engine.train.measure import measure


def test_a_measurement_gives_views_a_second() -> None:
    assert measure("nano", "simclr", 16, 8, torch.device("cpu"), seconds=0.1) > 1

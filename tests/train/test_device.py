"""Devices and number formats are chosen by name, and a missing one is refused in words."""

import pytest
import torch

from engine.errors import SettingInvalid
from engine.train.device import choose_device, choose_precision


def test_the_cpu_can_always_be_had() -> None:
    assert choose_device("cpu").type == "cpu"


def test_auto_takes_the_accelerator_where_there_is_one() -> None:
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    assert choose_device("auto") == (accelerator or torch.device("cpu"))


def test_a_word_that_is_no_device_is_refused() -> None:
    with pytest.raises(SettingInvalid, match="no device"):
        choose_device("fast")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(SettingInvalid, match="has no device “cuda”"):
        choose_device("cuda")


def test_a_named_precision_is_taken() -> None:
    assert choose_precision(torch.device("cpu"), "float32") == torch.float32
    assert choose_precision(torch.device("cpu"), "bfloat16") == torch.bfloat16

"""Training spread over two processes by torchrun is training in one, for every method."""

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.methods import METHODS
from tests.train import spread

ROOT = Path(__file__).parents[2]
EACH_METHOD = pytest.mark.parametrize("name", list(METHODS))


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What each of two processes ended up with, by method."""
    folder = tmp_path_factory.mktemp("shares")
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command = [*torchrun, "-m", "tests.train.spread", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(2)]


@EACH_METHOD
def test_both_processes_end_with_the_same_network_queue_and_memory(name: str, shares: list[dict[str, Any]]) -> None:
    first, second = (share[name] for share in shares)
    assert first["losses"] == second["losses"]
    assert all(torch.equal(first["state"][key], value) for key, value in second["state"].items())


@EACH_METHOD
def test_two_processes_do_what_one_does_with_the_joint_batch(name: str, shares: list[dict[str, Any]]) -> None:
    alone, spread_out = spread.outcome(name), shares[0][name]
    assert alone.state.keys() == spread_out["state"].keys()
    for one, other in zip(alone.losses, spread_out["losses"], strict=True):
        assert one == pytest.approx(other, rel=5e-4)
    for key, value in alone.state.items():
        said = partial("{}: {}".format, key)
        torch.testing.assert_close(spread_out["state"][key], value, rtol=1e-3, atol=2e-4, msg=said)

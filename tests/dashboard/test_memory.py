"""The server's memory: what is freed goes back to the machine, and what labels have made old is let go."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# As after each label: some megabytes of answers, freed again, with small things between them that stay.
ANSWERS = """
import psutil
import numpy as np
{first}
held = psutil.Process().memory_info
np.ones(4_000_000)  # 32 MB, freed at once: glibc now takes this for what is large
before, answers, small = held().rss, [], []
for _ in range(100):
    answers.append(np.ones(250_000))
    small.append(bytearray(1000))
answers.clear()
print((held().rss - before) // 2**20)
"""
SERVER = "import dashboard.server"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what was freed between small objects")
@pytest.mark.parametrize(("first", "stays"), [("", True), (SERVER, False)])
def test_arrays_that_the_server_frees_go_back_to_the_machine(first: str, stays: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ANSWERS.format(first=first)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (int(done.stdout) > 100) is stays  # of 191 MB

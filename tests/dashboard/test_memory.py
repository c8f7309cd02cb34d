"""The server's memory: what is freed goes back to the machine, and what labels have made old is let go."""

from __future__ import annotations

import gc
import platform
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from dashboard import checks, reads
from dashboard.parts import answer_reads, episode_reads
from engine.evaluate.classroom import Wish
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project

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
# As of eight screens drawn one after the other, each by a thread that is still there: small things, freed again.
SCREENS = """
from threading import Event, Thread
import psutil
{first}
held = psutil.Process().memory_info
before, stay, over = held().rss, [], Event()
def draw(done):
    small = [bytearray(10_000) for _ in range(2_000)]
    stay.append(small[-1])
    del small
    done.set()
    over.wait()
for _ in range(8):
    done = Event()
    Thread(target=draw, args=(done,)).start()
    done.wait()
print((held().rss - before) // 2**20)
over.set()
"""
SERVER = "import dashboard.server"


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what was freed between small objects")
@pytest.mark.parametrize("work", [ANSWERS, SCREENS], ids=["answers", "screens"])  # 191 MB, and 8 times 19
@pytest.mark.parametrize(("first", "stays"), [("", True), (SERVER, False)])
def test_what_the_server_frees_goes_back_to_the_machine_or_to_the_next(work: str, first: str, stays: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", work.format(first=first)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (int(done.stdout) > 100) is stays


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only there the server has one heap")
def test_what_arrow_reads_lies_in_the_heap_of_the_server() -> None:
    asked = f"{SERVER}\nimport pyarrow\nprint(pyarrow.default_memory_pool().backend_name)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "system"


@pytest.mark.parametrize(
    "read",
    [
        reads.labels_current,
        lambda project: reads.propagation(project, "toy"),
        lambda project: answer_reads.answer(project, "toy"),
        lambda project: checks.new_classes(project, "toy"),
        checks.efforts,
        lambda project: checks._support(checks._key(project, "toy"), "", project),
        lambda project: episode_reads.known_images(project, "toy", Wish()),
    ],
    ids=["labels", "propagation", "answer", "new classes", "efforts", "support", "known"],
)
def test_of_what_is_held_for_every_image_only_the_last_versions_stay(
    read: Callable[[Project], Any], labelled: Project
) -> None:
    st.cache_resource.clear()
    store, ids, held = LabelStore(labelled), read_table(labelled).ids, []
    for image in ids[3 : 3 + 2 * reads.OF_VERSIONS]:
        held.append(weakref.ref(read(labelled)))
        store.label([image], store.classes()[0].id, "ana", "key")
    gc.collect()
    assert sum(one() is not None for one in held) <= reads.OF_VERSIONS
    assert held[-1]() is not None  # the last one is kept

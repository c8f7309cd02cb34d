"""The label log on disk: it only grows, and nothing confirmed is ever lost, whoever writes and whatever is killed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.labels.store import LabelStore
from engine.project import Project

WRITERS = """
import os, random, select, signal, sys, time
from pathlib import Path
from engine.errors import ClassExists
from engine.labels.store import LabelStore
from engine.project import open_project

def write(pipe, life):  # in a process of its own
    store = LabelStore(open_project(Path(sys.argv[1])))
    try:
        store.add_class("one", "ada")
    except ClassExists:
        pass
    one = store.class_named("one")
    for number in range(share):
        name = f"image-{life}-{number}"
        store.label([name], one.id, "ada", "key")
        os.write(pipe, f"{name}\\n".encode())  # only now is it confirmed
    os._exit(0)

def born(life):
    read, pipe = os.pipe()
    process = os.fork()
    if process == 0:
        write(pipe, life)
    os.close(pipe)
    return process, read, time.monotonic() + moments.uniform(0.05, longest_life)

events, processes, longest_life = int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
share, moments, confirmed, kills, lives = events // processes, random.Random(0), [], 0, 0
alive = []
while len(confirmed) < events:
    while len(alive) < processes:
        alive.append(born(lives))
        lives += 1
    process, read, end = alive.pop(0)
    while select.select([read], [], [], max(0, end - time.monotonic()))[0] and (text := os.read(read, 65536)):
        confirmed += text.decode().split()
    if time.monotonic() >= end:
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    kills += os.WIFSIGNALED(status)
    while text := os.read(read, 65536):  # what it had confirmed before it was killed
        confirmed += text.decode().split()
    os.close(read)
for process, _, _ in alive:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
print(*confirmed, kills)
"""


def test_the_database_itself_refuses_to_forget(empty_project: Project, store: LabelStore) -> None:
    store.add_class("one", "ada")
    with sqlite3.connect(empty_project.labels_path) as connection:
        for command in ("DELETE FROM changes", "UPDATE acts SET who = 'eve'"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                connection.execute(command)
    connection.close()


def test_every_commit_reaches_the_disk(store: LabelStore) -> None:
    with store._database.connect() as connection:
        assert connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(sa.text("PRAGMA synchronous")) == 2  # FULL


def test_threads_lose_nothing(store: LabelStore) -> None:
    one = store.add_class("one", "ada")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.label([f"image {number}"], one.id, "ada", "key"), range(80)))
    assert len(store.current()) == 80


def test_processes_that_open_a_new_log_at_once_lose_nothing(empty_project: Project) -> None:
    confirmed, _ = write_from_processes(empty_project, events=100, processes=4, longest_life=60)
    assert len(confirmed) >= 100
    assert set(confirmed) <= set(LabelStore(empty_project).current()["image"])


@pytest.mark.slow
def test_a_thousand_events_and_kills_at_random_moments_lose_nothing_confirmed(empty_project: Project) -> None:
    confirmed, kills = write_from_processes(empty_project, events=1_000, processes=1, longest_life=1.0)
    assert len(confirmed) >= 1_000
    assert kills >= 3
    assert set(confirmed) <= set(LabelStore(empty_project).current()["image"])
    with sqlite3.connect(empty_project.labels_path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def write_from_processes(project: Project, events: int, processes: int, longest_life: float) -> tuple[list[str], int]:
    """Label images one by one from processes that are killed (kill -9) at random moments and replaced by new ones.

    Returns:
        The images whose label was confirmed, each printed by its process after the commit; how many were killed.
    """
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork processes")
    arguments = [str(project.root), str(events), str(processes), str(longest_life)]
    done = subprocess.run(
        [sys.executable, "-c", WRITERS, *arguments],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *confirmed, kills = done.stdout.split()
    return confirmed, int(kills)

"""One function over many items in helper processes, for work that opens strangers' files.

Plain processes that talk through pipes, for four reasons: a decoder that crashes takes its own process along and no
other; C libraries that write to stderr write to nobody; all cores work even on tiny images, where threads would wait
for each other; and, unlike multiprocessing's, they start safely from a thread of the dashboard, never import the
caller's main script, and end by themselves when the caller dies, for then their input ends.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import engine
from engine.types import Progress, silent

Item = TypeVar("Item")
Answer = TypeVar("Answer")

ITEMS_PER_WORKER = 64  # fewer items than this do not repay the start of another process, 0.2 s
SECONDS_BETWEEN_PROGRESS = 0.1


def run_parallel(
    function: Callable[[Item], Answer],
    items: Sequence[Item],
    crashed: Callable[[Item], Answer],
    progress: Progress = silent,
) -> list[Answer]:
    """The answers [N] of `function` to the items [N], in their order.

    Args:
        function: defined at the top of a module; the module loads fast (each process imports it).
        items: what pickle can carry.
        crashed: the answer for an item whose process died over it, by a decoder's fault or for want of memory.
        progress: called from this thread.

    Raises:
        Exception: what `function` raised, first come.
    """
    answers: dict[int, Answer] = {}
    told = time.monotonic()
    with _helpers(function, items, crashed) as results:
        progress(0, len(items))
        while len(answers) < len(items):
            index, answer, error = results.get()
            if error is not None:
                raise error
            answers[index] = answer
            if time.monotonic() - told >= SECONDS_BETWEEN_PROGRESS:
                told = time.monotonic()
                progress(len(answers), len(items))
        progress(len(items), len(items))
    return [answers[index] for index in range(len(items))]


@contextmanager
def _helpers(function: Any, items: Sequence[Any], crashed: Any) -> Iterator[queue.SimpleQueue[Any]]:
    """Threads, each with a process of its own, that fill a queue with (index, answer, error); all gone afterwards."""
    count = min(_cores(), -(-len(items) // ITEMS_PER_WORKER))
    waiting = iter(range(len(items)))
    lock, stop = threading.Lock(), threading.Event()
    results: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def next_index() -> int | None:
        with lock:
            return None if stop.is_set() else next(waiting, None)

    def work() -> None:
        worker = _Worker()
        try:
            while (index := next_index()) is not None:
                try:
                    answered, value = worker.ask(function, items[index])
                    results.put((index, value, None) if answered else (index, None, value))
                except (EOFError, BrokenPipeError, pickle.UnpicklingError):
                    results.put((index, crashed(items[index]), None))
                    worker.restart()
        except Exception as error:  # noqa: BLE001 - carried to the calling thread, which raises it
            results.put((-1, None, error))
        finally:
            worker.end()

    threads = [threading.Thread(target=work, name=f"helper-{number}") for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield results
    finally:
        stop.set()
        for thread in threads:
            thread.join()


class _Worker:
    """One helper process, started at the first question."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, function: Any, item: Any) -> tuple[bool, Any]:
        """(True, answer), or (False, the exception that the function raised).

        Raises:
            EOFError, BrokenPipeError, UnpicklingError: the process died.
        """
        process = self._process = self._process or _start()
        assert process.stdin is not None
        assert process.stdout is not None
        pickle.dump((function, item), process.stdin)
        process.stdin.flush()
        answer: tuple[bool, Any] = pickle.load(process.stdout)
        return answer

    def restart(self) -> None:
        self.end()
        self._process = None

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()  # it holds nothing open between two questions
            self._process.communicate()


def _start() -> subprocess.Popen[bytes]:
    """A process that imports the same engine as this one, whatever its working folder."""
    folder = str(Path(engine.__file__).parents[1])
    paths = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "engine.images.helper"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
    )


def _cores() -> int:
    """Cores that this process may use, which a container or a cluster may have limited."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

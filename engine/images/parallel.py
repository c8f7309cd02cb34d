"""One function over many items in helper processes, for work that opens strangers' files.

Plain processes that talk through pipes, for four reasons: a decoder that crashes takes its own process along and no
other; C libraries that write to stderr write to nobody; many cores help even on tiny images, where threads would wait
for Python's lock; and, unlike multiprocessing's, they start safely from a thread of the dashboard, never import the
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
from engine.images.helper import READY
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
    if not items:
        return []
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
                results.put((index, *worker.answer(function, items[index], crashed)))
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
    """One helper process, started at the first question and again after a crash."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def answer(self, function: Any, item: Any, crashed: Any) -> tuple[Any, Exception | None]:
        """The answer to one item, or the error that kept it from coming."""
        try:
            self._process = self._process or _start()
            answered, value = _exchange(self._process, (function, item))
        except (EOFError, OSError, pickle.UnpicklingError):  # the process died over it
            self.end()
            return crashed(item), None
        except Exception as error:  # noqa: BLE001 - the calling thread raises it
            return None, error
        return (value, None) if answered else (None, value)

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()  # it holds nothing open between two questions
            self._process.communicate()
            self._process = None


def _exchange(process: subprocess.Popen[bytes], question: Any) -> tuple[bool, Any]:
    """(True, answer), or (False, the exception that the function raised)."""
    assert process.stdin
    assert process.stdout
    pickle.dump(question, process.stdin)
    process.stdin.flush()
    answer: tuple[bool, Any] = pickle.load(process.stdout)
    return answer


def _start() -> subprocess.Popen[bytes]:
    """A helper process that has said it is ready; it imports the same engine as this one, whatever its working folder.

    Raises:
        RuntimeError: it did not start, which no image is to blame for.
    """
    paths = [str(Path(engine.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    process = subprocess.Popen(
        [sys.executable, "-P", "-W", "ignore", "-m", "engine.images.helper"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )
    assert process.stdout
    if process.stdout.read(len(READY)) != READY:
        process.communicate()
        raise RuntimeError(f"{sys.executable} could not start a helper process (it ended with {process.returncode}).")
    return process


def _cores() -> int:
    """Cores that this process may use, which a container or a cluster may have limited."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""One training per device and machine; the others wait in order of their start, without torch loaded.

Order comes from tickets (a small file each, named by the time of the start), exclusion from a lock that the system
frees when its process dies. A ticket whose process is dead is torn up by whoever finds it, so it blocks nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock, Timeout

from engine import files
from engine.home import device_lock_path
from engine.jobs.process import Identity, identify, lives

LOOK_SECONDS = 0.2  # how often a waiting worker looks whether it is its turn


@contextmanager
def device_turn(device: str, queued: float, waiting: Callable[[int], None]) -> Iterator[None]:
    """Hold the device; waits for all that were queued before.

    Args:
        device: cuda, mps or cpu.
        queued: when the run was started, seconds since 1970: its place in the queue.
        waiting: called every moment with how many are ahead, the one at work included; what it raises ends the wait.
    """
    ticket = take_ticket(device, queued)
    lock = FileLock(device_lock_path(device))
    try:
        while (ahead := _ahead_of(ticket)) or not _taken(lock):
            waiting(max(1, ahead))
            time.sleep(LOOK_SECONDS)
        yield
    finally:
        lock.release()
        ticket.unlink(missing_ok=True)


def is_taken(device: str) -> bool:
    """Whether a run holds the device."""
    lock = FileLock(device_lock_path(device))
    if not _taken(lock):
        return True
    lock.release()
    return False


def take_ticket(device: str, queued: float, holder: Identity | None = None) -> Path:
    """Queue up for a process, this one by default; once more does no harm."""
    holder = holder or identify()
    ticket = _tickets_folder(device) / f"{queued:020.6f}-{holder.pid}.json"
    files.write_json(ticket, asdict(holder))
    return ticket


def _taken(lock: FileLock) -> bool:
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    return True


def _ahead_of(mine: Path) -> int:
    """Living tickets before mine; the dead ones are torn up."""
    count = 0
    for ticket in sorted(mine.parent.glob("*.json")):
        if ticket.name >= mine.name:
            break
        if _holder_lives(ticket):
            count += 1
        else:
            ticket.unlink(missing_ok=True)
    return count


def _holder_lives(ticket: Path) -> bool:
    try:
        return lives(Identity(**files.read_object(ticket)))
    except (OSError, ValueError, TypeError):  # its turn has just come
        return False


def _tickets_folder(device: str) -> Path:
    return device_lock_path(device).with_suffix(".queue")

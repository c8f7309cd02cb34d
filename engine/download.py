"""Fetch one file over HTTP: with progress, going on after an interruption, checked, and in place only when whole.

A half file waits as NAME.part beside its place; the next fetch asks the server for the rest of it alone. That is safe
since names such as resnet50-0676ba61.pth hold the beginning of the content's SHA-256, which is checked at the end.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from engine.errors import WeightsMissing

Progress = Callable[[int, int, str], None]  # (bytes here, bytes in all or 0, what to say); raises to stop

BLOCK = 1 << 18  # bytes between two calls of progress
ATTEMPTS = 3
PAUSE = 1.0  # seconds before the second attempt, twice as many before the third
SILENCE = 30.0  # seconds without a byte after which an attempt counts as failed


def fetch(url: str, path: Path, progress: Progress, pause: float = PAUSE) -> None:
    """Bring the file at `url` to `path`, unless it is there.

    Args:
        url: http or https.
        path: its place; a part fetched before lies beside it and is gone on with.
        progress: may raise to stop; the part stays for the next time.
        pause: seconds before the second attempt.

    Raises:
        WeightsMissing: no connection, no such file, no room, or another content than its name says.
    """
    if not url.startswith(("http://", "https://")):
        raise WeightsMissing(f"{url} is no address that files are fetched from. It has to begin with https://.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path, progress):
            if not path.exists():
                _fetch_checked(url, path, progress, pause)
    except (OSError, http.client.HTTPException) as error:
        raise WeightsMissing(
            f"{url} could not be fetched ({_reason(error)}). Try again later, which goes on where this ended; or fetch "
            f"it on another machine and put it into {path.parent}."
        ) from error


def _alone(path: Path, progress: Progress) -> FileLock:
    """The lock of this file, held; while another process fetches the file, `progress` is asked whether to go on."""
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    while True:
        try:
            lock.acquire(timeout=1)
        except Timeout:
            progress(0, 0, f"Another run is fetching {path.name}")
        else:
            return lock


def _fetch_checked(url: str, path: Path, progress: Progress, pause: float) -> None:
    part = path.with_name(f"{path.name}.part")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _fetch_rest(url, part, progress)
            break
        except (OSError, http.client.HTTPException) as error:
            final = isinstance(error, urllib.error.HTTPError) and error.code < 500
            if attempt == ATTEMPTS or final:
                raise
            time.sleep(pause * attempt)
    found, said = _sha256(part), re.search(r"-([0-9a-f]{8,64})\.", path.name)
    if said and not found.startswith(said[1]):
        part.unlink()
        raise WeightsMissing(
            f"{url} did not hold what it should: its SHA-256 begins with {found[: len(said[1])]}, not {said[1]}. What "
            "came was deleted. Try again, or use another source."
        )
    part.replace(path)


def _fetch_rest(url: str, part: Path, progress: Progress) -> None:
    """Append to the part what it lacks, or write it anew where the server sends the whole file."""
    have = part.stat().st_size if part.exists() else 0
    asked = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urllib.request.urlopen(asked, timeout=SILENCE)  # fetch lets http and https through
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE and have:  # whole already, or of another file
            return
        raise
    with answer:
        if have and not (answer.headers.get("Content-Range") or "").startswith(f"bytes {have}-"):
            have = 0
        length = answer.headers.get("Content-Length")
        total = have + int(length) if length else 0
        with part.open("ab" if have else "wb") as file:
            while block := answer.read(BLOCK):
                file.write(block)
                have += len(block)
                progress(have, total, f"Fetching {part.stem}: {_megabytes(have)} of {_megabytes(total)} MB")
    if have < total:
        raise http.client.IncompleteRead(b"", total - have)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f}" if size else "?"


def _reason(error: Exception) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return f"the connection broke with {error.expected} bytes to come"
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    return str(getattr(reason, "strerror", None) or reason)

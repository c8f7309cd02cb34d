"""Atomic writes and content hashes: a process killed at any moment leaves the old file or the new one."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np

from engine.types import Array

Stamp = tuple[int, int]  # when a file or folder was last written, and its size: another stamp, another content


def write_atomically(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Write through a temporary name in the same folder, fsync, rename. Makes the parent folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)  # mkstemp makes private files; a project is meant to be shared
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def write_bytes(path: Path, content: bytes) -> None:
    def write(file: IO[bytes]) -> None:
        file.write(content)

    write_atomically(path, write)


def write_text(path: Path, text: str) -> None:
    write_bytes(path, text.encode())


def write_json(path: Path, value: Any) -> None:
    """Write readable JSON (sorted by insertion, two spaces)."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_array(path: Path, array: Array) -> None:
    """Write one array as .npy."""
    write_atomically(path, lambda file: np.save(file, array, allow_pickle=False))


def write_arrays(path: Path, **arrays: Array) -> None:
    """Write arrays by name as one .npz."""
    write_atomically(path, lambda file: np.savez(file, **arrays))  # type: ignore[arg-type]  # stub: any could be a flag


def read_arrays(path: Path) -> dict[str, Array]:
    """The arrays of an .npz by name.

    Raises:
        OSError, ValueError: there is no such file; it is damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as packed:
            return {name: packed[name] for name in packed.files}
    except (zipfile.BadZipFile, EOFError, KeyError) as error:
        raise ValueError(str(error)) from error


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def read_object(path: Path, *keys: str) -> dict[str, Any]:
    """The JSON object in a file, which has at least these keys.

    Raises:
        OSError, ValueError: there is no such file; it is damaged, or holds something else.
    """
    value = read_json(path)
    if not isinstance(value, dict):
        raise ValueError("it holds no JSON object")
    if missing := [key for key in keys if key not in value]:
        raise ValueError(f"it lacks {', '.join(missing)}")
    return value


def content_hash(path: Path) -> str:
    """BLAKE2b of the bytes, 32 hex digits: equal for equal content, whatever the name."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def fingerprint(value: Any) -> str:
    """16 hex digits that change when anything in `value` changes.

    Args:
        value: what JSON can say, with arrays anywhere inside (hashed by type, shape and bytes).
    """
    digest = hashlib.blake2b(digest_size=8)

    def plain(item: Any) -> Any:
        if isinstance(item, np.ndarray):
            body = "\0".join(map(str, item.ravel())).encode() if item.dtype == object else item.tobytes()
            return [str(item.dtype), list(item.shape), hashlib.blake2b(body, digest_size=16).hexdigest()]
        if isinstance(item, np.generic):
            return item.item()
        raise TypeError(f"cannot fingerprint {type(item).__name__}")

    digest.update(json.dumps(value, sort_keys=True, default=plain, ensure_ascii=False).encode())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to sync it; its rename is durable enough
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stamp_of(path: Path) -> Stamp:
    """Of a file or folder as it is now; zeros where there is none."""
    if not path.exists():
        return 0, 0
    about = path.stat()
    return about.st_mtime_ns, about.st_size

"""An error in one plain sentence, for the person who started the run."""

from __future__ import annotations

import errno

from engine.errors import EngineError


def explain(error: BaseException) -> str:
    """What was wrong and what to do next."""
    if isinstance(error, EngineError):
        return str(error)
    if (
        isinstance(error, MemoryError)
        or "out of memory" in str(error).lower()
        or "can't allocate" in str(error).lower()
    ):
        return "The memory is full. Lower “batch” or “size”, or close other programs, then resume."
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full. Make room, then resume."
    if isinstance(error, ModuleNotFoundError):
        return f"The Python package {error.name} is missing. Install it with: pip install -r requirements.txt"
    first = (str(error).strip().splitlines() or [""])[0]
    return f"It ended at an error that was not foreseen ({type(error).__name__}: {first}). The log has the details."

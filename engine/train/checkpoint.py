"""Checkpoints: plain tensors, numbers and text in one file. Loading one executes nothing (weights_only)."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import torch

from engine import files
from engine.errors import CheckpointUnreadable

State = dict[str, Any]


def save_checkpoint(path: Path, state: State) -> None:
    """Write the state; a process killed midway leaves the checkpoint before."""
    files.write_atomically(path, lambda file: torch.save(state, file))


def load_checkpoint(path: Path) -> State:
    """The state as saved, on the CPU.

    Raises:
        CheckpointUnreadable: no file there, a damaged one, or one that holds more than plain data.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise CheckpointUnreadable(f"There is no checkpoint at {path}. Train for at least one epoch first.") from None
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, pickle.UnpicklingError, zipfile.BadZipFile) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CheckpointUnreadable(
            f"The checkpoint {path} cannot be read ({first}). Train again, or use another run."
        ) from error
    if not isinstance(state, dict):
        raise CheckpointUnreadable(f"The checkpoint {path} holds no training state. Use one that Handful has written.")
    return state

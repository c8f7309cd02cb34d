"""Checkpoints come back as they were, and opening one executes nothing."""

import os
from pathlib import Path

import pytest
import torch

from engine.errors import CheckpointUnreadable
from engine.train.checkpoint import load_checkpoint, save_checkpoint


class Trap:
    """A pickle that would make a folder when loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    state = {"weights": torch.arange(6.0).reshape(2, 3), "done": 7, "sums": {"total": 1.5}, "random": None}
    save_checkpoint(tmp_path / "run" / "last.pt", state)
    loaded = load_checkpoint(tmp_path / "run" / "last.pt")
    assert torch.equal(loaded.pop("weights"), state.pop("weights"))
    assert loaded == state


def test_opening_a_checkpoint_executes_nothing(tmp_path: Path) -> None:
    torch.save({"weights": Trap(tmp_path / "sprung")}, tmp_path / "trap.pt")
    with pytest.raises(CheckpointUnreadable):
        load_checkpoint(tmp_path / "trap.pt")
    assert not (tmp_path / "sprung").exists()


def test_a_damaged_checkpoint_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "last.pt"
    save_checkpoint(path, {"weights": torch.zeros(1000)})
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(CheckpointUnreadable, match="cannot be read"):
        load_checkpoint(path)


def test_a_text_file_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "last.pt").write_text("not a checkpoint")
    with pytest.raises(CheckpointUnreadable, match="cannot be read"):
        load_checkpoint(tmp_path / "last.pt")


def test_a_missing_checkpoint_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CheckpointUnreadable, match="Train for at least"):
        load_checkpoint(tmp_path / "last.pt")


def test_a_checkpoint_of_something_else_is_refused(tmp_path: Path) -> None:
    torch.save([1, 2], tmp_path / "list.pt")
    with pytest.raises(CheckpointUnreadable, match="holds no training state"):
        load_checkpoint(tmp_path / "list.pt")

"""Weights from files: read without executing anything in them, and matched by name to an encoder's own.

A checkpoint of whatever program is flattened to dotted names; the encoder's names are then looked for behind a common
prefix, that under which most are found. So “state_dict.module.encoder_q.conv1.weight” needs no rule of its own,
and a head, a predictor or a second network in the file are left aside.
"""

from __future__ import annotations

import argparse
import pickle
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.errors import CheckpointUnreadable

ENOUGH = 0.9  # share of an encoder's tensors that a file must hold; with fewer, half the network would be random
NAMED = 3  # examples in a sentence
_COUNTER = "num_batches_tracked"  # of batches that a norm has seen, which old files lack and nothing here uses
_OLD_DENSENET = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12]\.)")  # “norm.1.” is “norm1.” since 2018


@dataclass(frozen=True)
class Match:
    """What of a file fits an encoder."""

    weights: dict[str, Tensor]  # by the encoder's names
    wanted: int  # tensors that the encoder has
    missing: tuple[str, ...]  # of the encoder's, not in the file in this shape
    cropped: str  # the stem, where only the centre of its kernel was kept, else ""
    aside: int  # tensors of the file that were not used

    @property
    def sentence(self) -> str:
        """For the log."""
        parts = [f"{self.wanted - len(self.missing)} of {self.wanted} tensors came from the file"]
        parts += [f"{', '.join(self.missing)} stayed random"] if self.missing else []
        parts += [f"of {self.cropped} the centre"] if self.cropped else []
        parts += [f"{self.aside} others in it (heads and the like) were left aside"] if self.aside else []
        return f"First weights: {'; '.join(parts)}."


def read_checkpoint(path: Path) -> dict[str, Any]:
    """What the file holds, on the CPU; nothing in it is executed.

    Raises:
        CheckpointUnreadable: no such file, a damaged one, or one that holds more than tensors and plain data.
    """
    try:
        with torch.serialization.safe_globals([argparse.Namespace]):  # the options that many programs save beside
            state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointUnreadable(
            f"{path} holds more than tensors and plain data, or is damaged; nothing in a checkpoint is executed here. "
            "Save its weights alone: torch.save(model.state_dict(), PATH)."
        ) from error
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CheckpointUnreadable(f"The checkpoint {path} cannot be read ({first}). Use another file.") from error
    if not isinstance(state, Mapping):
        raise CheckpointUnreadable(
            f"{path} holds no weights by name. Save a state_dict: torch.save(model.state_dict(), PATH)."
        )
    return dict(state)


def flat(state: Mapping[str, Any], prefix: str = "") -> dict[str, Tensor]:
    """Every tensor in nested mappings, by its dotted name."""
    found: dict[str, Tensor] = {}
    for name, value in state.items():
        full = f"{prefix}{name}"
        if isinstance(value, Mapping):
            found |= flat(value, f"{full}.")
        elif isinstance(value, Tensor):
            found[_OLD_DENSENET.sub(r"\1\2", full)] = value
    return found


def match(own: Mapping[str, Tensor], given: Mapping[str, Tensor], wrapper: str = "") -> Match:
    """Which of the given tensors fit the encoder's own.

    Args:
        own: the encoder's tensors.
        given: those of a file, flat.
        wrapper: what its own names begin with beyond the names that other programs use.

    Raises:
        CheckpointUnreadable: fewer than nine in ten of its tensors are there.
    """
    wanted = {name: value for name, value in own.items() if not name.endswith(_COUNTER)}
    prefix = _best_prefix({name.removeprefix(wrapper): value for name, value in wanted.items()}, given)
    found, cropped = {}, ""
    for name, value in own.items():
        theirs = given.get(f"{prefix}{name.removeprefix(wrapper)}")
        if theirs is not None and theirs.shape == value.shape:
            found[name] = theirs
        elif theirs is not None and _is_wider_stem(theirs, value):
            cut = (theirs.shape[-1] - value.shape[-1]) // 2
            found[name], cropped = theirs[..., cut:-cut, cut:-cut].clone(), name
    missing = tuple(name for name in wanted if name not in found)
    if len(missing) > (1 - ENOUGH) * len(wanted):
        raise CheckpointUnreadable(
            f"These weights are not of this encoder: {len(wanted) - len(missing)} of {len(wanted)} tensors match. They "
            f"lack {', '.join(missing[:NAMED])}, for instance, and hold {', '.join(list(given)[:NAMED]) or 'none'}. "
            "Choose the encoder that they were made with (torchvision:NAME for torchvision's)."
        )
    return Match(found, len(wanted), missing, cropped, len(given) - len(found))


def _best_prefix(wanted: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> str:
    """The prefix under which most wanted tensors are given in their shape; of equals a teacher's, else the first."""
    fits: Counter[str] = Counter()
    for full, value in given.items():
        for start in [0, *(place.end() for place in re.finditer(r"\.", full))]:
            if (own := wanted.get(full[start:])) is not None and own.shape == value.shape:
                fits[full[:start]] += 1
    return max(fits, key=lambda prefix: (fits[prefix], "teacher" in prefix), default="")


def _is_wider_stem(theirs: Tensor, own: Tensor) -> bool:
    """Whether both are first convolutions on three colours, with a larger odd kernel on their side."""
    if theirs.ndim != 4 or own.ndim != 4 or theirs.shape[:2] != own.shape[:2] or own.shape[1] != 3:
        return False
    return theirs.shape[-1] > own.shape[-1] and theirs.shape[-1] % 2 == own.shape[-1] % 2 == 1

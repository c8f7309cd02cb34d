"""Build what a request names: an encoder with its first weights, and the method around it. Loads torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.encoders import (
    ENCODERS,
    Encoder,
    build_around,
    build_encoder,
    flat,
    holds_packed,
    read_checkpoint,
    unpack,
)
from engine.errors import SettingInvalid
from engine.images.table import read_table
from engine.initialisations import INITIALISATIONS
from engine.jobs.checks import names_path
from engine.jobs.request import TrainRequest
from engine.jobs.tasks.first_filters import compute_filters
from engine.methods import Method, build_method
from engine.project import Project
from engine.run_folder import RunFolder
from engine.train.checkpoint import load_checkpoint

Say = Callable[[str], None]


def print_nothing(sentence: str) -> None:
    """For callers without a log."""


def build_network(project: Project, request: TrainRequest, say: Say = print_nothing) -> Method:
    """The method of a training request, at its first weights; `say` is told what a file of weights held.

    Raises:
        SettingInvalid: the weights belong to another encoder, or bring settings of their own.
        CheckpointUnreadable: the weights' file is damaged or holds no such encoder.
        WeightsMissing: pretrained weights are not on this machine.
    """
    config = request.config
    encoder = first_encoder(
        project, request.encoder, dict(request.encoder_settings), Start(request.init, config.seed, config.size), say
    )
    return build_method(request.method, encoder, request.method_settings, config.seed, images=len(read_table(project)))


@dataclass(frozen=True)
class Start:
    """Where an encoder starts."""

    init: str  # random, imagenet, pca, lda, a run of the project, or a file
    seed: int = 0  # of what is random
    size: int = 0  # side in pixels of the images to come; 0 for unknown


def first_encoder(
    project: Project, name: str, settings: dict[str, object], start: Start, say: Say = print_nothing
) -> Encoder:
    """The one place where first weights are found: an encoder's own, computed ones, a run's, or those of any file."""
    if start.init in ENCODERS[name].inits:
        return build_encoder(name, settings, start.init, start.seed, start.size)
    if start.init in INITIALISATIONS:
        encoder = build_encoder(name, settings, "random", start.seed, start.size)
        compute_filters(project, encoder, start.init, start.size, start.seed, say)
        return encoder
    if names_path(start.init):
        state = read_checkpoint(Path(start.init).expanduser())
    else:
        state = load_checkpoint(RunFolder.of(project, start.init).encoder)
    if not holds_packed(state):
        encoder, fitting = build_around(name, settings, flat(state), start.seed, start.size)
        say(fitting.sentence)
        return encoder
    if state["encoder"] != name:
        raise SettingInvalid(
            f"“{start.init}” holds the encoder {state['encoder']}, not {name}. Choose the same encoder."
        )
    if settings:
        raise SettingInvalid(
            f"“{start.init}” brings the settings of its encoder; {', '.join(settings)} cannot be set beside it."
        )
    return unpack(state)

"""Build what a request names: an encoder with its first weights, and the method around it. Loads torch."""

from __future__ import annotations

from pathlib import Path

from engine.encoders import ENCODERS, Encoder, build_encoder, unpack
from engine.errors import SettingInvalid
from engine.images.table import read_table
from engine.jobs.request import TrainRequest
from engine.methods import Method, build_method
from engine.project import Project
from engine.run_folder import RunFolder
from engine.train.checkpoint import load_checkpoint


def build_network(project: Project, request: TrainRequest) -> Method:
    """The method of a training request, at its first weights.

    Raises:
        SettingInvalid: the weights belong to another encoder.
        CheckpointUnreadable: the weights' file is damaged or holds no encoder.
    """
    seed = request.config.seed
    encoder = first_encoder(project, request.encoder, dict(request.encoder_settings), request.init, seed)
    return build_method(request.method, encoder, request.method_settings, seed, images=len(read_table(project)))


def first_encoder(project: Project, name: str, settings: dict[str, object], init: str, seed: int) -> Encoder:
    """An encoder from weights of its own, or from a run or a file that holds one of its kind."""
    if init in ENCODERS[name].inits:
        return build_encoder(name, settings, init, seed)
    path = Path(init).expanduser()
    encoder = unpack(load_checkpoint(path if path.is_file() else RunFolder.of(project, init).encoder))
    if encoder.name != name:
        raise SettingInvalid(f"“{init}” holds the encoder {encoder.name}, not {name}. Choose the same encoder.")
    return encoder

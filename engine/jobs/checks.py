"""What several kinds of request are checked for before anything starts. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine import catalogue
from engine.errors import ColumnUnusable, RunMissing, SettingInvalid, TooFewLabels, UnknownName
from engine.geometry.atlas import ALGORITHMS
from engine.images.table import ImageTable, read_table
from engine.jobs.weights import check_weights
from engine.labels.store import LabelStore
from engine.priors import PriorSpec, build_priors
from engine.project import Project, plain_name
from engine.run_folder import RunFolder
from engine.train.config import TrainConfig
from engine.types import UNKNOWN

WEIGHT_FILES = (".pt", ".pth", ".pth.tar", ".ckpt", ".bin")


def check_trained(project: Project, run: str) -> None:
    """Raise unless the run exists and has an encoder.

    Raises:
        RunMissing: no such run, or one that has not been trained yet.
    """
    folder = RunFolder.of(project, run)
    if not folder.exists():
        raise RunMissing(f"There is no run “{run}”. The Jobs screen and `runs` list those there are.")
    if not folder.encoder.exists():
        raise RunMissing(f"The run “{run}” has no trained encoder yet. Wait for its first checkpoint, or resume it.")


def names_path(init: str) -> bool:
    """Whether it is written as a path to a file of weights, be it there or not."""
    return "/" in init or "\\" in init or init.endswith(WEIGHT_FILES)


def names_file(init: str) -> bool:
    """Whether it is a path to a file of weights that is there, not the name of a run or of an encoder's own weights."""
    return names_path(init) and Path(init).expanduser().is_file()


def check_init(
    project: Project,
    encoder: str,
    init: str,
    settings: Mapping[str, Any] = MappingProxyType({}),
    download: bool = False,
) -> None:
    """Raise unless the encoder can start there: at weights of its own, a run's or a file's.

    Raises:
        WeightsMissing: its own are not on this machine, and `download` does not allow to fetch them.
        RunMissing: the run has no encoder yet.
        SettingInvalid: no such weights, or settings beside those that a run brings.
        TooFewLabels: filters that are computed from labels, and fewer than two classes are labelled.
    """
    card = catalogue.card("encoders", encoder)
    offered: Sequence[str] = card.get("inits", ["random"])
    if not init:
        raise SettingInvalid("There is nothing to start from: give a file's path, a run, imagenet or random.")
    if init in offered:
        check_weights(card, init, download)
    elif init in initialisations():
        check_labelled(project, init)
    elif names_path(init):
        if not names_file(init):
            raise SettingInvalid(f"There is no file {init} to start from. Check the path.")
    elif RunFolder.of(project, init).exists():
        check_trained(project, init)
        if settings:
            raise SettingInvalid(
                f"Weights of “{init}” come with the settings of their encoder; {', '.join(settings)} cannot be set "
                "beside them. Leave these settings out, or start from random weights."
            )
    else:
        raise SettingInvalid(
            f"The encoder {encoder} starts from {' or '.join(offered)} weights, from {' or '.join(initialisations())} "
            f"filters, from a run of this project or from a file; “{init}” is none of them."
        )


def initialisations() -> list[str]:
    """The ways to compute first filters from the images, by name."""
    return [one["name"] for one in catalogue.read_catalogue()["initialisations"]]


def check_labelled(project: Project, init: str) -> None:
    """Raise where the initialisation needs labels of a person, and fewer than two classes have any.

    Raises:
        TooFewLabels: as said.
    """
    if not catalogue.card("initialisations", init)["needs_labels"]:
        return
    classes = 0
    if project.labels_path.exists():
        codes, _ = LabelStore(project).label_codes(read_table(project).ids)
        classes = len(set(codes[codes != UNKNOWN].tolist()))
    if classes < 2:
        raise TooFewLabels(
            f"The {init} filters need labelled images of at least 2 classes; this project has {classes}. "
            "Label some on the Label screen, or start from pca, which needs none."
        )


def check_size(
    encoder: str, size: int, init: str = "random", settings: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Raise where the images would be too small for the encoder; a size of 0 stands for the usual one."""
    card = catalogue.card("encoders", encoder)
    stem = settings.get("small_stem", "auto")
    fitted = stem == "yes" or (stem == "auto" and init in ("random", *initialisations()))
    smallest: int = card.get("smallest_size", 0)
    if not fitted:
        smallest = card.get("smallest_unfitted", smallest)
    if 0 < size < smallest:
        raise SettingInvalid(
            f"The encoder {encoder} needs images of at least {smallest} pixels; “size” is {size}. "
            "Raise it, or choose another encoder."
        )


def check_partners(method: str, priors: Sequence[PriorSpec]) -> None:
    """Raise where a prior would give partners to a method that learns from each image by itself."""
    card = catalogue.card("methods", method)
    pairing = [prior.name for prior in build_priors(priors) if prior.share > 0]
    if card.get("views", 2) == 1 and pairing:
        raise SettingInvalid(
            f"{card['title']} learns from each image by itself, so the prior {' and '.join(pairing)} would change "
            "nothing. Leave it out, or a method that compares images."
        )


def check_encoder(method: str, encoder: str) -> None:
    """Raise where a method works with some encoders only, and this is none of them."""
    card = catalogue.card("methods", method)
    able: Sequence[str] = card.get("encoders", [encoder])
    if encoder not in able:
        raise SettingInvalid(
            f"{card['title']} works with the encoder {' or '.join(able)} only; “{encoder}” was chosen. "
            f"Choose {able[0]}, or another method."
        )


def check_balance(table: ImageTable, config: TrainConfig) -> None:
    """Raise where batches are to be balanced over a column that the images do not have, or that is empty."""
    if config.balance and (table.groups(config.balance).codes == UNKNOWN).all():
        raise ColumnUnusable(
            f"The column “{config.balance}” is empty, so batches cannot be balanced over it. "
            "Choose another, or fill it in on the Data screen."
        )


def check_map(algorithm: str) -> None:
    if algorithm not in ALGORITHMS:
        raise UnknownName(f"No map is called “{algorithm}”. There are: {', '.join(ALGORITHMS)}.")


def check_name(name: str) -> None:
    if name:
        plain_name(name)

"""What a job is asked to do: frozen, plain JSON, checked before anything starts. No torch.

A request is written once into the run's folder; whoever resumes the run reads it from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias

from engine import catalogue
from engine.embeddings import load_embedding
from engine.errors import RunMissing, SettingInvalid, UnknownName
from engine.geometry.atlas import ALGORITHMS
from engine.images.table import read_table
from engine.priors import Pairing, PriorSpec, build_priors, describe_priors
from engine.project import Project, plain_name
from engine.run_folder import RunFolder
from engine.settings import build
from engine.train.config import TrainConfig


@dataclass(frozen=True)
class TrainRequest:
    """Train an encoder on the images of the project."""

    kind: ClassVar[str] = "train"
    method: str = "simclr"
    method_settings: Mapping[str, Any] = field(default_factory=dict)
    priors: tuple[PriorSpec, ...] = (PriorSpec("augmentation"),)
    encoder: str = "nano"
    encoder_settings: Mapping[str, Any] = field(default_factory=dict)
    init: str = "random"  # random, imagenet, a run of this project, or a file that a run has written
    training: Mapping[str, Any] = field(default_factory=dict)  # settings of TrainConfig by name
    name: str = ""  # of the run; "" for one made from the method
    device: str = "auto"  # auto, cpu, cuda, mps
    embed_after: bool = True  # embed, find neighbours and draw the map when it is done

    @property
    def config(self) -> TrainConfig:
        """The training's settings, checked."""
        return build(TrainConfig, self.training)

    @property
    def title(self) -> str:
        method = catalogue.card("methods", self.method)["title"]
        return f"{method} · {describe_priors(self.priors)} · {self.encoder}"

    @property
    def stem(self) -> str:
        return f"train-{self.method}"

    def as_json(self) -> dict[str, Any]:
        return _as_json(self)

    def check(self, project: Project) -> None:
        """Raise the EngineError that would otherwise come from the worker, as far as it can be known without torch."""
        _check_name(self.name)
        catalogue.check_settings(catalogue.card("methods", self.method), dict(self.method_settings))
        catalogue.check_settings(catalogue.card("encoders", self.encoder), dict(self.encoder_settings))
        _check_init(project, self.encoder, self.init, self.encoder_settings)
        _check_size(self.encoder, self.config.size)
        _check_partners(self.method, self.priors)
        table = read_table(project)
        Pairing.of(table, build_priors(self.priors)).groups()
        if len(table) < 2:
            raise SettingInvalid("Training needs at least 2 images; this project has 1. Add images, then rescan.")


@dataclass(frozen=True)
class EmbedRequest:
    """Turn every image into a vector, find every image's neighbours, draw the map."""

    kind: ClassVar[str] = "embed"
    run: str = ""  # the run whose encoder to use; or
    encoder: str = ""  # a frozen encoder by name
    encoder_settings: Mapping[str, Any] = field(default_factory=dict)
    init: str = ""  # of a frozen encoder: "" for its pretrained weights, else random ones
    name: str = ""  # of the embedding; "" for one made from the run or encoder
    size: int = 0  # side of the images in pixels; 0 for the run's, the frozen encoder's own, or what suits the images
    seed: int = 0  # of random weights and of the map
    device: str = "auto"
    map: str = "umap"  # the map to draw when the neighbours are known; "" for none

    @property
    def weights(self) -> str:
        """The init by name: what the encoder itself offers first of imagenet and random."""
        if self.init or not self.encoder:
            return self.init
        offered = catalogue.card("encoders", self.encoder).get("inits", ["random"])
        return "imagenet" if "imagenet" in offered else "random"

    @property
    def embedding(self) -> str:
        """The name of the embedding that will be written."""
        if self.name or self.run:
            return self.name or self.run
        return self.encoder if self.weights == "imagenet" else f"{self.encoder}-{self.weights}"

    @property
    def title(self) -> str:
        return f"Embedding {self.embedding}"

    @property
    def stem(self) -> str:
        return f"embed-{self.embedding}"

    def as_json(self) -> dict[str, Any]:
        return _as_json(self)

    def check(self, project: Project) -> None:
        """Raise the EngineError that would otherwise come from the worker."""
        _check_name(self.name)
        if bool(self.run) == bool(self.encoder):
            raise SettingInvalid("Embedding takes either a run or the name of a frozen encoder; give one of the two.")
        if self.run:
            check_trained(project, self.run)
        else:
            catalogue.check_settings(catalogue.card("encoders", self.encoder), dict(self.encoder_settings))
            _check_init(project, self.encoder, self.weights)
            _check_size(self.encoder, self.size)
        if self.map:
            _check_map(self.map)
        if self.size and not 16 <= self.size <= 512:
            raise SettingInvalid(f"“size” is 16 to 512 pixels (0 for the usual one); {self.size} is not.")
        read_table(project)


@dataclass(frozen=True)
class MapRequest:
    """Lay an embedding out in two dimensions."""

    kind: ClassVar[str] = "map"
    embedding: str = ""
    algorithm: str = "umap"
    seed: int = 0

    @property
    def title(self) -> str:
        return f"Map of {self.embedding}"

    @property
    def stem(self) -> str:
        return f"map-{self.embedding}"

    def as_json(self) -> dict[str, Any]:
        return _as_json(self)

    def check(self, project: Project) -> None:
        """Raise the EngineError that would otherwise come from the worker."""
        _check_map(self.algorithm)
        load_embedding(project, self.embedding)


@dataclass(frozen=True)
class PrepareRequest:
    """Read the images folder again and make the thumbnails that are missing."""

    kind: ClassVar[str] = "prepare"
    title: ClassVar[str] = "Scan of the images"
    stem: ClassVar[str] = "prepare"

    def as_json(self) -> dict[str, Any]:
        return _as_json(self)

    def check(self, project: Project) -> None:
        """Nothing can be wrong with it beforehand."""


Request: TypeAlias = TrainRequest | EmbedRequest | MapRequest | PrepareRequest
KINDS: Mapping[str, type[Request]] = {
    kind.kind: kind for kind in (TrainRequest, EmbedRequest, MapRequest, PrepareRequest)
}


def from_json(value: Mapping[str, Any]) -> Request:
    """The request that `as_json` wrote; what the run's folder adds to it (title, created) is left out."""
    kind = KINDS[value["kind"]]
    given = {one.name: value[one.name] for one in fields(kind) if one.name in value}
    if "priors" in given:
        given["priors"] = tuple(PriorSpec(**spec) for spec in given["priors"])
    return kind(**given)


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


def with_whole_paths(request: Request) -> Request:
    """The request with its path, if it holds one, made absolute: the worker runs in another folder."""
    if isinstance(request, TrainRequest) and _names_file(request.init):
        return replace(request, init=str(Path(request.init).expanduser().resolve()))
    return request


def _names_file(init: str) -> bool:
    return "/" in init and Path(init).expanduser().is_file()


def _check_init(project: Project, encoder: str, init: str, settings: Mapping[str, Any] = MappingProxyType({})) -> None:
    offered: Sequence[str] = catalogue.card("encoders", encoder).get("inits", ["random"])
    if init in offered:
        return
    known = _names_file(init)
    if "/" not in init and RunFolder.of(project, init).exists():
        check_trained(project, init)
        known = True
    if known and settings:
        raise SettingInvalid(
            f"Weights of “{init}” come with the settings of their encoder; {', '.join(settings)} cannot be set beside "
            "them. Leave these settings out, or start from random weights."
        )
    if known:
        return
    raise SettingInvalid(
        f"The encoder {encoder} starts from {' or '.join(offered)} weights, from a run of this project or from the "
        f"encoder.pt of another; “{init}” is none of them."
    )


def _check_size(encoder: str, size: int) -> None:
    """Raise where the images would be too small for the encoder; a size of 0 stands for the usual one."""
    smallest: int = catalogue.card("encoders", encoder).get("smallest_size", 0)
    if 0 < size < smallest:
        raise SettingInvalid(
            f"The encoder {encoder} needs images of at least {smallest} pixels; “size” is {size}. "
            "Raise it, or choose another encoder."
        )


def _check_partners(method: str, priors: Sequence[PriorSpec]) -> None:
    """Raise where a prior would give partners to a method that learns from each image by itself."""
    card = catalogue.card("methods", method)
    pairing = [spec.name for spec in priors if spec.name != "augmentation"]
    if card.get("views", 2) == 1 and pairing:
        raise SettingInvalid(
            f"{card['title']} learns from each image by itself, so the prior {' and '.join(pairing)} would change "
            "nothing. Choose augmentation alone, or a method that compares images."
        )


def _check_map(algorithm: str) -> None:
    if algorithm not in ALGORITHMS:
        raise UnknownName(f"No map is called “{algorithm}”. There are: {', '.join(ALGORITHMS)}.")


def _check_name(name: str) -> None:
    if name:
        plain_name(name)


def _as_json(request: Any) -> dict[str, Any]:
    return {"kind": request.kind, **asdict(request)}

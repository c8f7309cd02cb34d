"""What a job is asked to do: frozen, plain JSON, checked before anything starts. No torch.

A request is written once into the run's folder; whoever resumes the run reads it from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from engine import catalogue
from engine.embeddings import load_embedding
from engine.errors import SettingInvalid
from engine.images.table import read_table
from engine.jobs.bench_request import BenchRequest
from engine.jobs.checks import (
    check_balance,
    check_encoder,
    check_init,
    check_map,
    check_name,
    check_partners,
    check_size,
    check_trained,
    names_file,
)
from engine.jobs.combine_request import CombineRequest
from engine.jobs.semi_supervised import DistilRequest, FineTuneRequest
from engine.jobs.stain_reference import reference_row
from engine.jobs.tile_request import TileRequest
from engine.priors import Pairing, PriorSpec, build_priors, describe_priors
from engine.project import Project
from engine.settings import build
from engine.train.config import TrainConfig
from engine.views.recipe import Recipe, make_recipe


@dataclass(frozen=True)
class TrainRequest:
    """Train an encoder on the images of the project."""

    kind: ClassVar[str] = "train"
    method: str = "simclr"
    method_settings: Mapping[str, Any] = field(default_factory=dict)
    priors: tuple[PriorSpec, ...] = (PriorSpec("augmentation"),)
    encoder: str = "nano"
    encoder_settings: Mapping[str, Any] = field(default_factory=dict)
    init: str = "random"  # random, imagenet, a run of this project, or a path to a file of weights
    download: bool = False  # whether pretrained weights that are not on this machine may be fetched
    training: Mapping[str, Any] = field(default_factory=dict)  # settings of TrainConfig by name
    name: str = ""  # of the run; "" for one made from the method
    device: str = "auto"  # auto, cpu, cuda, mps
    embed_after: bool = True  # draw the maps by epoch, embed, find neighbours and draw the map when it is done

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
        check_name(self.name)
        catalogue.check_settings(catalogue.card("methods", self.method), dict(self.method_settings))
        catalogue.check_settings(catalogue.card("encoders", self.encoder), dict(self.encoder_settings))
        check_init(project, self.encoder, self.init, self.encoder_settings, self.download)
        check_size(self.encoder, self.config.size, self.init, self.encoder_settings)
        check_partners(self.method, self.priors)
        check_encoder(self.method, self.encoder)
        table = read_table(project)
        reference_row(table, Pairing.of(table, build_priors(self.priors)).recipe.stain_reference)
        check_balance(table, self.config)
        if len(table) < 2:
            raise SettingInvalid("Training needs at least 2 images; this project has 1. Add images, then rescan.")


@dataclass(frozen=True)
class EmbedRequest:
    """Turn every image into a vector, find every image's neighbours, draw the map."""

    kind: ClassVar[str] = "embed"
    run: str = ""  # the run whose encoder to use; or
    encoder: str = ""  # a frozen encoder by name
    encoder_settings: Mapping[str, Any] = field(default_factory=dict)
    init: str = ""  # of a frozen encoder: "" for its pretrained weights, else random ones; or a path to a file
    download: bool = False  # whether pretrained weights that are not on this machine may be fetched
    name: str = ""  # of the embedding; "" for one made from the run or encoder
    size: int = 0  # side of the images in pixels; 0 for the run's, the frozen encoder's own, or what suits the images
    seed: int = 0  # of random weights and of the map
    device: str = "auto"
    stain_normalise: str = "no"  # whether a frozen encoder sees all images in one stain: no or macenko
    stain_reference: str = ""  # image whose stain that is, by id or path; "" for the usual one of all
    map: str = "umap"  # the map to draw when the neighbours are known; "" for none

    @property
    def weights(self) -> str:
        """The init by name: what the encoder itself offers first of imagenet and random."""
        if self.init or not self.encoder:
            return self.init
        offered = catalogue.card("encoders", self.encoder).get("inits", ["random"])
        return "imagenet" if "imagenet" in offered else "random"

    @property
    def recipe(self) -> Recipe:
        """How images are seen, checked: all in one stain, perhaps."""
        return make_recipe(
            "natural", {"stain_normalise": self.stain_normalise, "stain_reference": self.stain_reference}
        )

    @property
    def embedding(self) -> str:
        """The name of the embedding that will be written."""
        if self.name or self.run:
            return self.name or self.run
        encoder = self.encoder.replace(":", "-")
        encoder += "" if self.stain_normalise == "no" else f"-{self.stain_normalise}"
        return encoder if self.weights == "imagenet" else f"{encoder}-{Path(self.weights.removesuffix('.tar')).stem}"

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
        check_name(self.name)
        if bool(self.run) == bool(self.encoder):
            raise SettingInvalid("Embedding takes either a run or the name of a frozen encoder; give one of the two.")
        if self.run:
            check_trained(project, self.run)
            if self.recipe.stain_normalise != "no":
                raise SettingInvalid(
                    "A run embeds images in the stain that it was trained on; leave “stain_normalise” out. "
                    "To change it, train with another one."
                )
        else:
            catalogue.check_settings(catalogue.card("encoders", self.encoder), dict(self.encoder_settings))
            check_init(project, self.encoder, self.weights, self.encoder_settings, self.download)
            check_size(self.encoder, self.size, self.weights, self.encoder_settings)
        if self.map:
            check_map(self.map)
        if self.size and not 16 <= self.size <= 512:
            raise SettingInvalid(f"“size” is 16 to 512 pixels (0 for the usual one); {self.size} is not.")
        reference_row(read_table(project), self.recipe.stain_reference)


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
        check_map(self.algorithm)
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


Training: TypeAlias = TrainRequest | FineTuneRequest | DistilRequest
TRAINING_KINDS = tuple(kind.kind for kind in (TrainRequest, FineTuneRequest, DistilRequest))
Laid: TypeAlias = EmbedRequest | CombineRequest | MapRequest  # ends with neighbours and a map
Request: TypeAlias = Training | Laid | PrepareRequest | TileRequest | BenchRequest
KINDS: Mapping[str, type[Request]] = {
    kind.kind: kind
    for kind in (
        TrainRequest,
        FineTuneRequest,
        DistilRequest,
        EmbedRequest,
        CombineRequest,
        MapRequest,
        PrepareRequest,
        TileRequest,
        BenchRequest,
    )
}


def from_json(value: Mapping[str, Any]) -> Request:
    """The request that `as_json` wrote; what the run's folder adds to it (title, created) is left out."""
    kind = KINDS[value["kind"]]
    given = {one.name: value[one.name] for one in fields(kind) if one.name in value}
    given |= {name: tuple(entries) for name, entries in given.items() if isinstance(entries, list)}
    if value["kind"] in TRAINING_KINDS and "priors" in given:
        given["priors"] = tuple(PriorSpec(**spec) for spec in given["priors"])
    return kind(**given)


def with_whole_paths(request: Request) -> Request:
    """The request with its path, if it holds one, made absolute: the worker runs in another folder."""
    if isinstance(request, TrainRequest | EmbedRequest | DistilRequest) and names_file(request.init):
        return replace(request, init=str(Path(request.init).expanduser().resolve()))
    if isinstance(request, TileRequest):
        return replace(request, slides=str(Path(request.slides).expanduser().resolve()))
    if isinstance(request, BenchRequest):
        return replace(request, truth=str(Path(request.truth).expanduser().resolve()))
    return request


def _as_json(request: Any) -> dict[str, Any]:
    return {"kind": request.kind, **asdict(request)}

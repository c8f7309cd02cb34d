"""Which cells a bench has: the trainings, the rows that they must beat, and what is left out with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product

from engine import catalogue, files
from engine.errors import SettingInvalid
from engine.images.overview import suggest_size
from engine.images.table import ImageTable, read_table
from engine.jobs.bench_request import BenchRequest
from engine.jobs.hardware import device_name, hardware
from engine.jobs.request import EmbedRequest, TrainRequest
from engine.priors import Prior, build_priors, parse_prior
from engine.project import Project
from engine.settings import build
from engine.train.config import TrainConfig

LARGEST_SIZE = 64  # pixels that a bench trains at unless told otherwise; beyond, a CPU needs hours
PRETRAINED = "imagenet_lite0"  # what a user has without any training


@dataclass(frozen=True)
class Cell:
    """One training and its embedding, or a frozen encoder alone; the repeats of one kind make a row of the result."""

    encoder: str
    init: str
    embed: EmbedRequest
    method: str = ""  # "" where nothing is trained
    prior: str = ""
    train: TrainRequest | None = None
    repeat: int = 0  # which of its kind, from 0

    @property
    def kind(self) -> tuple[str, str, str, str]:
        """What the repeats of a row have in common."""
        return self.method, self.prior, self.encoder, self.init

    @property
    def title(self) -> str:
        """What a person reads while it is at work."""
        words = [self.method, self.prior, self.encoder, "" if self.init == "random" and self.method else self.init]
        words += [f"training {self.repeat + 1}" if self.repeat else ""]
        return " · ".join(filter(None, words))


@dataclass(frozen=True)
class Skipped:
    """A cell that makes no sense, or that failed."""

    method: str
    prior: str
    encoder: str
    init: str
    reason: str  # one sentence


@dataclass(frozen=True)
class Plan:
    """All cells in the order of the work: first what there is without training, which all others are compared with."""

    frozen: tuple[Cell, ...]
    trained: tuple[Cell, ...]
    skipped: tuple[Skipped, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.frozen + self.trained


def make_plan(project: Project, request: BenchRequest) -> Plan:
    """The cells of a bench: methods × priors × encoders × starting points, each as often as asked.

    A repeat has a seed of its own, the same for all of its number: the same first weights, order of images and numbers
    that views are drawn from, so that two priors differ in their pairs alone. Repeats come one after the other, so that
    a bench that is stopped has as many of each.

    A method that is made for certain encoders (its card's “encoders”) takes these in place of the ones asked for. Every
    encoder in use gets a row of its random weights, and there is always one of frozen ImageNet features.

    Raises:
        EngineError: an unknown name, or a column that the images lack.
    """
    table = read_table(project)
    size = request.size or min(LARGEST_SIZE, suggest_size(table)[0])
    trained: dict[str, Cell] = {}
    skipped: dict[Skipped, None] = {}
    for repeat, method, prior, init in product(range(request.repeats), request.methods, request.priors, request.inits):
        for encoder in _encoders_for(method, request.encoders):
            wished = _training(_repeated(request, repeat), table, method, prior, encoder, init, size)
            try:
                wished.check(project)
            except SettingInvalid as error:
                skipped[Skipped(method, prior, encoder, init, str(error))] = None
                continue
            embed = EmbedRequest(run=wished.name, name=wished.name, device=request.device, map="")
            trained[wished.name] = Cell(encoder, init, embed, method, prior, wished, repeat)
    used = dict.fromkeys(cell.encoder for cell in trained.values())
    wanted = [*((encoder, "random", size) for encoder in used), (PRETRAINED, "imagenet", 0)]
    frozen = [_frozen(request, table, *one, repeat) for one in wanted for repeat in range(request.repeats)]
    return Plan(tuple(frozen), tuple(trained.values()), tuple(skipped))


def _repeated(request: BenchRequest, repeat: int) -> BenchRequest:
    return replace(request, training={**request.training, "seed": first_seed(request) + repeat}) if repeat else request


def first_seed(request: BenchRequest) -> int:
    """The seed of the first repeat, of its training and of its draws of labels."""
    given = {name: value for name, value in request.training.items() if name == "seed"}
    return build(TrainConfig, given).seed


def _encoders_for(method: str, wished: Sequence[str]) -> Sequence[str]:
    own: Sequence[str] = catalogue.card("methods", method).get("encoders", ())
    return own or wished


def _training(
    request: BenchRequest, table: ImageTable, method: str, prior: str, encoder: str, init: str, size: int
) -> TrainRequest:
    """One training, named by all that decides its result, so that whoever wants the same finds it."""
    wished = TrainRequest(
        method=method,
        priors=tuple(parse_prior(part) for part in prior.split("+")),
        encoder=encoder,
        init=init,
        training={**request.training, "size": size, "epochs": request.epochs},
        device=request.device,
        embed_after=False,
    )
    key = files.fingerprint(
        {
            "images": table.fingerprint,
            "method": [method, _defaults("methods", method)],
            "priors": [
                [spec.name, dict(vars(one)), _columns(table, one)]
                for spec, one in zip(wished.priors, build_priors(wished.priors), strict=True)
            ],
            "encoder": [encoder, _defaults("encoders", encoder), init],
            "training": asdict(wished.config),
            "seconds": [request.seconds, hardware().name] if request.seconds else 0,
            "device": device_name(request.device),
        }
    )
    return replace(wished, name=f"{method}-{encoder.replace(':', '-')}-{key[:8]}")


def _columns(table: ImageTable, prior: Prior) -> list[object]:
    """What a prior reads of the table, which may change while the images stay."""
    named = [value for value in vars(prior).values() if isinstance(value, str) and value in table.frame.columns]
    return [table.column(name).to_numpy(dtype=object) for name in named]


def _defaults(kind: str, name: str) -> dict[str, object]:
    return {setting["name"]: setting["default"] for setting in catalogue.card(kind, name)["settings"]}


def _frozen(request: BenchRequest, table: ImageTable, encoder: str, init: str, size: int, repeat: int) -> Cell:
    seed = 0 if init == "imagenet" else first_seed(request) + repeat
    key = files.fingerprint([table.fingerprint, encoder, _defaults("encoders", encoder), init, size, seed])
    embed = EmbedRequest(
        encoder=encoder,
        init=init,
        size=size,
        seed=seed,
        name=f"{init}-{encoder.replace(':', '-')}-{key[:8]}",
        device=request.device,
        map="",
    )
    return Cell(encoder, init, embed, repeat=repeat)

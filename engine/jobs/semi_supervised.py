"""The requests that follow on a run of SimCLR v2: fine-tune it on a person's labels, then distil it into a student.

What is left open is taken from the run that is gone on from (`completed`), before the request is written: a resumed run
does not look there again for its settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Self

from engine import catalogue, files
from engine.errors import SettingInvalid, TooFewLabels
from engine.images.table import read_table
from engine.jobs.checks import check_balance, check_init, check_name, check_size, check_trained
from engine.labels.store import LabelStore
from engine.priors import PriorSpec
from engine.project import Project
from engine.run_folder import RunFolder
from engine.settings import build
from engine.train.config import TrainConfig

FEWEST_CLASSES = 2


@dataclass(frozen=True)
class _StageRequest:
    """What both have in common."""

    kind: ClassVar[str]
    method: ClassVar[str]  # of engine.methods.STAGES
    usual: ClassVar[Mapping[str, Any]]  # settings of TrainConfig, where they differ from its defaults

    method_settings: Mapping[str, Any] = field(default_factory=dict)
    priors: tuple[PriorSpec, ...] = ()  # () for those of the run before: how views are drawn, and which images are akin
    encoder: str = ""  # "" for that of the run before
    encoder_settings: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)  # settings of TrainConfig by name
    name: str = ""  # of the run; "" for one made from the kind
    device: str = "auto"
    embed_after: bool = True

    @property
    def before(self) -> str:
        """The run that is gone on from."""
        raise NotImplementedError

    @property
    def config(self) -> TrainConfig:
        """The training's settings, checked."""
        return build(TrainConfig, {**self.usual, **self.training})

    @property
    def stem(self) -> str:
        return self.kind

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "method": self.method, **asdict(self)}

    def completed(self, project: Project) -> Self:
        """The request with all that it leaves open.

        Raises:
            RunMissing: no such run, or one without an encoder yet.
        """
        check_trained(project, self.before)
        earlier = files.read_json(RunFolder.of(project, self.before).request)
        same = self.encoder in ("", earlier["encoder"])
        return replace(
            self,
            priors=self.priors or tuple(PriorSpec(**spec) for spec in earlier["priors"]),
            encoder=self.encoder or earlier["encoder"],
            encoder_settings=self.encoder_settings or (earlier["encoder_settings"] if same else {}),
            training={**self.usual, "size": build(TrainConfig, earlier["training"]).size, **self.training},
        )

    def check(self, project: Project) -> None:
        """Raise the EngineError that would otherwise come from the worker; for a completed request."""
        check_name(self.name)
        check_trained(project, self.before)
        catalogue.check_settings(catalogue.card("stages", self.method), dict(self.method_settings))
        check_size(self.encoder, self.config.size)
        check_balance(read_table(project), self.config)
        if self.config.processes > 1:
            raise SettingInvalid(
                f"Fine-tuning and distillation run in one process; “processes” is {self.config.processes}. Set it to 1."
            )


@dataclass(frozen=True)
class FineTuneRequest(_StageRequest):
    """Teach the classes of a person's labels to a network that a run of SimCLR v2 has trained."""

    kind: ClassVar[str] = "finetune"
    method: ClassVar[str] = "fine_tuning"
    usual: ClassVar[Mapping[str, Any]] = {  # the paper's: no decay, no warm-up, a twentieth of the usual step size
        "epochs": 60,
        "batch": 64,
        "learning_rate": 3e-4,
        "weight_decay": 0.0,
        "warmup_epochs": 0.0,
    }

    run: str = ""

    @property
    def before(self) -> str:
        return self.run

    @property
    def title(self) -> str:
        return f"Fine-tuning of {self.run}"

    def check(self, project: Project) -> None:
        super().check(project)
        earlier = files.read_json(RunFolder.of(project, self.run).request)
        if earlier.get("method") != "simclr_v2":
            raise SettingInvalid(
                f"Fine-tuning goes on from inside the head of a SimCLR v2 run; “{self.run}” is none. "
                "Train with the method simclr_v2 first."
            )
        settings = catalogue.check_settings(catalogue.card("stages", self.method), dict(self.method_settings))
        head = {"depth": 3, **earlier["method_settings"]}
        if settings.get("head_layers", 1) >= int(head["depth"]):
            raise SettingInvalid(
                f"The head of “{self.run}” has {head['depth']} layers and its last serves the comparison only; "
                f"“head_layers” is at most {int(head['depth']) - 1}."
            )
        labelled_classes(project)


@dataclass(frozen=True)
class DistilRequest(_StageRequest):
    """Train a student on all images to answer as a fine-tuned network does."""

    kind: ClassVar[str] = "distil"
    method: ClassVar[str] = "distillation"
    usual: ClassVar[Mapping[str, Any]] = {"epochs": 20}

    teacher: str = ""  # a run that fine-tuned or distilled
    init: str = ""  # of the student; "" for the teacher's encoder where it is of the same kind, else random
    download: bool = False  # whether pretrained weights may be fetched

    @property
    def before(self) -> str:
        return self.teacher

    @property
    def title(self) -> str:
        return f"Distillation of {self.teacher} into {self.encoder or 'a student'}"

    def completed(self, project: Project) -> Self:
        whole = super().completed(project)
        earlier = files.read_json(RunFolder.of(project, self.teacher).request)
        alike = (whole.encoder, whole.encoder_settings) == (earlier["encoder"], earlier["encoder_settings"])
        return replace(whole, init=self.init or (self.teacher if alike else "random"))

    def check(self, project: Project) -> None:
        super().check(project)
        kind = files.read_json(RunFolder.of(project, self.teacher).request)["kind"]
        if kind not in (FineTuneRequest.kind, self.kind):
            raise SettingInvalid(
                f"A student learns from a network that knows classes; “{self.teacher}” knows none. "
                f"Fine-tune it on labels first: finetune --run {self.teacher}"
            )
        if self.init != self.teacher:
            catalogue.check_settings(catalogue.card("encoders", self.encoder), dict(self.encoder_settings))
            check_init(project, self.encoder, self.init, self.encoder_settings, self.download)


def labelled_classes(project: Project) -> dict[str, int]:
    """Images that a person has labelled, by class, in the order of the classes; those without any are left out.

    Raises:
        TooFewLabels: of fewer than two classes.
    """
    counts: dict[str, int] = {}
    if project.labels_path.exists():
        codes, classes = LabelStore(project).label_codes(read_table(project).ids)
        counts = {one.name: count for place, one in enumerate(classes) if (count := int((codes == place).sum()))}
    if len(counts) < FEWEST_CLASSES:
        only = f" (“{next(iter(counts))}”)" if counts else ""
        raise TooFewLabels(
            f"Fine-tuning needs labels of at least {FEWEST_CLASSES} classes; there are labels of {len(counts)}{only}. "
            "Label one image of another class on the Label screen, then try again."
        )
    return counts

"""Settings that are known to spoil a training, found before it starts. Loads without torch.

Other traps cannot be set: losses are always in float32, no batch is small or dropped at an epoch's end, and a blur is
measured in shares of the view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.train.config import USUAL_RATE, TrainConfig, total_steps
from engine.views.recipe import Recipe

FEW_STEPS = 100  # below which hardly anything is learnt from random weights
FASTEST = {"adamw": 0.02, "sgd": 1.0}  # step sizes above which trainings of small networks come apart
SMALL = 48  # pixels: views up to here need first layers that keep every pixel
FEWEST_PATCHES = 4  # along a side
WIDE_BLUR = 0.05  # of the view's side
SMALLEST_CROP = 8  # pixels of the image along a side
LARGE_SHARE = 0.5  # of a batch in one group, above which most negatives are false
SHARPEST, DULLEST = 0.03, 1.0  # temperatures of unit vectors


@dataclass(frozen=True)
class Plan:
    """What is about to be trained. Settings hold defaults too."""

    images: int
    config: TrainConfig
    method: Mapping[str, Any] = field(default_factory=dict)  # settings by name
    encoder: Mapping[str, Any] = field(default_factory=dict)
    recipe: Recipe = field(default_factory=Recipe)

    @property
    def steps(self) -> int:
        """Steps of the optimiser in all."""
        return total_steps(self.config, self.images)


def traps(plan: Plan, *, may_be_short: bool = False) -> list[str]:
    """What speaks against these settings, a sentence or two each with the way out; none where they are sound.

    Args:
        may_be_short: nothing is said of few steps, which are meant.
    """
    return [sentence for look in TRAPS if not (may_be_short and look is _length) for sentence in look(plan)]


def _length(plan: Plan) -> Iterator[str]:
    if plan.steps < FEW_STEPS:
        yield (
            f"The run has {plan.steps} steps in all; below {FEW_STEPS} hardly anything is learnt. "
            "Raise “epochs”, or lower “batch”."
        )


def _batch(plan: Plan) -> Iterator[str]:
    if plan.images < plan.config.batch:
        half = max(2, plan.images // 2)
        yield (
            f"There are {plan.images} images, so every step sees them all and batches never differ. "
            f"Lower “batch” to {half} or less."
        )


def _warm_up(plan: Plan) -> Iterator[str]:
    config = plan.config
    epochs = config.epochs if not config.steps else config.steps * config.batch / plan.images
    if config.warmup_epochs > epochs / 2:
        yield (
            f"The warm-up takes {config.warmup_epochs:g} of {epochs:.0f} epochs, so the step size hardly gets to its "
            f"peak. Lower “warmup_epochs” to {epochs / 10:.1g}, or raise “epochs”."
        )


def _step_size(plan: Plan) -> Iterator[str]:
    config, usual = plan.config, USUAL_RATE[plan.config.optimiser]
    if config.learning_rate > FASTEST[config.optimiser]:
        yield (
            f"A learning rate of {config.learning_rate:g} is too large for {config.optimiser}; {usual:g} is usual. "
            "Leave it at 0, or the loss may cease to be a number."
        )
    if 0 < config.learning_rate < usual / 100:
        yield (
            f"A learning rate of {config.learning_rate:g} is a hundredth of the usual {usual:g} for "
            f"{config.optimiser}: little will change. Leave it at 0."
        )


def _momentum(plan: Plan) -> Iterator[str]:
    momentum = plan.method.get("momentum")
    if isinstance(momentum, float) and momentum < 1 and plan.steps * (1 - momentum) < 1.5:
        better = max(0.5, 1 - 10 / plan.steps)
        yield (
            f"With momentum {momentum:g} the slow network follows over {1 / (1 - momentum):.0f} steps, and the run has "
            f"{plan.steps}: it would stay near random weights. Lower “momentum” to {better:.2g}, or train longer."
        )


def _temperature(plan: Plan) -> Iterator[str]:
    temperature, teacher = plan.method.get("temperature"), plan.method.get("teacher_temperature")
    if isinstance(temperature, float) and not SHARPEST <= temperature <= DULLEST:
        does = "looks at single images only" if temperature < SHARPEST else "hardly tells images apart"
        yield f"A temperature of {temperature:g} {does}. Take one from 0.05 to 0.5."
    if isinstance(temperature, float) and isinstance(teacher, float) and teacher >= temperature:
        yield (
            f"The teacher's temperature {teacher:g} is not below the student's {temperature:g}, so it sharpens nothing "
            "and all images end alike. Lower “teacher_temperature”."
        )


def _first_layers(plan: Plan) -> Iterator[str]:
    size, patch = plan.config.size, plan.encoder.get("patch")
    if size <= SMALL and (plan.encoder.get("stem_stride") == 2 or plan.encoder.get("small_stem") == "no"):
        yield (
            f"The encoder's first layers throw away most of a view of {size} pixels. "
            "Let them keep every pixel (“stem_stride” 1, “small_stem” auto), or raise “size”."
        )
    if isinstance(patch, int) and size // patch < FEWEST_PATCHES:
        yield (
            f"Patches of {patch} pixels cut a view of {size} into {size // patch} by {size // patch}. "
            "Lower “patch”, or raise “size”."
        )


def _balance(plan: Plan) -> Iterator[str]:
    config = plan.config
    if config.balance and config.balance_mode == "within" and config.balance_share > LARGE_SHARE:
        yield (
            f"Runs of one {config.balance} fill {config.balance_share:.0%} of a batch; negatives of one patient alone "
            "cost 4 points on colorectal tissue. Lower “balance_share” to 0.25."
        )


def _views(plan: Plan) -> Iterator[str]:
    recipe, size = plan.recipe, plan.config.size
    if recipe.blur > 0 and recipe.blur_width > WIDE_BLUR and size <= SMALL:
        yield (
            f"A blur of up to {recipe.blur_width:.0%} of a view of {size} pixels leaves little to see. "
            f"Lower “blur_width” to {WIDE_BLUR / 2:g}, or “blur” to 0."
        )
    side = recipe.crop**0.5 * size
    if side < SMALLEST_CROP:
        yield (
            f"The smallest crops show {side:.0f} by {side:.0f} pixels of an image. "
            f"Raise “crop” to {(SMALLEST_CROP / size) ** 2:.2g} or more, or “size”."
        )


TRAPS: tuple[Callable[[Plan], Iterator[str]], ...] = (
    _length,
    _batch,
    _warm_up,
    _step_size,
    _momentum,
    _temperature,
    _first_layers,
    _balance,
    _views,
)

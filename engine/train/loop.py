"""The one training loop: a generator of steps. Its caller saves, logs and stops.

training = Training(method, cache, pairing, groups, recipe, config, device)
for step in training.steps():
    ...  # save training.state() now and then; leave the loop to stop
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from engine.embed import embed
from engine.errors import CheckpointUnreadable, NoImages, RunFailed, SettingInvalid
from engine.methods import Batch, Method
from engine.train.batches import CROPS, METHOD, VIEWS, Pairing, anchors_of, rows_of, steps_in_epoch, torch_generator
from engine.train.config import TrainConfig
from engine.train.device import autocast, choose_precision
from engine.train.monitors import Monitor
from engine.train.schedule import make_optimiser, peak_rate, rate_at
from engine.types import Indices
from engine.views.draw import draw
from engine.views.recipe import Recipe

if TYPE_CHECKING:
    from engine.images.cache import PixelCache

State = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """What one step of the optimiser did."""

    epoch: int  # from 1
    epochs: int
    step: int  # from 1, over the whole run
    steps: int
    losses: dict[str, float]
    learning_rate: float
    views: int  # drawn in this step
    seconds: float
    epoch_ended: bool
    monitors: dict[str, float] = field(default_factory=dict)  # at the end of an epoch, see engine.train.monitors


class Training:
    """A run of one method over the images of one cache, at some step between its first and its last.

    Args:
        method: encoder and heads; trained in place.
        cache: the images as uint8 [S S 3]; views are drawn at config.size, whatever S is.
        pairing: anchors [B], P, rng → partners [B P].
        groups: group per image [N], UNKNOWN for none; None where no prior knows groups.
        recipe: how far views may stray.
        config: length, speed and size.
        device: where to compute.
        labels: class per image [N], UNKNOWN where nobody labelled it; only ever watched, never learnt from.

    Raises:
        NoImages: fewer than two images.
        SettingInvalid: views too small for the encoder.
    """

    def __init__(
        self,
        method: Method,
        cache: PixelCache,
        pairing: Pairing,
        groups: Indices | None,
        recipe: Recipe,
        config: TrainConfig,
        device: torch.device,
        labels: Indices | None = None,
    ) -> None:
        if len(cache) < 2:
            raise NoImages(f"Training tells images apart and needs at least 2; there are {len(cache)}. Add images.")
        if config.size < method.encoder.smallest_size:
            raise SettingInvalid(
                f"The encoder {method.encoder.name} needs views of at least {method.encoder.smallest_size} pixels; "
                f"“size” is {config.size}. Raise it, or choose another encoder."
            )
        self.method = method.to(device).to(memory_format=torch.channels_last)
        self.cache, self.pairing, self.config, self.device = cache, pairing, config, device
        self.recipe = method.recipe(recipe)
        self.crops = method.small_crops(config.size)
        self.partners = config.positives if method.views > 1 else 0
        self.groups = None if groups is None else torch.from_numpy(groups)
        self.precision = choose_precision(device, config.precision)
        self.optimiser = make_optimiser(method, config)
        self.monitor = Monitor(cache, self.recipe, config, labels)
        self.epoch_steps = steps_in_epoch(len(cache), config.batch)
        self.total_steps = config.steps or self.epoch_steps * config.epochs
        self.done = 0  # steps taken
        self.sums: dict[str, float] = {}  # of the losses in this epoch

    def steps(self) -> Iterator[Step]:
        """Go on from where the run stands; one Step after each step of the optimiser.

        Raises:
            RunFailed: the loss is no longer a number.
        """
        with ThreadPoolExecutor(1, "reader") as reader:  # reads the next images from disk during a step
            ahead = reader.submit(self._read, self.done)
            while self.done < self.total_steps:
                started = time.perf_counter()
                rows, pixels = ahead.result()
                if self.done + 1 < self.total_steps:
                    ahead = reader.submit(self._read, self.done + 1)
                yield self._step(rows, pixels, started)

    def state(self) -> State:
        """All that the rest of the run depends on, copied: resuming from it is bit-equal to not having stopped."""
        return {
            "images": len(self.cache),
            "config": asdict(self.config),
            "done": self.done,
            "sums": dict(self.sums),
            "method": copy.deepcopy(self.method.state_dict()),
            "optimiser": copy.deepcopy(self.optimiser.state_dict()),
            "random": torch.get_rng_state(),
            "device_random": torch.get_device_module(self.device).get_rng_state() if _has_own(self.device) else None,
        }

    def load(self, state: State) -> None:
        """Stand where the run stood when the state was taken.

        Raises:
            CheckpointUnreadable: the state is of other images, other settings or another network.
        """
        then = {"images": state.get("images"), **state.get("config", {})}
        now = {"images": len(self.cache), **asdict(self.config)}
        changed = [f"{name} {then.get(name)}, now {value}" for name, value in now.items() if then.get(name) != value]
        if changed:
            raise CheckpointUnreadable(
                f"This checkpoint was made with other settings ({'; '.join(changed)}). "
                "Start a new run, with the old one for its first weights."
            )
        try:
            self.method.load_state_dict(state["method"])
            self.optimiser.load_state_dict(state["optimiser"])
        except (RuntimeError, ValueError) as error:
            raise CheckpointUnreadable("This checkpoint was made for another network. Start a new run.") from error
        self.done, self.sums = state["done"], dict(state["sums"])
        torch.set_rng_state(state["random"])
        if state["device_random"] is not None and _has_own(self.device):
            torch.get_device_module(self.device).set_rng_state(state["device_random"])

    def _read(self, position: int) -> tuple[Indices, Tensor]:
        """Rows [V B] of a step and their pixels [V·B S S 3], on the host."""
        epoch, step = divmod(position, self.epoch_steps)
        seed = self.config.seed
        anchors = anchors_of(len(self.cache), self.config.batch, seed, epoch, step)
        rows = rows_of(anchors, self.pairing, self.partners, seed, epoch, step)
        pixels = torch.from_numpy(self.cache.take(rows.ravel()))
        return rows, pixels.pin_memory() if self.device.type == "cuda" else pixels

    def _step(self, rows: Indices, pixels: Tensor, started: float) -> Step:
        epoch, within = divmod(self.done, self.epoch_steps)
        if within == 0:
            self.method.before_epoch(epoch, self._features)
        rate = self._set_rate(len(rows[0]))
        losses = self._learn(self._batch(rows, pixels))
        self.done += 1
        self.method.after_step(self.done / self.total_steps)
        if not math.isfinite(losses["total"]):
            raise RunFailed(
                f"The loss became {losses['total']} at step {self.done} of {self.total_steps}. "
                "Train again with a smaller learning rate, or with precision float32."
            )
        self.sums = {name: self.sums.get(name, 0.0) + value for name, value in losses.items()}
        ended = self.done % self.epoch_steps == 0 or self.done == self.total_steps
        monitors = self._end_epoch() if ended else {}
        return Step(
            epoch=epoch + 1,
            epochs=-(-self.total_steps // self.epoch_steps),
            step=self.done,
            steps=self.total_steps,
            losses=losses,
            learning_rate=rate,
            views=rows.size,
            seconds=time.perf_counter() - started,
            epoch_ended=ended,
            monitors=monitors,
        )

    def _batch(self, rows: Indices, pixels: Tensor) -> Batch:
        epoch, step = divmod(self.done, self.epoch_steps)
        generator = torch_generator(self.config.seed, VIEWS, epoch, step)
        views = draw(pixels.to(self.device, non_blocking=True), self.recipe, self.config.size, generator)
        shown = torch.from_numpy(rows)
        return Batch(
            views=views.view(*rows.shape, *views.shape[1:]),
            rows=shown.to(self.device),
            groups=None if self.groups is None else self.groups[shown].to(self.device),
            crops=self._crops(pixels, rows, epoch, step),
            random=torch_generator(self.config.seed, METHOD, epoch, step),
        )

    def _crops(self, pixels: Tensor, rows: Indices, epoch: int, step: int) -> Tensor | None:
        """Small views [C B 3 h w] of a batch's images in turn, for a method that asks for them."""
        if self.crops is None:
            return None
        generator = torch_generator(self.config.seed, CROPS, epoch, step)
        recipe = replace(self.recipe, crop=self.crops.smallest, crop_largest=self.crops.largest)
        images = pixels.to(self.device, non_blocking=True).view(*rows.shape, *pixels.shape[1:])
        chosen = torch.cat([images[crop % len(rows)] for crop in range(self.crops.count)])
        drawn = draw(chosen, recipe, self.crops.size, generator)
        return drawn.view(self.crops.count, rows.shape[1], *drawn.shape[1:])

    def _features(self) -> Tensor:
        """What the encoder says of every image as it is [N D], on the CPU, in evaluation mode."""
        vectors = embed(self.method.encoder, self.cache, self.device, precision=self.config.precision)
        return torch.from_numpy(vectors)

    def _learn(self, batch: Batch) -> dict[str, float]:
        """One step of the optimiser; the losses before it."""
        self.method.train()
        with autocast(self.device, self.precision):
            losses = self.method.loss(batch)
        self.optimiser.zero_grad()
        torch.autograd.backward(losses["total"])
        self.optimiser.step()
        values = torch.stack(
            [value.detach().float() for value in losses.values()]
        ).tolist()  # waits for the device once
        return dict(zip(losses, values, strict=True))

    def _set_rate(self, batch: int) -> float:
        warmup = round(self.config.warmup_epochs * self.epoch_steps)
        rate = rate_at(self.done, self.total_steps, warmup, peak_rate(self.config, batch))
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        return rate

    def _end_epoch(self) -> dict[str, float]:
        taken = (
            self.done % self.epoch_steps or self.epoch_steps
        )  # fewer where the last step came before the epoch's end
        means = {"loss" if name == "total" else name: value / taken for name, value in self.sums.items()}
        self.sums = {}
        with autocast(self.device, self.precision):
            return means | self.monitor.measure(self.method, self.device)


def _has_own(device: torch.device) -> bool:
    """Whether the device draws random numbers of its own."""
    return device.type != "cpu"

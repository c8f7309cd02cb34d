"""The one training loop: a generator of steps. Its caller saves, logs and stops.

training = Training(method, cache, pairing, known, recipe, config, device)
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
from engine.methods.joint import gather, processes, rank
from engine.train.batches import (
    CROPS,
    METHOD,
    NETWORK,
    VIEWS,
    Known,
    Order,
    Pairing,
    rows_of,
    torch_generator,
)
from engine.train.config import TrainConfig, steps_in_epoch, total_steps
from engine.train.device import autocast, choose_precision
from engine.train.monitors import Monitor, Support
from engine.train.plateau import epochs_without_gain
from engine.train.processes import average_gradients, copy_from_first, join_batch_norms, own_share
from engine.train.schedule import make_optimiser, peak_rate, rate_at
from engine.types import Indices
from engine.views.draw import NUMBERS, render
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

    Where processes train together (see engine.train.processes), each makes the same Training and takes its steps; the
    first one's monitors and state are the run's.

    Args:
        method: encoder and heads; trained in place.
        cache: the images as uint8 [S S 3]; views are drawn at config.size, whatever S is.
        pairing: anchors [B], P, rng → partners [B P].
        known: which images are no fair negatives of each other, and which groups share the batches; None for nothing.
        recipe: how far views may stray.
        config: length, speed and size.
        device: where to compute.
        support: labels, where there are any; only ever watched, never learnt from.

    Raises:
        NoImages: fewer than two images.
        SettingInvalid: views too small for the encoder, or batches too small for the processes.
    """

    def __init__(
        self,
        method: Method,
        cache: PixelCache,
        pairing: Pairing,
        known: Known | None,
        recipe: Recipe,
        config: TrainConfig,
        device: torch.device,
        support: Support | None = None,
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
        self.known = known or Known()
        self.order = Order(len(cache), config, self.known.owners)
        self.precision = choose_precision(device, config.precision)
        self.optimiser = make_optimiser(method, config)
        self.monitor = Monitor(cache, self.recipe, config, support)
        self.epoch_steps = steps_in_epoch(len(cache), config.batch)
        if len(cache) // self.epoch_steps < processes():
            raise SettingInvalid(
                f"{processes()} processes cannot share batches of {len(cache) // self.epoch_steps} images. "
                "Raise “batch”, or use fewer processes."
            )
        join_batch_norms(method)
        self.total_steps = total_steps(config, len(cache))
        self.done = 0  # steps taken
        self.sums: dict[str, float] = {}  # of the losses in this epoch
        self.epoch_losses: list[float] = []  # mean of each epoch so far

    @property
    def stopped_early(self) -> bool:
        """Whether the loss has stayed where it is for as many epochs as config.patience allows."""
        config = self.config
        waited = epochs_without_gain(self.epoch_losses, config.min_improvement)
        return 0 < config.patience <= waited and self.done < self.total_steps

    def steps(self) -> Iterator[Step]:
        """Go on from where the run stands; one Step after each step of the optimiser.

        Raises:
            RunFailed: the loss is no longer a number.
        """
        copy_from_first(self.method)
        with ThreadPoolExecutor(1, "reader") as reader:  # reads the next images from disk during a step
            ahead = reader.submit(self._read, self.done)
            while self.done < self.total_steps and not self.stopped_early:
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
            "epoch_losses": list(self.epoch_losses),
            "method": copy.deepcopy(self.method.state_dict()),
            "optimiser": copy.deepcopy(self.optimiser.state_dict()),
        }

    def load(self, state: State) -> None:
        """Stand where the run stood when the state was taken.

        Raises:
            CheckpointUnreadable: the state is of other images, other settings or another network.
        """
        then = {"images": state.get("images"), **asdict(TrainConfig()), **state.get("config", {})}
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
        self.done, self.sums, self.epoch_losses = state["done"], dict(state["sums"]), list(state["epoch_losses"])

    def _read(self, position: int) -> tuple[Indices, Tensor]:
        """Rows [V B] of a step's joint batch, and the pixels [V·B S S 3] of this process's share, on the host."""
        epoch, step = divmod(position, self.epoch_steps)
        seed = self.config.seed
        rows = rows_of(self.order.anchors(epoch, step), self.pairing, self.partners, seed, epoch, step)
        pixels = torch.from_numpy(self.cache.take(rows[:, own_share(rows.shape[1])].ravel()))
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
        """This process's share of the joint batch of rows [V B]."""
        epoch, step = divmod(self.done, self.epoch_steps)
        seed, joint = self.config.seed, rows.shape[1]
        own = own_share(joint)
        shown = torch.from_numpy(rows[:, own])
        images = pixels.to(self.device, non_blocking=True).view(*shown.shape, *pixels.shape[1:])
        return Batch(
            views=_render(images, self.recipe, self.config.size, joint, torch_generator(seed, VIEWS, epoch, step)),
            rows=shown.to(self.device),
            kin=self.known.kin,
            crops=self._crops(images, joint, torch_generator(seed, CROPS, epoch, step)),
            random=torch_generator(seed, METHOD, epoch, step),
            first=own.start,
            joint=joint,
        )

    def _crops(self, images: Tensor, joint: int, random: torch.Generator) -> Tensor | None:
        """Small views [C B 3 h w] of a batch's images in turn, for a method that asks for them."""
        if self.crops is None:
            return None
        recipe = replace(self.recipe, crop=self.crops.smallest, crop_largest=self.crops.largest)
        chosen = images[torch.arange(self.crops.count) % len(images)]
        return _render(chosen, recipe, self.crops.size, joint, random)

    def _features(self) -> Tensor:
        """What the encoder says of every image as it is [N D], on the CPU, in evaluation mode."""
        own = replace(self.cache, rows=self.cache.rows[own_share(len(self.cache))])
        vectors = embed(self.method.encoder, own, self.device, precision=self.config.precision)
        return gather(torch.from_numpy(vectors).to(self.device)).cpu()

    def _learn(self, batch: Batch) -> dict[str, float]:
        """One step of the optimiser; the losses before it."""
        self.method.train()
        with torch.random.fork_rng(devices=[]):  # parts of a network are dropped by numbers of the step's own
            torch.manual_seed(torch_generator(self.config.seed, NETWORK, self.done, rank()).initial_seed())
            with autocast(self.device, self.precision):
                losses = self.method.loss(batch)
        self.optimiser.zero_grad()
        torch.autograd.backward(losses["total"])
        average_gradients(self.method)
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
        self.epoch_losses.append(means["loss"])
        if rank() > 0:
            return means
        with autocast(self.device, self.precision):
            return means | self.monitor.measure(self.method, self.device)


def _render(images: Tensor, recipe: Recipe, size: int, joint: int, random: torch.Generator) -> Tensor:
    """Views [V B 3 size size] of this process's images [V B S S 3], from the numbers drawn for the joint batch."""
    numbers = torch.rand(len(images), joint, NUMBERS, generator=random)[:, own_share(joint)]
    views = render(images.flatten(0, 1), recipe, size, numbers.flatten(0, 1))
    return views.view(*images.shape[:2], *views.shape[1:])

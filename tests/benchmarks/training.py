"""Training speed: ours from end to end, the bare network, and lightly's own SimCLR example, side by side.

    python tests/benchmarks/training.py [FOLDER] [--size 32] [--batch 256] [--rounds 5] [--steps 8]

Three runs of the same network (nano, SimCLR) take turns, a few steps each; medians over the rounds are compared:

- ours: Training.steps() over the pixel cache of a real project: reading, drawing views, learning, monitors, everything;
- bare: forward, backward and optimiser of the same method at the same precision on one batch of random numbers;
- lightly: its SimCLR example for CIFAR-10 as published (PIL views, DataLoader, float32, SGD), with our network in place
  of ResNet-18, images already decoded, and one worker a core; the start of the workers is not counted.

Prints one JSON line: medians in views a second, ours / bare (goal 0.85) and ours / lightly (goal 5 at 32 pixels).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from lightly.loss import NTXentLoss
from lightly.models.modules import SimCLRProjectionHead
from lightly.transforms import SimCLRTransform
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from engine.demo import make_demo
from engine.encoders import build_encoder
from engine.images.cache import PixelCache, build_cache
from engine.images.scan import scan
from engine.images.table import read_table
from engine.methods import Batch, Method, build_method
from engine.project import create_project
from engine.train.batches import alone
from engine.train.config import TrainConfig
from engine.train.device import autocast, choose_device, choose_precision
from engine.train.loop import Training
from engine.train.schedule import make_optimiser
from engine.views.recipe import PRESETS

Chunk = Callable[[], float]  # runs a few steps, returns views a second


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folder", type=Path, nargs="?", help="a folder of images; without it, 600 demo images are drawn"
    )
    parser.add_argument("--size", type=int, default=32, help="side of the views in pixels")
    parser.add_argument("--batch", type=int, default=256, help="images a step")
    parser.add_argument("--rounds", type=int, default=5, help="turns each run takes")
    parser.add_argument("--steps", type=int, default=8, help="steps in each turn")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache = make_cache(arguments.folder, Path(scratch), arguments.size)
        print(json.dumps(compare(cache, arguments.batch, arguments.rounds, arguments.steps)))


def compare(cache: PixelCache, batch: int, rounds: int, steps: int) -> dict[str, object]:
    """Let the three take turns; the numbers of the JSON line."""
    device = choose_device()
    config = TrainConfig(epochs=100_000, batch=batch, size=cache.size)
    batch = min(batch, len(cache))
    runs = {
        "ours": ours(cache, config, device, steps),
        "bare": bare(config, batch, device, steps),
        "lightly": lightly(cache, batch, device, steps),
    }
    for run in runs.values():
        run()  # the first turn chooses kernels, allocates memory, starts workers
    speeds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            speeds[name].append(run())
    medians = {name: statistics.median(values) for name, values in speeds.items()}
    return {
        "benchmark": "training",
        "views_per_second": {name: round(value) for name, value in medians.items()},
        "ours_to_bare": round(medians["ours"] / medians["bare"], 3),
        "ours_to_lightly": round(medians["ours"] / medians["lightly"], 2),
        "images": len(cache),
        "size": cache.size,
        "batch": batch,
        "precision": str(choose_precision(device)).removeprefix("torch."),
        "device": str(device),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "amx": bool(torch.cpu.get_capabilities().get("amx_bf16")),  # doubles to quadruples bfloat16 on a CPU
        "torch": torch.__version__,
    }


def ours(cache: PixelCache, config: TrainConfig, device: torch.device, steps: int) -> Chunk:
    training = Training(make_method(device), cache, alone, None, PRESETS["natural"], config, device)
    run = training.steps()

    def chunk() -> float:
        started = time.perf_counter()
        views = sum(next(run).views for _ in range(steps))
        return views / (time.perf_counter() - started)

    return chunk


def bare(config: TrainConfig, batch: int, device: torch.device, steps: int) -> Chunk:
    method = make_method(device)
    optimiser = make_optimiser(method, config)
    precision = choose_precision(device)
    views = torch.randn(2 * batch, 3, config.size, config.size, device=device).to(memory_format=torch.channels_last)
    rows = torch.arange(batch, device=device).repeat(2, 1)
    noise = Batch(views.unflatten(0, (2, batch)), rows)
    for group in optimiser.param_groups:
        group["lr"] = 1e-3

    def chunk() -> float:
        started = time.perf_counter()
        for _ in range(steps):
            with autocast(device, precision):
                total = method.loss(noise)["total"]
            optimiser.zero_grad()
            total.backward()
            optimiser.step()
            total.item()
        return steps * 2 * batch / (time.perf_counter() - started)

    return chunk


def lightly(cache: PixelCache, batch: int, device: torch.device, steps: int) -> Chunk:
    """https://docs.lightly.ai/self-supervised-learning/examples/simclr.html, the PyTorch example."""
    images = [Image.fromarray(pixels) for pixels in cache.take(torch.arange(len(cache)).numpy())]
    dataset = Pictures(images, SimCLRTransform(input_size=cache.size, gaussian_blur=0.0), batch * (steps + 1))
    backbone = build_encoder("nano", {}).to(memory_format=torch.contiguous_format)
    model = torch.nn.Sequential(backbone, SimCLRProjectionHead(backbone.width, 512, 128)).to(device)
    loader = DataLoader(dataset, batch_size=batch, shuffle=True, drop_last=True, num_workers=os.cpu_count() or 1)
    criterion = NTXentLoss()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.06)

    def learn(pair: tuple[Tensor, Tensor]) -> None:
        first, second = (model(views.to(device)) for views in pair)
        loss = criterion(first, second)
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        loss.item()

    def chunk() -> float:
        batches: Iterator[tuple[Tensor, Tensor]] = iter(loader)
        learn(next(batches))
        started = time.perf_counter()
        for pair in batches:
            learn(pair)
        return steps * 2 * batch / (time.perf_counter() - started)

    return chunk


class Pictures(Dataset[tuple[Tensor, Tensor]]):
    """Decoded images behind lightly's transform, repeated up to a length."""

    def __init__(self, images: list[Image.Image], transform: SimCLRTransform, length: int) -> None:
        self.images, self.transform, self.length = images, transform, length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        first, second = self.transform(self.images[index % len(self.images)])
        return first, second


def make_method(device: torch.device) -> Method:
    return build_method("simclr", build_encoder("nano", {}), {}).to(device)


def make_cache(folder: Path | None, scratch: Path, size: int) -> PixelCache:
    """The pixel cache of a project over the folder, or over demo images."""
    images = folder or make_demo(scratch / "demo", count=600) / "images"
    project = create_project(scratch / "project", images)
    scan(project)
    return build_cache(project, read_table(project), size)


if __name__ == "__main__":
    main()

"""How fast every prior pairs and masks: one JSON line a prior, over a table of a million images.

    python -m tests.benchmarks.pairing [IMAGES]

`prepare` is what is done once for a table, `pair` two partners each for 10,000 anchors, `mask` which of 512 views of a
batch are no negatives of which, `queue` the same of 256 anchors against 65,536 keys; all in seconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from engine.images.table import ImageTable
from engine.priors import PRIORS, Prior
from engine.priors.candidates import Kin
from engine.train.balance import balanced
from engine.train.config import TrainConfig

SIDE = 50  # tiles along a side of a slide
SECTIONS = 4  # slides of a patient


def make_table(images: int) -> ImageTable:
    """Slides of 50 x 50 tiles, four serial sections a patient, each tile under a stain and at one of two scales."""
    row = np.arange(images)
    slide, place = row // SIDE**2, row % SIDE**2
    ids = np.char.add("id", row.astype(str)).astype(object)
    columns: dict[str, Any] = {
        "id": ids,
        "path": [
            f"p{patient}/s{one}/{number}.png"
            for patient, one, number in zip(slide // SECTIONS, slide, row, strict=True)
        ],
        "content": ids,
        "patient": slide // SECTIONS,
        "slide": slide,
        "section": slide % SECTIONS,
        "x": place % SIDE,
        "y": place // SIDE,
        "field": row // 4,
        "magnification": np.array([5, 10, 20, 40])[row % 4],
        "subject": row // 2,
        "modality": row % 2,
        "sequence": row // 300,
        "time": row % 300,
    }
    return ImageTable(pd.DataFrame(columns))


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return round(time.perf_counter() - began, 4)


def measure(prior: Prior, table: ImageTable) -> dict[str, float]:
    """The seconds of one prior."""
    rng = np.random.default_rng(0)
    anchors, views, keys = (rng.integers(0, len(table), count) for count in (10_000, 512, 65_536))
    known: list[Kin] = []

    def prepare() -> None:
        prior.pairs(table, anchors[:1], 1, rng)
        told = prior.kin(table)
        known.append(Kin([] if told is None else [told]))
        known[0](views[:1], views[:1])

    return {
        "prepare": seconds(prepare),
        "pair": seconds(lambda: prior.pairs(table, anchors, 2, rng)),
        "mask": seconds(lambda: known[0](views, views)),
        "queue": seconds(lambda: known[0](views[:256], keys)),
    }


def main() -> None:
    images = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    table = make_table(images)
    for name, kind in PRIORS.items():
        print(json.dumps({"prior": name, "images": images, **measure(kind.from_settings({}), table)}), flush=True)
    groups = table.groups("patient").codes
    for mode in ("spread", "within"):
        rng, config = np.random.default_rng(0), TrainConfig(balance="patient", balance_mode=mode)
        print(
            json.dumps({"balance": mode, "epoch": seconds(lambda c=config, r=rng: balanced(groups, c, r))}), flush=True
        )


if __name__ == "__main__":
    main()

"""Each trap is found where it is set, and the defaults set none."""

import json
from pathlib import Path

import pytest

from engine import catalogue
from engine.train.config import TrainConfig
from engine.train.traps import Plan, traps
from engine.views.recipe import PRESETS, Recipe

TRAPS = {
    "20 steps in all": Plan(1000, TrainConfig(epochs=5, warmup_epochs=1)),
    "every step sees them all": Plan(100, TrainConfig(epochs=200, batch=256)),
    "The warm-up takes 10 of 15 epochs": Plan(5000, TrainConfig(epochs=15, warmup_epochs=10)),
    "A learning rate of 0.1 is too large for adamw": Plan(5000, TrainConfig(learning_rate=0.1)),
    "A learning rate of 1e-05 is a hundredth": Plan(5000, TrainConfig(learning_rate=1e-5)),
    "follows over 1000 steps, and the run has 800": Plan(5000, TrainConfig(), {"momentum": 0.999}),
    "A temperature of 0.01 looks at single images": Plan(5000, TrainConfig(), {"temperature": 0.01}),
    "A temperature of 5 hardly tells": Plan(5000, TrainConfig(), {"temperature": 5.0}),
    "sharpens nothing": Plan(5000, TrainConfig(), {"temperature": 0.1, "teacher_temperature": 0.1}),
    "throw away most of a view of 32": Plan(5000, TrainConfig(size=32), encoder={"stem_stride": 2}),
    "32 into 2 by 2": Plan(5000, TrainConfig(size=32), encoder={"patch": 16}),
    "A blur of up to 10%": Plan(5000, TrainConfig(size=32), recipe=Recipe(blur=0.5, blur_width=0.1)),
    "The smallest crops show 5 by 5": Plan(5000, TrainConfig(size=32), recipe=Recipe(crop=0.02)),
}


@pytest.mark.parametrize("said", TRAPS)
def test_a_trap_is_found_and_nothing_else_is(said: str) -> None:
    (sentence,) = traps(TRAPS[said])
    assert said in sentence and sentence.endswith(".")


@pytest.mark.parametrize("images", [1000, 4000, 50_000])
@pytest.mark.parametrize("size", [32, 64, 128])
def test_defaults_set_no_trap(images: int, size: int) -> None:
    cards = json.loads((Path(catalogue.__file__).parent / "catalogue.json").read_text())
    settings = {
        kind: [{one["name"]: one["default"] for one in card["settings"]} for card in cards[kind]]
        for kind in ("methods", "encoders")
    }
    plans = [Plan(images, TrainConfig(size=size), method=method) for method in settings["methods"]]
    plans += [Plan(images, TrainConfig(size=size), encoder=encoder) for encoder in settings["encoders"]]
    plans += [Plan(images, TrainConfig(size=size), recipe=recipe) for recipe in PRESETS.values()]
    assert [traps(plan) for plan in plans] == [[]] * len(plans)

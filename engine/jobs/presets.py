"""Trainings by what they cost: size, encoder and epochs that fit a time on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.catalogue import card
from engine.images.overview import overview
from engine.images.table import read_table
from engine.jobs.cost import estimate, known_cost
from engine.jobs.hardware import device_name
from engine.jobs.request import TrainRequest
from engine.project import Project
from engine.train.config import total_steps
from engine.train.traps import FEW_STEPS

USUAL_EPOCHS = 20  # where nothing is known of the machine's speed


@dataclass(frozen=True)
class Preset:
    """A wish for a training, before images and machine are looked at."""

    name: str
    title: str
    text: str  # what it is good for, in one sentence
    minutes: float  # that it may take
    most_epochs: int  # beyond which more passes bring next to nothing
    largest_size: int  # of the views, in pixels


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("quick", "Quick", "A first look at the pairs, the views and the curves.", 2, 100, 32),
        Preset("standard", "Standard", "Good for most projects; time for a coffee.", 10, 200, 64),
        Preset("thorough", "Thorough", "The best that an hour can give.", 60, 400, 128),
    )
}


def preset_request(project: Project, name: str, wish: TrainRequest | None = None) -> TrainRequest:
    """The wish (method, priors) with the size, encoder and epochs of a preset; may measure the machine for seconds.

    Raises:
        KeyError: no such preset.
        NoImages: the project has no images to train on.
        RunFailed: the measurement ended with an error.
    """
    one = unmeasured_request(project, name, wish)
    alone = replace(one, training={**one.training, "epochs": 1})
    preset = PRESETS[name]
    epochs = int(preset.minutes * 60 / estimate(project, alone).seconds)
    return replace(one, training={**one.training, "epochs": max(1, min(epochs, preset.most_epochs))})


def unmeasured_request(project: Project, name: str, wish: TrainRequest | None = None) -> TrainRequest:
    """The same at once, with a usual number of epochs: for a machine whose speed cannot be measured.

    Raises:
        KeyError: no such preset.
        NoImages: the project has no images to train on.
    """
    preset, wish = PRESETS[name], wish or TrainRequest()
    size = min(preset.largest_size, overview(project).suggested_size)
    usual = "resnet18" if name == "thorough" and device_name(wish.device) != "cpu" else "nano"
    encoder = card("methods", wish.method).get("encoders", [usual])[0]
    return replace(
        wish,
        encoder=encoder,
        encoder_settings={},
        init="random",
        training={**wish.training, "size": size, "epochs": USUAL_EPOCHS},
    )


def first_look(project: Project, name: str, request: TrainRequest) -> str:
    """What a preset is good for that has time for few steps on this machine; "" where it has time to learn more.

    Raises:
        NoImages: the project has no images to train on.
    """
    steps = total_steps(request.config, len(read_table(project)))
    longer = [preset.title for preset in PRESETS.values() if preset.minutes > PRESETS[name].minutes]
    if steps >= FEW_STEPS or not longer:
        return ""
    said = "1 step" if steps == 1 else f"{steps} steps"
    return (
        f"On this machine that is {said}: enough to see that all works, too few to judge what training "
        f"can do. {longer[0]} takes longer and learns more."
    )


def known_epoch(project: Project) -> float | None:
    """Seconds that an epoch of one of the presets takes on this machine, where that was measured before.

    Raises:
        NoImages: the project has no images to train on.
    """
    for name in PRESETS:
        request = unmeasured_request(project, name)
        if cost := known_cost(project, request):
            return cost.seconds / max(1, request.config.epochs)
    return None

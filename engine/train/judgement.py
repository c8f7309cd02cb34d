"""What the numbers of a run mean, in one plain sentence. Loads without torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.train.config import TrainConfig
from engine.train.plateau import recent_gain

COLLAPSED = 0.1  # std over 1/√D below which the vectors of all images are taken to be one
FEW_DIRECTIONS = 2.0  # RankMe at or below which the embedding is no more than a line
GUESSING = 0.98  # share of the loss of guessing from which on nothing is learnt
STUCK = 5  # epochs at the loss of guessing after which it will hardly get better by itself
WINDOW = 3  # epochs that are compared with as many before them
GAIN = 0.01  # share by which the loss must fall from one window to the next to be improving


def judgement(monitors: Mapping[str, float], losses: Sequence[float] = ()) -> str:
    """One sentence about a run: what is wrong with its last epoch, or else whether it still gets better.

    Args:
        monitors: loss, trivial, std_ratio, rankme, features and, where images are labelled, knn and knn_chance, as a
            Step at the end of an epoch carries them; of a stage that teaches classes also label_accuracy,
            left_out_accuracy or teacher_agreement. Nothing is said of what is missing.
        losses: mean loss of each epoch so far, oldest first (Training.epoch_losses).
    """
    if not monitors:
        return "The first epoch has not ended yet."
    return _taught(monitors) or _collapse(monitors) or _guessing(monitors, losses) or _trend(monitors, losses)


def stopped_early(config: TrainConfig, epochs: int, planned: int) -> str:
    """Why a run ended after so many epochs of those planned."""
    return (
        f"Stopped early after epoch {epochs} of {planned}: in {config.patience} epochs the loss did not fall by "
        f"more than {100 * config.min_improvement:g}%, as “patience” asks."
    )


def _taught(monitors: Mapping[str, float]) -> str:
    """Of a network that is taught classes: that its vectors gather by class is then no collapse."""
    if "teacher_agreement" in monitors:
        return f"The student gives {monitors['teacher_agreement']:.0%} of all images the class its teacher gives them."
    if "label_accuracy" not in monitors:
        return ""
    learnt = f"The network names the class of {monitors['label_accuracy']:.0%} of the labelled images it learns from"
    if "left_out_accuracy" in monitors:
        return f"{learnt}, and of {monitors['left_out_accuracy']:.0%} of those that were left out to ask about."
    return f"{learnt}. All labels are learnt from, so this does not say how it does on other images."


def _collapse(monitors: Mapping[str, float]) -> str:
    if monitors["std_ratio"] < COLLAPSED:
        return (
            f"Collapsed: all images get nearly the same vector (spread {monitors['std_ratio']:.2f}, not 1). "
            "Stop this run and try a smaller learning rate, a larger batch or SimCLR."
        )
    if monitors["rankme"] <= FEW_DIRECTIONS:
        return (
            f"Nearly collapsed: the embedding uses {monitors['rankme']:.1f} of its {monitors['features']:.0f} "
            "directions. Stop this run and try stronger views or SimCLR."
        )
    return ""


def _guessing(monitors: Mapping[str, float], losses: Sequence[float]) -> str:
    guessed = monitors["trivial"]
    if monitors["loss"] < GUESSING * guessed:
        return ""
    recent = list(losses[-STUCK:])
    if len(recent) == STUCK and min(recent) >= GUESSING * guessed:
        return (
            f"Stuck: for {STUCK} epochs the loss has been what guessing gives ({guessed:.2f}). "
            "Stop this run and raise the learning rate, soften the views or try another method."
        )
    return (
        f"Nothing learnt yet: the loss {monitors['loss']:.2f} is what guessing gives ({guessed:.2f}). "
        f"If this lasts for {STUCK} epochs, raise the learning rate or soften the views."
    )


def _trend(monitors: Mapping[str, float], losses: Sequence[float]) -> str:
    gain = recent_gain(losses, WINDOW)
    numbers = f"{_directions(monitors)}{_neighbours(monitors)}."
    if gain is None:
        return f"Healthy: {numbers}"
    if gain > GAIN:
        return f"Still improving, by {gain:.0%} in {WINDOW} epochs: {numbers} More epochs should help."
    if gain < -GAIN:
        return (
            f"The loss is rising, by {-gain:.0%} in {WINDOW} epochs: {numbers} If it goes on, lower the learning rate."
        )
    return f"Levelled off: {numbers} More epochs of the same will hardly help."


def _directions(monitors: Mapping[str, float]) -> str:
    return (
        f"the loss is {monitors['loss']:.2f} where guessing gives {monitors['trivial']:.2f}, "
        f"and the embedding uses about {monitors['rankme']:.0f} of {monitors['features']:.0f} directions"
    )


def _neighbours(monitors: Mapping[str, float]) -> str:
    if "knn" not in monitors:
        return ""
    return (
        f"; the nearest labelled images name the class of {monitors['knn']:.0%} rightly "
        f"({monitors['knn_chance']:.0%} by chance)"
    )

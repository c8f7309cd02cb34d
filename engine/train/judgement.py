"""What the numbers of an epoch mean, in one plain sentence. Loads without torch."""

from __future__ import annotations

from collections.abc import Mapping

COLLAPSED = 0.1  # std over 1/√D below which the vectors of all images are taken to be one
FEW_DIRECTIONS = 2.0  # effective rank at or below which the embedding is no more than a line


def judgement(monitors: Mapping[str, float]) -> str:
    """One sentence about a run, from the monitors of its last epoch.

    Args:
        monitors: loss, trivial, std_ratio, effective_rank, features and, where images are labelled, neighbour_agreement
            and chance_agreement, as a Step at the end of an epoch carries them. Nothing is said of what is missing.
    """
    if not monitors:
        return "The first epoch has not ended yet."
    if monitors["std_ratio"] < COLLAPSED:
        return (
            f"Collapsed: all images get nearly the same vector (spread {monitors['std_ratio']:.2f}, not 1). "
            "Stop this run and try a smaller learning rate, a larger batch or SimCLR."
        )
    if monitors["effective_rank"] <= FEW_DIRECTIONS:
        return (
            f"Nearly collapsed: the embedding uses {monitors['effective_rank']:.1f} of its {monitors['features']:.0f} "
            "directions. Stop this run and try stronger views or SimCLR."
        )
    if monitors["loss"] >= 0.98 * monitors["trivial"]:
        return (
            f"Nothing learnt yet: the loss {monitors['loss']:.2f} is what guessing gives ({monitors['trivial']:.2f}). "
            "If this lasts for five epochs, raise the learning rate or soften the views."
        )
    return f"Healthy: {_directions(monitors)}{_neighbours(monitors)}."


def _directions(monitors: Mapping[str, float]) -> str:
    return (
        f"the loss is {monitors['loss']:.2f} where guessing gives {monitors['trivial']:.2f}, "
        f"and the embedding uses about {monitors['effective_rank']:.0f} of {monitors['features']:.0f} directions"
    )


def _neighbours(monitors: Mapping[str, float]) -> str:
    if "neighbour_agreement" not in monitors:
        return ""
    return (
        f"; {monitors['neighbour_agreement']:.0%} of the nearest labelled images share their class "
        f"({monitors['chance_agreement']:.0%} by chance)"
    )

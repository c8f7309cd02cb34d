"""Whether a run still gets better, from the losses of its epochs alone. Loads without torch."""

from __future__ import annotations

from collections.abc import Sequence


def epochs_without_gain(losses: Sequence[float], least: float) -> int:
    """Epochs since the last one whose loss was below the best before it by more than a share `least` of that best.

    Args:
        losses: mean loss of each epoch, oldest first.
        least: such as 0.01; 0 counts any gain.
    """
    best, waited = float("inf"), 0
    for loss in losses:
        if best == float("inf") or loss < best - least * abs(best):
            best, waited = loss, 0
        else:
            waited += 1
    return waited


def recent_gain(losses: Sequence[float], window: int) -> float | None:
    """By what share the mean loss of the last `window` epochs is below that of the window before them.

    None while there are too few epochs.
    """
    if len(losses) < 2 * window:
        return None
    before, now = sum(losses[-2 * window : -window]) / window, sum(losses[-window:]) / window
    return (before - now) / abs(before) if before else 0.0

"""Conformal labelling: answers more probable than enough of the wrong ones that the audit found, so that on average at
most a given share of those taken over is wrong.

Huang et al., 2025, https://arxiv.org/abs/2510.14581: conformal p-values among the wrong ones of the calibration set,
then Benjamini and Hochberg, JRSS B 1995, at a level that is raised by how rare wrong answers are; the same as conformal
selection, Jin and Candès, JMLR 2023, https://arxiv.org/abs/2210.01408. Differs: ties are counted whole instead of being
broken by chance, so that the same audit always takes the same answers; this errs on the safe side.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from engine.types import Array


def conformal_selection(probability: Array, checked: Array, wrong: Array, error: float) -> Array:
    """Which answers to take over so that the expected share of wrong ones among them is at most `error`.

    Args:
        probability: of every answer that may be taken over [N].
        checked: bool [N], a sample drawn at random, all samples of its size being as likely.
        wrong: bool [N], which of the checked ones were wrong; not read elsewhere.

    Returns:
        Bool [N]; none of the checked ones, as they are labelled already.
    """
    open_rows = np.flatnonzero(~checked)
    taken = np.zeros(len(probability), bool)
    if not len(open_rows):
        return taken
    bad = np.sort(probability[checked & wrong])
    as_probable = len(bad) - np.searchsorted(
        bad, probability[open_rows], side="left"
    )  # wrong ones at least as probable
    p_values = (1 + as_probable) / (len(bad) + 1)
    level = error * (int(checked.sum()) + 1) / (len(bad) + 1)
    taken[open_rows[benjamini_hochberg(p_values, level)]] = True
    return taken


def benjamini_hochberg(p_values: Array, level: float) -> Array:
    """Which hypotheses are rejected, bool [M]: the k smallest, k the largest with p(k) ≤ level · k / M."""
    order = np.sort(p_values)
    passed = np.flatnonzero(order <= level * np.arange(1, len(order) + 1) / len(order) + 1e-12)
    cut = order[passed[-1]] if len(passed) else -1.0
    rejected: Array = p_values <= cut
    return rejected


def fewest(error: float, wrong: int = 0) -> int:
    """Checked answers with which all can be taken over, if so many of them are wrong wherever they stand."""
    return ceil((1 + wrong) / error - 1e-9) - 1

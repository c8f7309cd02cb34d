"""How much a number of checked answers tells of all of them: exact binomial tests and bounds.

Clopper and Pearson, Biometrika 1934, https://doi.org/10.1093/biomet/26.4.404, one-sided. Checked answers are drawn
without replacement from those they speak of, for which the binomial errs on the safe side.
"""

from __future__ import annotations

from math import ceil, log

from scipy import special


def needed(error: float, confidence: float = 0.95, wrong: int = 0) -> int:
    """Answers that must be checked, `wrong` of them wrong, to be sure that at most a share `error` of all is wrong.

    59 clean ones for 5 % at a confidence of 95 %: the least n with (1 - error)^n ≤ 1 - confidence.

    Args:
        error, confidence: in (0, 1).
        wrong: how many of those checked are wrong.
    """
    low = max(ceil(log(1 - confidence) / log(1 - error) - 1e-9), 1)
    if not wrong:
        return low
    high = 2 * low
    while chance(wrong, high, error) > 1 - confidence:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if chance(wrong, middle, error) <= 1 - confidence else (middle + 1, high)
    return low


def chance(wrong: int, checked: int, error: float) -> float:
    """The chance of finding so few wrong ones or fewer, were a share `error` of all wrong: the p-value."""
    return float(special.bdtr(wrong, checked, error))


def upper_bound(wrong: int, checked: int, confidence: float = 0.95) -> float:
    """The share of wrong answers that is not exceeded, with this confidence, after `wrong` of those checked were."""
    if wrong >= checked:
        return 1.0
    return float(special.betaincinv(wrong + 1, checked - wrong, confidence))

"""How several priors share the pairs of a training among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.priors.base import PriorSpec
from engine.priors.build import build_priors

ITSELF = "another view of itself"


def shares_of(specs: Sequence[PriorSpec]) -> list[tuple[str, float]]:
    """Each prior that gives partners and its share of the pairs, then what is left for images with themselves.

    The shares are as asked for: above 1 in all, they must be `fitted` first, and nothing is left.
    """
    giving = [(prior.describe(), prior.share) for prior in build_priors(specs) if prior.share > 0]
    return [*giving, (ITSELF, max(0.0, 1 - sum(share for _, share in giving)))]


def fitted(specs: Sequence[PriorSpec]) -> list[PriorSpec]:
    """The priors with their shares lowered in proportion, to hundredths, so that they sum to 1 at most."""
    total = sum(prior.share for prior in build_priors(specs))
    if total <= 1:
        return list(specs)
    return [
        replace(spec, settings={**spec.settings, "share": int(100 * prior.share / total + 1e-9) / 100})
        if prior.share > 0
        else spec
        for spec, prior in zip(specs, build_priors(specs), strict=True)
    ]

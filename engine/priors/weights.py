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


def fitted(specs: Sequence[PriorSpec], before: Sequence[PriorSpec] = ()) -> list[PriorSpec]:
    """The priors with their shares lowered in proportion, to hundredths, so that they sum to 1 at most.

    Args:
        before: the priors as they were. Where as many were on and one is set otherwise now, that one keeps its share
            and the others make room.
    """
    shares = [prior.share for prior in build_priors(specs)]
    if sum(shares) <= 1:
        return list(specs)
    changed = [place for place, spec in enumerate(specs) if spec not in before]
    kept = changed[0] if len(changed) == 1 and len(specs) == len(before) else None
    whole = sum(shares) if kept is None else sum(shares) - shares[kept]
    room = 1.0 if kept is None else 1 - shares[kept]
    return [
        spec if place == kept or share == 0 else _with_share(spec, share * room / whole)
        for place, (spec, share) in enumerate(zip(specs, shares, strict=True))
    ]


def _with_share(spec: PriorSpec, share: float) -> PriorSpec:
    """The prior with another share, rounded down to hundredths."""
    return replace(spec, settings={**spec.settings, "share": int(100 * share + 1e-9) / 100})

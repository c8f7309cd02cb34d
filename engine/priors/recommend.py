"""Which prior to begin with on these images, why, and what to mind: from columns, reach, labels so far and evidence.

A prior whose pairs show the same place or thing (another magnification, the next frame) is recommended as soon as its
columns are there, for its pairs can hardly be wrong. One that pairs by origin (patient, slide, folder) may join images
of different classes, and is recommended only where labels show that its pairs are pure. What was measured elsewhere
moves a prior up or down, and is always said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.errors import ColumnUnusable
from engine.images.table import ImageTable
from engine.priors.base import PRIORS, Coverage, Prior, PriorSpec
from engine.priors.draw_cost import DrawCost, draw_cost
from engine.priors.evidence import APART, HARMS, HELPS, Evidence, evidence_for
from engine.priors.purity import Purity, purity
from engine.settings import COLUMN, settings_of
from engine.types import Indices

REACH = 0.5  # share of the images that must have a partner
PURE = 0.8  # least purity, at the lower end of its interval, of a prior that pairs by origin
UNMEASURED = "Not measured on images like yours; look at the pairs."

SAME_THING = {  # from the surest pairs to the least sure → why they belong together
    "magnification": "The same field at another magnification shows the same tissue.",
    "modality": "Two registered pictures of one subject show the same thing.",
    "serial_section": "The same place on the next section shows nearly the same tissue.",
    "spatial_neighbour": "Tiles that lie side by side mostly show one tissue.",
    "temporal_neighbour": "Frames taken shortly after one another show the same thing.",
}
SAME_ORIGIN = {
    "same_patient": "Images of one patient share a disease, but also stain and scanner.",
    "same_slide": "Tiles of one slide share a patient, but also stain and scanner, and may be of several tissues.",
    "same_folder": "Somebody put these images together; why, only you know.",
}
SYNONYMS = {  # what the column of a prior is also called
    "sequence": ("video", "clip", "series", "obj", "object", "movie", "track"),
    "time": ("frame", "timepoint", "t", "hours", "minutes", "seconds"),
    "patient": ("case", "subject", "donor"),
    "slide": ("wsi",),
    "modality": ("stain", "channel"),
    "subject": ("case",),
}


@dataclass(frozen=True)
class Offer:
    """A prior that the columns allow, and what is known of it here."""

    spec: PriorSpec
    title: str  # as in “same patient”
    why: str  # what makes its pairs belong together
    coverage: Coverage
    purity: Purity
    cost: DrawCost
    evidence: tuple[Evidence, ...]  # the largest gain first

    @property
    def verdict(self) -> int:
        """1 where measurements elsewhere mostly helped, -1 where they mostly harmed, else 0."""
        verdicts = [one.verdict for one in self.evidence]
        balance = verdicts.count(HELPS) - verdicts.count(HARMS)
        return (balance > 0) - (balance < 0)

    @property
    def is_sure(self) -> bool:
        """Whether enough speaks for it to recommend it here."""
        if self.coverage.fraction < REACH or self.purity.harmful or self.verdict < 0:
            return False
        return self.spec.name in SAME_THING or (self.purity.images > 0 and self.purity.low >= PURE)

    @property
    def told(self) -> str:
        """What was measured elsewhere, in a sentence or two."""
        return told_of(self.evidence)


@dataclass(frozen=True)
class Recommendation:
    """What to begin with."""

    spec: PriorSpec | None  # None for augmentation alone
    title: str
    advice: str  # what to do and why, without a figure
    here: str  # the figures of these images; "" where nothing is recommended
    elsewhere: str  # what it was worth on other images
    caution: str
    offers: tuple[Offer, ...]  # all that the columns allow, the best first


def recommend(table: ImageTable, codes: Indices, seed: int = 0) -> Recommendation:
    """The prior to begin with.

    Args:
        table: the images, N rows.
        codes: class of each image by a person [N], UNKNOWN where there is none.
        seed: of the samples.
    """
    offers = sorted((_offer(table, codes, spec, seed) for spec in fitting(table)), key=_rank)
    sure = next((one for one in offers if one.is_sure), None)
    if sure is None:
        title, advice = "Augmentation alone", _why_none(offers)
        return Recommendation(None, title, advice, "", "", _what_first(offers), tuple(offers))
    return Recommendation(
        sure.spec, sure.title, _advice(sure), _figures(sure), sure.told, " ".join(_cautions(sure)), tuple(offers)
    )


def told_of(evidence: Sequence[Evidence]) -> str:
    """The first of the measurements in plain words, or that there is none."""
    return evidence[0].sentence if evidence else UNMEASURED


def fitting(table: ImageTable) -> list[PriorSpec]:
    """The priors whose columns the images have, under their own names or others in use, and that pair something."""
    found = []
    for name in (*SAME_THING, *SAME_ORIGIN):
        wanted = [one for one in settings_of(PRIORS[name]) if one.unit == COLUMN and not one.advanced]
        columns = {one.name: _column(one.default, table.metadata) for one in wanted}
        if all(columns.values()) and len(set(columns.values())) == len(columns):
            found.append(PriorSpec(name, {**columns, **_own_step(name, columns, table)}))
    return [spec for spec in found if _pairs_some(table, _build(spec))]


def _column(wanted: str, columns: Sequence[str]) -> str:
    """The column of this name or of one that means the same; "" where there is none."""
    return next((name for name in (wanted, *SYNONYMS.get(wanted, ())) if name in columns), "")


def _own_step(name: str, columns: Mapping[str, str], table: ImageTable) -> dict[str, float]:
    """How far apart frames usually are, where that is more than the reach that a temporal prior begins with."""
    if name != "temporal_neighbour" or not pd.api.types.is_numeric_dtype(table.column(columns["time"])):
        return {}
    times = np.unique(table.column(columns["time"]).dropna())
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    return {"reach": step} if step > 1 else {}


def _build(spec: PriorSpec) -> Prior:
    return PRIORS[spec.name].from_settings(spec.settings)


def _pairs_some(table: ImageTable, prior: Prior) -> bool:
    """Whether the prior reaches anything, and is no more than all images in one group."""
    try:
        reach = prior.check(table)
    except ColumnUnusable:  # text where numbers are needed
        return False
    return reach.with_partner > 0 and reach.largest_group < reach.images


def _offer(table: ImageTable, codes: Indices, spec: PriorSpec, seed: int) -> Offer:
    prior, rng = _build(spec), np.random.default_rng(seed)
    return Offer(
        spec=spec,
        title=spec.name.replace("_", " "),
        why=SAME_THING.get(spec.name) or SAME_ORIGIN[spec.name],
        coverage=prior.check(table),
        purity=purity(prior, table, codes, rng),
        cost=draw_cost(prior, table, rng),
        evidence=evidence_for(spec.name),
    )


def _rank(offer: Offer) -> tuple[bool, int, int]:
    order = [*SAME_THING, *SAME_ORIGIN]
    return not offer.is_sure, -offer.verdict, order.index(offer.spec.name)


def _advice(sure: Offer) -> str:
    if sure.spec.name in SAME_THING:
        return f"{sure.why} Begin with such pairs."
    return f"{sure.why} By your labels such pairs are mostly of one class, so begin with them."


def _figures(sure: Offer) -> str:
    reach = f"{sure.coverage.fraction:.0%} of the images have such a partner"
    pure = sure.purity
    if not pure.images:
        return f"{reach}."
    interval = f"{pure.low:.0%} to {pure.high:.0%}, by {pure.images:,} labelled images"
    return f"{reach}, and {pure.share:.0%} of the labelled partners share the class ({interval})."


def _cautions(sure: Offer) -> Iterator[str]:
    if sure.evidence and sure.verdict == 0 and sure.evidence[0].verdict != APART:  # which its sentence says already
        yield "Elsewhere it was not told apart from augmentation alone."
    if not sure.purity.images:
        yield "Nothing is labelled yet that tells how pure the pairs are: look at them."
    elif sure.purity.high < PURE:
        yield "Many of these pairs join two classes: look at them, and compare with a training without them."
    elif sure.purity.low < PURE:
        yield "The labels so far are too few to tell how pure the pairs are: look at them."


def _why_none(offers: Sequence[Offer]) -> str:
    if not offers:
        return (
            "No column says which images belong together. File names, folders or a table often tell the patient, the "
            "slide or the magnification: see what the names say on the Data screen."
        )
    harmful = [one.title for one in offers if one.purity.harmful or one.verdict < 0]
    if harmful:
        return f"What there is would more likely harm than help: {', '.join(harmful)}."
    doubtful = ", ".join(one.title for one in offers)
    return f"Possible here: {doubtful}. But nothing shows yet that such pairs share a class."


def _what_first(offers: Sequence[Offer]) -> str:
    if not offers or any(one.purity.images for one in offers):
        return ""
    return "Label some images, several of each group: then the purity of the pairs decides."

"""The recommended prior with its reason, and beside it what else the columns of the images allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import streamlit as st

from dashboard.parts import words
from dashboard.parts.committing import commit_button
from engine.priors import PriorSpec
from engine.priors.evidence import HARMS, HELPS
from engine.priors.recommend import Offer, Recommendation

HEAD = ("prior", "have a partner", "share the class", "measured elsewhere", "images read an epoch")
VERDICTS = {HELPS: "good", HARMS: "bad"}


def prior_offers(found: Recommendation, chosen: Sequence[PriorSpec], take: Callable[[PriorSpec], None]) -> None:
    """Draw the recommendation.

    Args:
        found: what is recommended.
        chosen: the priors that are on.
        take: puts one on.
    """
    with st.container(border=True, key="recommended-prior", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{words.sentence(found.title)}**", width="content")
            st.badge("recommended", color="violet")
            if found.spec:
                st.space("stretch")
                on = any(spec.name == found.spec.name for spec in chosen)
                commit_button(
                    "In use" if on else "Use it",
                    partial(take, found.spec),
                    disabled=on,
                    icon=":material/check:" if on else None,
                    key="take-prior",
                )
        st.markdown(found.advice)
        _figures(found)
        if found.offers:
            with st.expander(f"What your columns allow: {words.count(len(found.offers), 'prior')}"):
                st.html(_table(found.offers, found.spec))


def _figures(found: Recommendation) -> None:
    """What the advice rests on, in small print: figures of these images, of others, and what to mind."""
    told = {"Here": found.here, "Elsewhere": found.elsewhere, "Mind": found.caution}
    said = "  \n".join(f"**{name}** {text}" for name, text in told.items() if text)
    if said:
        st.caption(said)


def _table(offers: Sequence[Offer], recommended: PriorSpec | None) -> str:
    head = "".join(f"<th>{name}</th>" for name in HEAD)
    lines = "".join(_line(offer, offer.spec == recommended) for offer in offers)
    return f"<div class='names offers'><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"


def _line(offer: Offer, is_recommended: bool) -> str:
    name = f"<b>{escape(offer.title)}</b>" if is_recommended else escape(offer.title)
    cells = (
        f"{offer.coverage.fraction:.0%}",
        f"{offer.purity.share:.0%} <i>{offer.purity.low:.0%} to {offer.purity.high:.0%}</i>"
        if offer.purity.images
        else "<i>label some images</i>",
        _measured(offer),
        f"+{offer.cost.partners / offer.cost.images:.0%}",
    )
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<tr><th title='{escape(offer.why, quote=True)}'>{name}</th>{row}</tr>"


def _measured(offer: Offer) -> str:
    """The gains elsewhere, each with what it was measured on for a tooltip."""
    told = []
    for one in offer.evidence:
        title = escape(one.sentence, quote=True)
        told.append(f"<span class='{VERDICTS.get(one.verdict, 'open')}' title='{title}'>{one.gained}</span>")
    return " ".join(told) or "<i>not measured</i>"

"""Which method: the recommended one first and always in view, the others family by family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.parts.choice_cards import Choice, choice_cards
from dashboard.parts.words import cited, sentence
from engine.catalogue import Card
from engine.jobs.advice import Situation, advise, learns_alone

FAMILIES: Mapping[str, str] = {  # in the order shown, with the idea of each in a sentence
    "contrastive": "Two views of one image attract each other, views of different images repel each other.",
    "self-distillation": "A network predicts what a slow copy of itself says of another view. Nothing is pushed apart.",
    "clustering": "Images are sorted into clusters while training, and views of one image must fall into the same one.",
    "redundancy reduction": "Two views must agree, and each feature must say something that no other feature says.",
    "masked": "Most of an image is hidden; the network draws what is missing from what is left.",
    "pretext": "A puzzle whose answer is known: which way up, which colours, which place, what the other stain shows.",
    "auto-encoding": "An image is squeezed through a short code and drawn again; good pictures need no good features.",
}


def choose_method(cards: Sequence[Card], now: Situation) -> Card:
    """Draw the choice; returns the card of the chosen method.

    Args:
        cards: of all methods.
        now: data set and machine, which the recommendation depends on.
    """
    advice = advise(now, cards)
    by_name = {card["name"]: card for card in cards}
    chosen = state.value("method", advice.method)
    if chosen not in by_name:
        chosen = advice.method
    st.header("Method", anchor=False)
    best = _choice(by_name[advice.method], now, badge="recommended", reason=advice.reason)
    choose = partial(state.set_value, "method")
    choice_cards([best], chosen, choose, "method", wide=True)
    family = _family(cards, by_name[chosen]["family"])
    others = [card for card in cards if card["family"] == family and card["name"] != advice.method]
    choice_cards([_choice(card, now) for card in others], chosen, choose, "method")
    if not others:
        st.caption(f"{by_name[advice.method]['title']}, recommended above, is the only one of this family.")
    return by_name[chosen]


def _family(cards: Sequence[Card], usual: str) -> str:
    """A row of families with the idea of the one in view; returns its name."""
    there = {card["family"] for card in cards}
    names = [*(name for name in FAMILIES if name in there), *sorted(there - set(FAMILIES))]
    picked = st.pills(
        "Family of methods",
        names,
        default=usual,
        format_func=sentence,
        label_visibility="collapsed",
        key="method-family",
        required=True,
    )
    family = str(picked or usual)
    st.markdown(f":gray[{FAMILIES.get(family, '')}]")
    return family


def _choice(card: Card, now: Situation, badge: str = "", reason: str = "") -> Choice:
    return Choice(
        card["name"],
        card["title"],
        sentence(card["summary"]),
        note=cited(card["source"]),
        badge=badge,
        reason=reason or card.get("when_to_use", ""),
        facts=_facts(card, now),
        caveat=f"Assumes: {card['assumes']}" if card.get("assumes") else "",
    )


def _facts(card: Card, now: Situation) -> list[str]:
    facts = [f"{card.get('cost', 'low')} cost", f"{card.get('minimum_batch', 2)} or more images a step"]
    if learns_alone(card):
        facts.append("uses no pairs")
    elif now.pairs:
        facts.append(f"uses {now.pairs}")
    if card.get("encoders"):
        facts.append(f"with {', '.join(card['encoders'])}")
    return facts

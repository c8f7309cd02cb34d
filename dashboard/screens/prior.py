"""Prior: say which images belong together, and see how far that reaches before anything is trained on it."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from dashboard import reads, sources, state
from dashboard.parts import words
from dashboard.parts.committing import commit_button
from dashboard.parts.facts import facts
from dashboard.parts.heading import heading
from dashboard.parts.meter import meter
from dashboard.parts.pictures import Picture, pairs
from dashboard.parts.prior_choice import choose_priors, made_to_fit, redraw, share_meter
from dashboard.parts.prior_offers import prior_offers
from engine import catalogue, jobs
from engine.catalogue import card_settings
from engine.images.table import ImageTable
from engine.priors import PriorSpec, build_priors, gallery
from engine.priors.choice import read_choice, save_choice
from engine.priors.report import Report
from engine.priors.sizes import group_sizes
from engine.priors.weights import fitted
from engine.settings import COLUMN

PAIRS = 12


def choose(table: ImageTable) -> list[PriorSpec]:
    """Draw the priors; returns those that are on, and remembers them in the project."""
    before = read_choice(project)
    shares = st.container(key="shares")
    now = choose_priors(reads.catalogue()["priors"], before, table.metadata, add)
    if now != before:
        save_choice(project, made_to_fit(now, before))
        st.rerun()
    with shares:
        share_meter(now)
    return before


def add(spec: PriorSpec) -> None:
    """Put a prior on after those that are."""
    save_choice(project, [*read_choice(project), spec])
    redraw()


def take(spec: PriorSpec) -> None:
    """Put a prior on before those that are, in place of one of its name."""
    others = [one for one in read_choice(project) if one.name != spec.name]
    save_choice(project, fitted([spec, *others]))
    redraw()


def reports(table: ImageTable, specs: Sequence[PriorSpec]) -> None:
    """A report card for each prior: how far it reaches, how pure its pairs are, what may mislead."""
    for spec, prior in zip(specs, build_priors(specs), strict=True):
        found = sources.prior_report(project, spec)
        reach = found.coverage
        whole = prior.share or len(specs) == 1
        st.markdown(reach.sentence if whole else f"In the other pairs, {words.begun(reach.sentence)}")
        if spec.name != "augmentation":
            report_card(found, table, spec)


def report_card(found: Report, table: ImageTable, spec: PriorSpec) -> None:
    """The figures of a prior that takes partners from the data."""
    reach, pure = found.coverage, found.purity
    told = [(f"{reach.fraction:.0%}", "have a partner")]
    if reach.groups:
        told += [(f"{reach.groups:,}", "groups"), (f"{reach.median_group:g}", "images a group, the median")]
    else:
        told += [(f"{reach.median_partners:g}", "partners to choose from, the median")]
    facts([*told, (f"{pure.share:.0%}" if pure.images else "–", "of partners share the class")])
    st.caption(pure.sentence)
    st.caption(f"**Elsewhere** {found.measured}")
    st.caption(f"**Cost** {found.cost.sentence} {epoch_said()}")
    for risk in found.risks:
        st.warning(risk, icon=":material/info:")
    if "column" in spec.settings and reach.groups:
        with st.expander("How large the groups are", icon=":material/bar_chart:"):
            sizes, others = group_sizes(table, spec.settings["column"])
            meter(sizes)
            if others:
                st.caption(f"and {words.count(others, 'more group')}")


def epoch_said() -> str:
    """How long an epoch takes on this machine, where that was measured."""
    seconds = jobs.known_epoch(project)
    return "" if seconds is None else f"An epoch takes about {words.duration(seconds)} here, with it or without."


def positive_pairs(table: ImageTable, specs: Sequence[PriorSpec]) -> None:
    """Show real pairs, drawn as training draws them."""
    shuffled = state.value("pairs drawn", 0)
    drawn = gallery(project, specs, PAIRS, seed=shuffled)
    partnered = [(one, other, author) for one, other, author in drawn if one != other]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Pairs as training will draw them", anchor=False, width="content")
        if partnered:
            again = partial(state.set_value, "pairs drawn", shuffled + 1)
            commit_button("Reshuffle", again, icon=":material/shuffle:")
    if not partnered:
        st.markdown("Each image with another view of itself. The Train screen shows such views as soon as one runs.")
        return
    joined = [caption(table, spec) for spec in specs]
    pairs(
        project,
        [(picture(table, one), picture(table, other), joined[author](one)) for one, other, author in partnered],
    )
    if alone := len(drawn) - len(partnered):
        st.caption(f"{alone} more of these {len(drawn)} pairs are an image with another view of itself.")


def caption(table: ImageTable, spec: PriorSpec) -> Callable[[int], str]:
    """What joins an image, by its row, to its partner: the value of the prior's first column, else the prior's name."""
    settings = card_settings(catalogue.card("priors", spec.name))
    column = next((one.name for one in settings if one.unit == COLUMN), "")
    name = spec.settings.get(column) or next((one.default for one in settings if one.name == column), "")
    if not name:
        (prior,) = build_priors([spec])
        return lambda row: prior.describe()
    values = table.column(name)
    return lambda row: f"{name} {values.iloc[row]}"


def picture(table: ImageTable, row: int) -> Picture:
    return Picture(table.contents[row], table.paths[row])


heading(
    "Prior",
    "What do you know about your images that a network cannot see? Say which belong together; training will pull "
    "those pairs close. Crops and colour changes are only the fallback.",
)
project = state.project()
images = reads.table(project)
prior_offers(sources.recommendation(project), read_choice(project), take)
left, right = st.columns([5, 4], gap="large")
with left:
    picked = choose(images)
with right:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("What this gives", anchor=False, width="content")
        if st.button("Train with these pairs", type="primary", icon=":material/arrow_forward:"):
            state.go("train")
    if picked:
        reports(images, picked)
    else:
        st.markdown("Nothing is chosen: every image is paired with another view of itself.")
    positive_pairs(images, picked)

"""Compare: benches of trainings on images with known classes, and two embeddings side by side."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.parts.bench_form import bench_form
from dashboard.parts.bench_result import bench_result, choose_question
from dashboard.parts.committing import catch_up
from dashboard.parts.heading import heading, lead
from dashboard.parts.job_card import job_card
from dashboard.parts.side_by_side import side_by_side
from engine.bench import bench_status, list_benches, load_results, start_bench
from engine.bench.results import Results
from engine.errors import BenchMissing
from engine.jobs import BenchRequest
from engine.project import Project

BENCHES, BESIDE = "Benchmarks", "Two embeddings side by side"
NEW = "New benchmark …"
PICKER = 195  # pixels
STARTED = "benches started"  # state note: how many, in this tab; after each the picker begins afresh


def choose_bench(project: Project) -> str:
    """A picker of the bench; "" for a new one."""
    known, kept = list_benches(project), state.bench()
    names = [*known, NEW]
    index = names.index(kept) if kept in names else 0
    if kept and kept not in names:
        state.tell_stale(f"This project has no benchmark “{kept}”, or no longer. You see another instead.")
    if not known:
        return ""
    key = f"bench-choice-{state.value(STARTED, 0)}"
    name = str(st.selectbox("Benchmark", names, index=index, key=key, width=PICKER))
    if name not in (NEW, kept):
        state.set_bench(name)
    return "" if name == NEW else name


def new_bench(project: Project) -> None:
    """The form; a bench that is started is shown from then on."""

    def begin(request: BenchRequest) -> str:
        start_bench(project, request)
        state.set_value(STARTED, state.value(STARTED, 0) + 1)
        state.set_bench(request.name)
        return f"The benchmark “{request.name}” works in the background. Close the browser if you like."

    bench_form(project, begin)


def results_of(project: Project, bench: str) -> Results | None:
    """The result so far; None where there is none yet."""
    try:
        return load_results(project, bench)
    except BenchMissing:
        return None


def progress(project: Project, bench: str, rows: int) -> None:
    """The job of a bench while it is not done; the screen is drawn anew when a row has come or the job has ended."""
    catch_up()
    job = bench_status(project, bench)
    if job is None or job.state == "done":
        st.rerun()
    job_card(project, job)
    found = results_of(project, bench)
    if found and len(found["rows"]) != rows:
        st.rerun()


def benches(project: Project) -> None:
    pickers = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with pickers:
        bench = choose_bench(project)
    if not bench:
        new_bench(project)
        return
    results = results_of(project, bench)
    job = bench_status(project, bench)
    if job and job.state != "done":
        rows = len(results["rows"]) if results else 0
        st.fragment(progress, run_every="2s" if job.active else None)(project, bench, rows)
    if results:
        with pickers:
            question = choose_question(results)
        bench_result(results, question)
    elif not job:
        st.info("This benchmark was never finished. Start it again under the same name.", icon=":material/info:")


def main() -> None:
    head = st.container(horizontal=True)
    said = head.container()
    with said:
        heading("Compare")
    project = state.project()
    shown = head.segmented_control(
        "Show",
        [BENCHES, BESIDE],
        default=BENCHES,
        required=True,
        width="content",
        key="compare-part",
        label_visibility="collapsed",
        bind=state.in_address("compare-part", (BENCHES, BESIDE)),
    )
    if shown == BESIDE:
        side_by_side(project)
    else:
        with said:
            lead("Which training suits your images best: what a few labels are worth, and how its map looks.")
        benches(project)


main()

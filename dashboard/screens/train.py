"""Train: choose how the network learns from the pairs, start it, and watch it learn."""

from collections.abc import Sequence

import streamlit as st

from dashboard import reads, state
from dashboard.parts.committing import catch_up
from dashboard.parts.compare_runs import compare_runs
from dashboard.parts.epoch_map import epoch_map
from dashboard.parts.heading import heading
from dashboard.parts.job_actions import WATCHED
from dashboard.parts.live_run import run_body, run_head
from dashboard.parts.three_stages import three_stages
from dashboard.parts.train_setup import train_setup
from engine import jobs
from engine.jobs import three_stages as stages
from engine.jobs.status import Status
from engine.priors.choice import read_choice

NEW, COMPARE = "new", "compare"
WITHIN_REACH = 6  # of the latest trainings; older ones are found on the Jobs screen
TITLES = {NEW: ":material/add: New training", COMPARE: ":material/stacked_line_chart: Compare curves"}


def chosen_run(trainings: Sequence[Status]) -> str:
    """Draw what can be looked at: a new training or one of those there are; returns which."""
    before = state.value(WATCHED, "")
    names = [job.run for place, job in enumerate(trainings) if place < WITHIN_REACH or job.active or job.run == before]
    offered = [NEW, *([COMPARE] if len(trainings) > 1 else []), *names]
    active = next((job.run for job in trainings if job.active), NEW)
    before = before if before in offered else active
    if not names:
        return NEW
    picked = st.pills(
        "Training",
        offered,
        default=before,
        format_func=lambda name: TITLES.get(name, name),
        label_visibility="collapsed",
        key=f"watched-{before}-{len(names)}",
        required=True,
    )
    if picked != before:
        state.set_value(WATCHED, picked)
    return str(picked)


def new_training() -> None:
    """The form; a training that is started is looked at from then on."""
    train_setup(project, read_choice(project), begin)


def begin(request: jobs.TrainRequest | stages.StageRequest) -> None:
    state.set_value(WATCHED, jobs.start(project, request))


def watch(run: str, *, polling: bool) -> None:
    """One run, drawn again every two seconds while it is at work."""
    catch_up()
    job = jobs.status(project, run)
    run_head(project, job)
    if polling and not job.active:
        st.rerun()
    sentence = jobs.latest_judgement(project, run)
    seen, looks = jobs.views_sample(project, run), jobs.looks(project, run)
    run_body(job, jobs.metrics(project, run), sentence, jobs.hardware().sentence, seen, looks)


def next_stage(run: str) -> None:
    """The stages that a run of SimCLR v2 is part of, where it is."""
    if steps := stages.three_stages(project, run):
        three_stages(project, steps, run, begin)


heading("Train", "The network looks at pairs until what belongs together lies together. No labels are needed.")
project = state.project()
reads.table(project)  # says so at once where there are no images
trainings = [job for job in jobs.statuses(project) if job.kind in jobs.TRAINING_KINDS]
trainings.sort(key=lambda job: not job.run.startswith(job.kind))  # those of benchmarks, which they named, come last
looked_at = chosen_run(trainings)
if looked_at == NEW:
    new_training()
elif looked_at == COMPARE:
    compare_runs(trainings, lambda run: jobs.metrics(project, run))
else:
    next_stage(looked_at)
    at_work = any(job.run == looked_at and job.active for job in trainings)
    st.fragment(watch, run_every="2s" if at_work else None)(looked_at, polling=at_work)
    if not at_work and (maps := jobs.epoch_maps(project, looked_at)):
        epoch_map(project, maps, looked_at)
    if not at_work and st.button("Open the map", icon=":material/scatter_plot:", type="primary"):
        state.go("explore")

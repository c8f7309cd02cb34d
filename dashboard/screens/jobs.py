"""Jobs: everything that runs, waits or has run in its own process. Closing the browser stops none of it."""

import streamlit as st

from dashboard import state
from dashboard.parts.committing import catch_up
from dashboard.parts.empty import empty
from dashboard.parts.heading import heading
from dashboard.parts.job_card import job_card
from engine import jobs

heading("Jobs", "Long work runs in processes of its own: close the browser or restart Handful, and it goes on.")
project = state.project()


def listing(*, polling: bool) -> None:
    """Draw every job, newest first; when the last one has ended, redraw the screen without polling."""
    catch_up()
    found = jobs.statuses(project)
    for job in found:
        job_card(project, job)
    if polling and not any(job.active for job in found):
        st.rerun()


known = jobs.statuses(project)
if not known:
    empty(
        "Nothing has run yet",
        "A training, an embedding or a rescan appears here as soon as you start one.",
        action="Start a training",
        screen="train",
        icon="model_training",
    )
else:
    polling = any(job.active for job in known)
    st.fragment(listing, run_every="2s" if polling else None)(polling=polling)

"""What was done last, and a button that undoes it."""

from __future__ import annotations

from functools import partial

from dashboard import reads, state
from dashboard.parts.committing import commit_button
from engine.project import Project


def last_step(project: Project) -> None:
    """Draw the last step of this annotator with an Undo button; nothing where there is none."""
    store, who = reads.labels(project), state.annotator()
    done = store.undoable(who)
    if not done:
        return
    commit_button(
        "Undo",
        partial(store.undo, who),
        icon=":material/undo:",
        type="tertiary",
        key="undo-last-step",
        help=f"Last step: {done}",
    )

"""The guided first run: nine steps from a folder to an export, each ticked off by what lies in the project itself.

What cannot be read from the project (somebody has looked at the images) is ticked by hand and kept in guide.json.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from engine import files
from engine.embeddings import embedding_names
from engine.geometry.placement import known_maps
from engine.labels.store import HAND, LabelStore
from engine.project import Project

EACH = 2  # labels by hand for each class; a rare one may have fewer, but not none
OFFERED, RUNNING, PAUSED = "offered", "running", "paused"


@dataclass(frozen=True)
class Guide:
    """How far a person has come with the guide in one project."""

    state: str = OFFERED  # never begun, in view, or put aside
    ticked: tuple[str, ...] = ()  # steps that were looked at or passed over
    started: str = ""  # ISO 8601, UTC; when it was begun
    ended: str = ""  # when its last step was done


@dataclass(frozen=True)
class Step:
    """One step."""

    name: str
    done: bool
    so_far: str = ""  # as in “5 of 12.”; "" where there is nothing to count


def read_guide(project: Project) -> Guide:
    """The guide of a project; one that was never begun where nothing, or nothing readable, is kept of it."""
    try:
        kept = files.read_object(project.guide_path, "state", "ticked", "started", "ended")
    except (OSError, ValueError):  # nothing depends on it but which line is shown
        return Guide()
    return Guide(str(kept["state"]), tuple(kept["ticked"]), str(kept["started"]), str(kept["ended"]))


def start_guide(project: Project) -> Guide:
    """Bring the guide into view, for the first time or again; its ticks stay."""
    known = read_guide(project)
    return _keep(project, replace(known, state=RUNNING, started=known.started or _now()))


def pause_guide(project: Project) -> Guide:
    """Put the guide aside."""
    return _keep(project, replace(read_guide(project), state=PAUSED))


def tick(project: Project, step: str) -> Guide:
    """Say that a step was looked at, or shall be passed over."""
    known = read_guide(project)
    return known if step in known.ticked else _keep(project, replace(known, ticked=(*known.ticked, step)))


def guide_steps(project: Project, guide: Guide, labels: LabelStore) -> list[Step]:
    """The steps in their order.

    Args:
        labels: the project's label store.
    """
    return [_step(name, fact, project, guide, labels) for name, fact in FACTS.items()]


def end_guide(project: Project) -> Guide:
    """Note when the last step was done, once."""
    known = read_guide(project)
    return known if known.ended else _keep(project, replace(known, ended=_now()))


def seconds_taken(guide: Guide) -> float:
    """From the beginning to the last step; 0 before that."""
    if not (guide.started and guide.ended):
        return 0.0
    return (datetime.fromisoformat(guide.ended) - datetime.fromisoformat(guide.started)).total_seconds()


Fact = Callable[[Project, LabelStore], "bool | str"]  # whether it is done, or how far


def _step(name: str, fact: Fact | None, project: Project, guide: Guide, labels: LabelStore) -> Step:
    if name in guide.ticked:
        return Step(name, done=True)
    found = fact(project, labels) if fact else False
    return Step(name, done=found is True, so_far=found if isinstance(found, str) else "")


def _prior(project: Project, labels: LabelStore) -> bool:
    return project.priors_path.exists()


def _embedding(project: Project, labels: LabelStore) -> bool:
    """Whether an embedding has its neighbours, made last, and a map; asked so often that no table is read for it."""
    names = embedding_names(project)
    return any(project.neighbours_path(name).exists() and known_maps(project, name) for name in names)


def _classes(project: Project, labels: LabelStore) -> bool:
    return len(labels.classes()) > 1


def _labels(project: Project, labels: LabelStore) -> bool | str:
    current, classes = labels.current(), labels.classes()
    given = Counter(current.loc[current["how"].isin(HAND), "class_id"])
    wanted = EACH * max(2, len(classes))
    got, without = sum(given.values()), [one.name for one in classes if not given[one.id]]
    if got < wanted:
        return f"{got} of {wanted}."
    return not without or f"Still none of {' and '.join(without)}."


def _accepted(project: Project, labels: LabelStore) -> bool:
    return not labels.current()["how"].isin(HAND).all()


def _export(project: Project, labels: LabelStore) -> bool:
    return project.exports_folder.is_dir() and any(project.exports_folder.iterdir())


FACTS: Mapping[str, Fact | None] = {  # step → what tells that it is done; None: a person's tick alone
    "data": None,
    "prior": _prior,
    "embedding": _embedding,
    "map": None,
    "classes": _classes,
    "labels": _labels,
    "answers": _accepted,
    "quality": None,
    "export": _export,
}


def _keep(project: Project, guide: Guide) -> Guide:
    files.write_json(
        project.guide_path,
        {"state": guide.state, "ticked": guide.ticked, "started": guide.started, "ended": guide.ended},
    )
    return guide


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

"""audit, and --accept-error of classify and propagate: take answers over with a bound on how many are wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.accept import (
    AuditPlan,
    Verdict,
    accept_audited,
    audit_state,
    close_audit,
    draw_audit,
    judge,
    label_audit,
    label_audit_from,
    latest_audit,
    open_audit,
)
from engine.classify import answer_by
from engine.cli.options import Json, ProjectFolder, Seed, Who
from engine.cli.output import show
from engine.errors import AuditOpen, SettingInvalid
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project, open_project
from engine.propagate import Propagation, save_propagation

AcceptError = Annotated[
    float, typer.Option("--accept-error", min=0, max=1, help="Accept with at most this share of errors, by an audit.")
]
Confidence = Annotated[float, typer.Option("--confidence", min=0, max=1, help="Of that promise.")]
Mode = Annotated[str, typer.Option("--mode", help="sequence: bound on the share; conformal: on its average.")]
By = Annotated[str, typer.Option("--by", help="Promise it for each “class”, or each value of a column (patient).")]


def add_commands(app: typer.Typer) -> None:
    app.command()(audit)


def audit(
    folder: ProjectFolder,
    who: Who,
    embedding: Annotated[str, typer.Option("--embedding", help="Draw an audit of the answers in it.")] = "",
    method: Annotated[str, typer.Option("--method", help="Whose answers: a classifier or a propagation.")] = "auto",
    error: Annotated[float, typer.Option("--error", min=0, max=1, help="Share of errors that is allowed.")] = 0.05,
    confidence: Confidence = 0.95,
    mode: Mode = "sequence",
    by: By = "",
    above: Annotated[float, typer.Option("--above", min=0, max=1, help="Only answers at least so probable.")] = 0.0,
    count: Annotated[int, typer.Option("--count", min=0, help="Images to draw (of each part); 0 for enough.")] = 0,
    seed: Seed = 0,
    source: Annotated[str, typer.Option("--from", help="Label the audit's images from this table.")] = "",
    column: Annotated[str, typer.Option("--column", help="Its column that holds the class.")] = "label",
    image: Annotated[str, typer.Option("--image", help="Or label one of them, by id or path.")] = "",
    class_name: Annotated[str, typer.Option("--class", help="And its class.")] = "",
    close: Annotated[bool, typer.Option("--close", help="End the audit; its labels stay.")] = False,
    as_json: Json = False,
) -> None:
    """Draw random answers to check, label them, see what they allow to be accepted."""
    project = open_project(folder)
    if sum(map(bool, (embedding, source, image, close))) > 1 or bool(image) != bool(class_name):
        raise SettingInvalid("Give one of --embedding NAME, --from TABLE, --image ID with --class NAME, or --close.")
    if embedding:
        plan = AuditPlan(error, confidence, mode, by, above)
        draw_audit(project, answer_by(project, embedding, method), plan, who, count or None, seed)
    current = latest_audit(project)
    if source:
        label_audit_from(project, current, Path(source), column, who)
    elif image:
        store, ids = LabelStore(project), _ids(project, current.images)
        label_audit(store, current, [ids.get(image, image)], store.class_named(class_name).id, who)
    elif close:
        current = close_audit(project, current)
    verdict = judge(project, audit_state(project, current))
    show(_about(project, verdict), as_json, _text(project, verdict))


def keep_within(
    project: Project, plan: AuditPlan, named: tuple[str, str], who: str, answer: Callable[[], Propagation]
) -> tuple[Propagation, dict[str, Any], str]:
    """Accept what the open audit of these answers allows; without one, say what is missing.

    Args:
        named: the embedding and the method whose answers are meant.
        answer: makes the answers, where none are frozen.

    Returns:
        The answers; how the acceptance went, as JSON and as a sentence.

    Raises:
        AuditOpen: the open audit is of other answers, or was drawn for another promise.
    """
    plan.check()
    current = open_audit(project)
    if current is None:
        made = answer()
        save_propagation(project, made)
        fewest = plan.needed()
        each = " of each part, or more" if plan.by else ""
        sentence = (
            f"Nothing can be promised without an audit: {fewest} labels{each} are missing. Draw them: "
            f"audit {project.root} --embedding {named[0]} --method {named[1]} --error {plan.error:g}"
        )
        return made, {"accepted": 0, "promise": "", "missing": fewest, "sentence": sentence}, sentence
    state = audit_state(project, current)
    drawn, answers = current.plan, state.answers
    if (answers.embedding, answers.method) != named or replace(plan, floor=drawn.floor) != drawn:
        by = f" --by {drawn.by}" if drawn.by else ""
        raise AuditOpen(
            f"The open audit “{current.id}” is of {answers.method} in {answers.embedding} and was drawn for "
            f"--accept-error {drawn.error:g} --confidence {drawn.confidence:g} --mode {drawn.mode}{by}. "
            f"Ask for the same, or close it: audit {project.root} --close"
        )
    verdict = judge(project, state)
    count = accept_audited(project, verdict, who)
    return state.answers, {**_about(project, verdict), "accepted": count}, verdict.sentence


def _about(project: Project, verdict: Verdict) -> dict[str, Any]:
    """An audit and its verdict as JSON."""
    state, table = verdict.state, read_table(project)
    audit, names = state.audit, {one.id: one.name for one in LabelStore(project).classes()}
    paths = dict(zip(table.ids, table.paths, strict=True))
    return {
        "audit": audit.id,
        "state": audit.state,
        "propagation": audit.propagation,
        **asdict(audit.plan),
        "images": len(audit.images),
        "checked": int(state.checked.sum()),
        "wrong": int(state.wrong.sum()),
        "missing": verdict.missing,
        "acceptable": verdict.accepted,
        "promise": verdict.promise,
        "sentence": verdict.sentence,
        "parts": [asdict(one) for one in verdict.parts],
        "queue": [
            {"id": image, "path": str(paths.get(image, "")), "class": names.get(int(given), "")}
            for image, given in zip(audit.images, state.given, strict=True)
        ],
    }


def _text(project: Project, verdict: Verdict) -> str:
    """An audit for people: the verdict, and the images that wait for a label."""
    waiting = [one["path"] for one in _about(project, verdict)["queue"] if not one["class"]]
    return "\n".join([verdict.sentence, *(f"  {path}" for path in waiting)])


def _ids(project: Project, images: list[str]) -> dict[str, str]:
    """The audit's images by path."""
    table = read_table(project)
    paths = dict(zip(table.ids, table.paths, strict=True))
    return {str(paths[one]): one for one in images if one in paths}

"""suggest, label, undo, classify, propagate, evaluate, episodes, export: from a few labels to all of them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.accept import AuditPlan
from engine.classify import calibrated
from engine.classify import classify as classify_images
from engine.cli.auditing import AcceptError, By, Confidence, Mode, keep_within
from engine.cli.options import EmbeddingName, Json, ProjectFolder, Seed, Settings, Who, parse_settings
from engine.cli.output import progress_bar, show
from engine.errors import SettingInvalid, UnknownClass, UnknownImage
from engine.evaluate import evaluate as evaluate_project
from engine.evaluate.episodes import EPISODES, QUERIES, Plan
from engine.evaluate.episodes import episodes as play_episodes
from engine.export import export as export_project
from engine.images.table import ImageTable, match_paths, read_table
from engine.labels.imports import import_labels
from engine.labels.store import LabelStore
from engine.labels.suggest import suggest as suggest_images
from engine.project import Project, open_project
from engine.propagate import Propagation, save_propagation
from engine.propagate import propagate as propagate_labels
from engine.propagate.review import accept_above, counts_above
from engine.types import UNKNOWN

Method = Annotated[str, typer.Option("--method", help="As `propagations` lists them.")]
AnyMethod = Annotated[str, typer.Option("--method", help="As `classifiers` and `propagations` list them.")]
Threshold = Annotated[
    float, typer.Option("--accept", min=0, max=1, help="Accept what is at least this probable; 0 for nothing.")
]
Truth = Annotated[Path, typer.Option("--truth", help="CSV with a path column; reaches nothing but this score.")]
TruthColumn = Annotated[str, typer.Option("--column", help="Its column that holds the class.")]


def add_commands(app: typer.Typer) -> None:
    for command in (suggest, label, undo, classify, propagate, evaluate, episodes, export):
        app.command()(command)


def suggest(
    folder: ProjectFolder,
    embedding: EmbeddingName,
    strategy: Annotated[str, typer.Option("--strategy", help="As `strategies` lists them.")] = "auto",
    count: Annotated[int, typer.Option("--count", min=1, help="How many images.")] = 20,
    spread_over: Annotated[
        str, typer.Option("--spread-over", help="Column whose groups share the images, e.g. patient.")
    ] = "",
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Say which images to label next, and why."""
    project = open_project(folder)
    suggestions = suggest_images(project, embedding, strategy, count, seed=seed, spread_over=spread_over)
    fields = ("id", "path", "score", "reason")
    show([{name: getattr(one, name) for name in fields} for one in suggestions], as_json)


def label(
    folder: ProjectFolder,
    who: Who,
    source: Annotated[str, typer.Option("--from", help="CSV with a path column and a label column.")] = "",
    column: Annotated[str, typer.Option("--column", help="Its column that holds the class.")] = "",
    image: Annotated[str, typer.Option("--image", help="Or one image, by id or path.")] = "",
    class_name: Annotated[str, typer.Option("--class", help="And its class; made where there is none yet.")] = "",
    as_json: Json = False,
) -> None:
    """Label images from a CSV, or one image."""
    project = open_project(folder)
    if bool(image) != bool(class_name) or bool(source) == bool(image):
        raise SettingInvalid("Give either --from CSV, or --image ID with --class NAME.")
    if image:
        store = LabelStore(project)
        store.label([_image_id(read_table(project), image)], _class_id(store, class_name, who), who, how="click")
        show({"labelled": 1}, as_json, f"{image} is {class_name}.")
        return
    report = import_labels(project, Path(source), column, who)
    show(report, as_json, "\n".join([report.sentence, *(f"  {path}" for path in report.unmatched[:20])]))


def undo(folder: ProjectFolder, who: Who, as_json: Json = False) -> None:
    """Take back the last thing that this person did to the labels."""
    sentence = LabelStore(open_project(folder)).undo(who)
    show({"undone": sentence}, as_json, sentence)


def classify(
    folder: ProjectFolder,
    embedding: EmbeddingName,
    who: Who,
    settings: Settings,
    method: Annotated[str, typer.Option("--method", help="As `classifiers` lists them.")] = "auto",
    group: Annotated[str, typer.Option("--group", help="Column whose groups are left out whole, e.g. patient.")] = "",
    threshold: Threshold = 0.0,
    accept_error: AcceptError = 0.0,
    confidence: Confidence = 0.95,
    mode: Mode = "sequence",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Answer for all images by a few-shot classifier."""
    project = open_project(folder)

    def answer() -> Propagation:
        return classify_images(project, embedding, method, parse_settings(settings), group)

    if accept_error:
        plan = AuditPlan(accept_error, confidence, mode, by)
        _show_kept(*keep_within(project, plan, (embedding, method), who, answer), as_json)
    else:
        _keep(project, answer(), threshold, who, as_json)


def propagate(
    folder: ProjectFolder,
    embedding: EmbeddingName,
    who: Who,
    settings: Settings,
    method: Method = "spread",
    threshold: Threshold = 0.0,
    accept_error: AcceptError = 0.0,
    confidence: Confidence = 0.95,
    mode: Mode = "sequence",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Spread the labels to all images."""
    project = open_project(folder)

    def answer() -> Propagation:
        return calibrated(project, propagate_labels(project, embedding, method, parse_settings(settings)))

    if accept_error:
        plan = AuditPlan(accept_error, confidence, mode, by)
        _show_kept(*keep_within(project, plan, (embedding, method), who, answer), as_json)
    else:
        _keep(project, answer(), threshold, who, as_json)


def _keep(project: Project, result: Propagation, threshold: float, who: str, as_json: bool) -> None:
    """Save the answers, accept those that are probable enough, and say what there is."""
    save_propagation(project, result)
    accepted = accept_above(project, result, threshold, who) if threshold else 0
    summary = _summary(result, threshold) | {"accepted": accepted}
    text = f"{summary['answered']} of {len(result)} images answered in {result.seconds:.2f} s; {accepted} accepted."
    told = result.calibration.sentence if result.calibration else ""
    show(summary, as_json, "\n".join(one for one in (text, result.note, told[:1].upper() + told[1:]) if one))


def _show_kept(result: Propagation, acceptance: dict[str, Any], sentence: str, as_json: bool) -> None:
    """Say what was accepted within a bound, or what is missing."""
    accepted = acceptance["accepted"]
    show(
        _summary(result, 0.0) | {"accepted": accepted, "acceptance": acceptance},
        as_json,
        f"{sentence}\n{accepted} accepted.",
    )


def _summary(result: Propagation, threshold: float) -> dict[str, Any]:
    """The answers in numbers; classes count the images at or above the threshold."""
    counts = counts_above(result, threshold, result.labels)
    return {
        "propagation": result.id,
        "images": len(result),
        "answered": int((result.predicted != UNKNOWN).sum()),
        "classes": {one.name: count for one, count in zip(result.classes, counts.tolist(), strict=True)},
        "seconds": result.seconds,
        "why": result.note,
        "calibration": result.calibration,
    }


def evaluate(
    folder: ProjectFolder,
    truth: Truth,
    column: TruthColumn = "label",
    group: Annotated[str, typer.Option("--group", help="Column of groups for the interval, e.g. patient.")] = "",
    embedding: Annotated[str, typer.Option("--embedding", help="Whose answers; the newest where left out.")] = "",
    method: AnyMethod = "spread",
    as_json: Json = False,
) -> None:
    """Score the answers for all images that nobody labelled by hand."""
    scores = evaluate_project(open_project(folder), truth, column, group, embedding, method)
    show(scores, as_json, scores.sentence)


def episodes(
    folder: ProjectFolder,
    embedding: EmbeddingName,
    truth: Truth,
    column: TruthColumn = "label",
    ways: Annotated[int, typer.Option("--ways", min=2, help="Classes an episode.")] = 5,
    shots: Annotated[str, typer.Option("--shots", help="Labels a class; several with commas.")] = "1,5",
    queries: Annotated[int, typer.Option("--queries", min=1, help="Images a class that are asked.")] = QUERIES,
    method: Annotated[str, typer.Option("--method", help="Classifiers or propagations, with commas.")] = "auto",
    count: Annotated[int, typer.Option("--episodes", min=2, help="How many are drawn.")] = EPISODES,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Score methods on many small tasks: a few classes, a few labels of each."""
    plans = [Plan(ways, shot, queries, count, seed) for shot in _whole_numbers(shots)]
    scores = play_episodes(open_project(folder), embedding, truth, column, method.split(","), plans)
    show([asdict(one) for one in scores], as_json, "\n".join(one.sentence for one in scores))


def export(
    folder: ProjectFolder,
    out: Annotated[Path, typer.Option("--out", help="File or folder to write.")],
    format: Annotated[str, typer.Option("--format", help="As `exports` lists them.")] = "csv",
    hand_only: Annotated[bool, typer.Option("--hand-only", help="Leave out accepted pseudo-labels.")] = False,
    links: Annotated[bool, typer.Option("--links", help="For folders: link to the images, copy none.")] = False,
    as_json: Json = False,
) -> None:
    """Write every label with who gave it, when and how."""
    with progress_bar("Writing") as progress:
        report = export_project(open_project(folder), format, out, links=links, hand_only=hand_only, progress=progress)
    show(report, as_json, report.sentence)


def _whole_numbers(text: str) -> list[int]:
    """[1, 5] from "1,5".

    Raises:
        SettingInvalid: something else than whole numbers above 0.
    """
    words = [word.strip() for word in text.split(",")]
    if not all(word.isdigit() and int(word) > 0 for word in words):
        raise SettingInvalid(f"“{text}” is not a list of whole numbers above 0. Write, for instance, --shots 1,5.")
    return [int(word) for word in words]


def _image_id(table: ImageTable, image: str) -> str:
    """The id of an image named by id or path."""
    if image in table.ids:
        return image
    rows, _ = match_paths(table, [image])
    if rows[0] == UNKNOWN:
        raise UnknownImage(f"No image has the id or path “{image}”. `suggest --json` shows ids and paths.")
    return str(table.ids[rows[0]])


def _class_id(store: LabelStore, name: str, who: str) -> int:
    try:
        return store.class_named(name).id
    except UnknownClass:
        return store.add_class(name, who).id

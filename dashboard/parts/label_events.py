"""What the events of our components do to the labels; each is on disk when the function returns, and draws nothing."""

from __future__ import annotations

from collections.abc import Callable

from dashboard import reads
from dashboard.components.events import Event
from dashboard.components.grid import GridEvent
from dashboard.components.slide import SlideEvent
from engine.labels.store import LabelStore
from engine.project import Project


def stage_events(project: Project, strategy: str, who: str) -> Callable[[Event], None]:
    """What the labelling stage does: label, skip, undo, add a class."""

    def commit(event: Event) -> None:
        store = reads.labels(project)
        match event["kind"]:
            case "label":
                detail = {"screen": "label", "strategy": strategy, "stamp": event["stamp"]}
                store.label([event["image"]], event["class"], who, event["how"], detail)
            case "skip":
                store.skip([event["image"]], who)
            case "undo":
                store.undo(who)
            case "add":
                store.add_class(event["name"], who)

    return commit


def class_events(project: Project, who: str) -> Callable[[Event], None]:
    """What the class editor does: add, rename, recolour, merge, delete."""

    def commit(event: Event) -> None:
        store = reads.labels(project)
        match event["kind"]:
            case "add":
                store.add_class(event["name"], who)
            case "rename":
                store.rename_class(event["class"], event["name"], who)
            case "recolour":
                store.recolour_class(event["class"], event["colour"], who)
            case "merge":
                store.merge_classes(event["class"], event["into"], who)
            case "delete":
                store.delete_class(event["class"], who)

    return commit


def grid_events(
    project: Project, who: str, label: Callable[[LabelStore, list[str], int, GridEvent], object] | None = None
) -> Callable[[GridEvent], None]:
    """What keys in a grid do: label, clear, skip, undo.

    Args:
        label: gives a class to images in its own way; left out, they are reviewed.
    """

    def commit(event: GridEvent) -> None:
        store = reads.labels(project)
        images = list(reads.table(project).ids[event.rows])
        if event.kind == "label" and event.class_id is not None:
            if label:
                label(store, images, event.class_id, event)
            else:
                store.label(images, event.class_id, who, "reviewed")
        elif event.kind == "clear":
            store.clear(images, who)
        elif event.kind == "skip":
            store.skip(images, who)
        elif event.kind == "undo":
            store.undo(who)

    return commit


def slide_events(project: Project, who: str) -> Callable[[SlideEvent], None]:
    """What is done on a slide: label a tile, clear, undo."""

    def commit(event: SlideEvent) -> None:
        store = reads.labels(project)
        images = list(reads.table(project).ids[event.rows])
        if event.kind == "label" and event.class_id is not None:
            store.label(images, event.class_id, who, event.how, {"screen": "slides", "event": event.stamp})
        elif event.kind == "clear":
            store.clear(images, who)
        elif event.kind == "undo":
            store.undo(who)

    return commit

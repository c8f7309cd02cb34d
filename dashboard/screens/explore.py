"""Explore: the images as a map; draw around some, see them, label them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboard import links, reads, state
from dashboard.components.grid import GridEvent
from dashboard.components.height import WINDOW
from dashboard.components.map import MapEvent, scatter_map
from dashboard.components.map.paint import Paint
from dashboard.parts.colouring import choose_paint, marked
from dashboard.parts.companions import companions, show_like, show_selection, step_back
from dashboard.parts.leakage import leakage
from dashboard.parts.needed_embedding import needed_embedding
from dashboard.parts.new_embedding import make_map, new_embedding
from dashboard.parts.saved_selections import saved_selections
from dashboard.parts.scene import Scene, read_scene
from engine.geometry.placement import known_maps
from engine.project import Project

Place = st.delta_generator.DeltaGenerator


def on_map(scene: Scene) -> Callable[[MapEvent], None]:
    """What is done on the map; a label is on disk when it returns."""

    def act(event: MapEvent) -> None:
        if event.kind == "select":
            state.set_selection(event.rows)
            show_selection()
        elif event.kind == "similar":
            show_like(scene, int(event.rows[0]))
        elif event.kind == "undo":
            told, who = state.notices(), state.annotator()
            told.append(reads.labels(scene.project).undo(who))
        elif event.class_id is not None:
            detail: dict[str, Any] = {"screen": "explore", "event": event.stamp}
            if event.polygon:
                detail |= {"embedding": scene.embedding, "map": scene.map_name, "polygon": event.polygon}
            images = list(scene.table.ids[event.rows])
            how = "lasso" if event.polygon else "grid"
            reads.labels(scene.project).label(images, event.class_id, state.annotator(), how, detail)

    return act


def on_grid(scene: Scene) -> Callable[[GridEvent], None]:
    """What is done in the grid; a label is on disk when it returns."""

    def act(event: GridEvent) -> None:
        store, who, told = reads.labels(scene.project), state.annotator(), state.notices()
        images = list(scene.table.ids[event.rows])
        if event.kind == "label" and event.class_id is not None:
            store.label(images, event.class_id, who, "grid", {"screen": "explore", "event": event.stamp})
        elif event.kind == "clear":
            store.clear(images, who)
        elif event.kind == "skip":
            store.skip(images, who)
        elif event.kind == "undo":
            told.append(store.undo(who))
        elif event.kind == "similar":
            show_like(scene, int(event.rows[0]))
        elif event.kind == "close":
            step_back()

    return act


def choose_embedding(project: Project, chosen: str) -> str:
    """A picker of the embedding, which the other screens then use too, and the way to another one."""
    names = [one["name"] for one in reads.embeddings(project)]
    name = str(st.selectbox("Embedding", names, index=names.index(chosen), key="explore-embedding"))
    new_embedding(project)
    if name != chosen:
        state.set_embedding(name)
    return name


def invite_map(project: Project, embedding: str) -> None:
    """Say that the embedding has no map, and offer to make one."""
    with st.container(key="empty-no-map", horizontal_alignment="center"):
        st.header("This embedding has no map yet", anchor=False)
        st.markdown("A map lays the images out in two dimensions, those that are alike side by side.")
        if reads.active_job(project):
            st.caption("It opens here when the work named above is done.")
        else:
            make_map(project, embedding, key="make-map")


def controls(project: Project, embedding: str, beside: Place, pickers: Place) -> tuple[Scene, Paint] | None:
    """What stands beside the title, and the pickers; None where the embedding has no map."""
    with pickers:
        embedding = choose_embedding(project, embedding)
        maps = known_maps(project, embedding)
        map_name = choose_map(maps, embedding)
    with beside:
        leakage(reads.leaks(project, embedding))
    if not maps:
        return None
    scene = read_scene(project, embedding, map_name)
    with beside:
        saved_selections(scene)
    with pickers, st.container(width=196):
        return scene, choose_paint(scene)


def choose_map(maps: Sequence[str], embedding: str) -> str:
    """A picker among the embedding's maps, where there is a choice."""
    if len(maps) < 2:
        return "".join(maps)
    return str(st.selectbox("Map", maps, format_func=str.upper, width=112, key=f"explore-map-{embedding}"))


def main() -> None:
    head = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="explore-head")
    beside = head.container(horizontal=True, vertical_alignment="center", gap="small", width="content")
    pickers = head.container(horizontal=True, vertical_alignment="bottom", gap="small")
    beside.title("Explore", anchor=False, width="content")
    project = state.project()
    embedding = needed_embedding(project, "to lay them out as a map")
    chosen = controls(project, embedding, beside, pickers)
    if chosen is None:
        invite_map(project, state.embedding() or embedding)
        return
    scene, paint = chosen
    left, right = st.columns([3, 2], gap="small")
    with left:
        scatter_map(
            project,
            scene.table,
            scene.points_url,
            paint,
            key=f"explore-map-{links.project_key(project)}",
            on_event=on_map(scene),
            selected=state.selection(),
            marked=marked(scene),
            classes=scene.classes,
            height=WINDOW,
        )
    with right:
        companions(scene, on_grid(scene))


main()

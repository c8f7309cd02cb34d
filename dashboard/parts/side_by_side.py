"""Two embeddings side by side: what is drawn around in one map lights up in the other, and stands in the grid below."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from dashboard import links, reads, state
from dashboard.components.grid import image_grid
from dashboard.components.height import WINDOW
from dashboard.components.map import MapEvent, scatter_map
from dashboard.parts import words
from dashboard.parts.colouring import ANSWER, CLASS, choose_colouring, marked, paint_by
from dashboard.parts.empty import empty
from dashboard.parts.new_embedding import make_map
from dashboard.parts.scene import Scene, read_scene
from engine.geometry.placement import known_maps
from engine.project import Project

SIDES = ("left", "right")


def side_by_side(project: Project) -> None:
    """Draw both maps and the grid of what is selected."""
    names = [str(one["name"]) for one in reads.embeddings(project)]
    names.sort(key=lambda name: not known_maps(project, name))  # those that can be shown at once come first
    if len(names) < 2:
        empty(
            "Two embeddings are needed",
            f"This project has {'one' if names else 'none yet'}. A benchmark or a training makes more.",
            action="Train",
            screen="train",
            icon="model_training",
        )
        return
    sides = st.columns(2, gap="small")
    right, colours = sides[1].columns([2, 1], gap="small")
    left = _choose("left", sides[0], names, state.embedding() or "")
    chosen = [left, _choose("right", right, names, next(name for name in names if name != left))]
    scenes = [_scene(project, name) for name in chosen]
    known = [scene for scene in scenes if scene]
    colour = _choose_colour(colours, known)
    for column, name, scene, side in zip(st.columns(2, gap="small"), chosen, scenes, SIDES, strict=True):
        with column:
            if scene is None:
                _invite(project, name, side)
            else:
                _draw(scene, colour, side)
    if known:
        _selection(known[0])


def _choose(side: str, column: st.delta_generator.DeltaGenerator, names: list[str], usual: str) -> str:
    """A picker of the embedding on a side; both sides stand in the address, whether chosen or usual."""
    asked = state.beside(side)
    if asked and asked not in names:
        state.tell_stale(f"This project has no embedding “{asked}”, or no longer. You see another on the {side}.")
    shown = next(name for name in (asked, usual, names[0]) if name in names)
    chosen = column.selectbox(f"On the {side}", names, index=names.index(shown), key=f"choose-{side}")
    state.show_beside(side, str(chosen))
    return str(chosen)


def _scene(project: Project, embedding: str) -> Scene | None:
    maps = known_maps(project, embedding)
    return read_scene(project, embedding, maps[0]) if maps else None


def _choose_colour(column: st.delta_generator.DeltaGenerator, scenes: list[Scene]) -> str:
    if not scenes:
        return CLASS
    answered = all(scene.predicted is not None for scene in scenes)
    labelled = bool(len(marked(scenes[0])))
    columns = sorted(scenes[0].table.metadata, key=lambda name: name.startswith("folder_"))  # named ones first
    names = [CLASS, *([ANSWER] if answered else []), *columns]
    place = min(int(answered or not labelled), len(names) - 1)  # without a label, a column says more
    with column:
        return choose_colouring(names, names[place], "beside-colour")


def _draw(scene: Scene, colour: str, side: str) -> None:
    scatter_map(
        scene.project,
        scene.table,
        scene.points_url,
        paint_by(scene, colour),
        key=f"beside-{side}-{links.project_key(scene.project)}",
        on_event=_on_map(scene),
        selected=state.selection(),
        marked=marked(scene),
        classes=scene.classes,
        height=WINDOW,
        beside=True,
    )


def _on_map(scene: Scene) -> Callable[[MapEvent], None]:
    """What is done on either map; a label is on disk when it returns."""

    def act(event: MapEvent) -> None:
        told, who, store = state.notices(), state.annotator(), reads.labels(scene.project)
        if event.kind == "select":
            state.set_selection(event.rows)
        elif event.kind == "undo":
            told.append(store.undo(who))
        elif event.kind == "label" and event.class_id is not None:
            detail = {"screen": "compare", "event": event.stamp, "embedding": scene.embedding, "map": scene.map_name}
            how = "lasso" if event.polygon else "grid"
            store.label(
                list(scene.table.ids[event.rows]), event.class_id, who, how, detail | {"polygon": event.polygon}
            )

    return act


def _selection(scene: Scene) -> None:
    rows = state.selection()
    image_grid(
        scene.project,
        scene.table,
        rows,
        key=f"beside-grid-{links.project_key(scene.project)}",
        classes=scene.classes,
        labels=scene.hand[rows],
        pseudo=np.zeros(len(rows), bool),
        note=f"{words.count(len(rows), 'image')}, selected in both maps" if len(rows) else "Nothing selected",
        height=WINDOW,
        size=92,
        empty="Draw around some points in either map: the same images light up in the other, and stand here.",
    )


def _invite(project: Project, embedding: str, side: str) -> None:
    """Say that the embedding has no map, and offer to make one."""
    with st.container(key=f"empty-map-{side}", horizontal_alignment="center"):
        st.header("No map yet", anchor=False)
        st.markdown(f"“{embedding}” has not been laid out in two dimensions.")
        if reads.active_job(project):
            st.caption("It can be made when the work named above is done.")
        else:
            make_map(project, embedding, key=f"make-map-{side}")

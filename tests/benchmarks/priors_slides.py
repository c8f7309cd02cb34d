"""What priors make of slides without classes: do neighbours in the embedding lie together, and what gives them away?

Every tile's nearest tiles in the embedding are looked at. Coherence: how many lie next to it on its slide at its own
scale, and how often a tile of its field at another scale is among them. Leakage: how many are of its scale. Each
against chance: the same share among all other tiles.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.bench.compare import Difference
from engine.bench.plan import Cell, make_plan
from engine.bench.score import interval
from engine.bench.work import Workshop
from engine.embeddings import load_embedding
from engine.geometry.neighbours import load_graph
from engine.images.table import ImageTable, read_table
from engine.jobs.bench_request import BenchRequest
from engine.project import Project
from engine.types import Array, Indices

NEAREST = 10
BESIDE = 1.5  # tiles that two places are apart at most
STEPS = 60
TOGETHER = "augmentation+spatial_neighbour:share=0.4+magnification:share=0.4"
PRIORS = ("augmentation", TOGETHER)
TITLES = {"augmentation": "augmentation alone", TOGETHER: "spatial neighbour and magnification"}
MEASURES = ("beside it on the slide", "its field at another scale", "of its scale")


def measure_slides(project: Project, repeats: int, batch: int, size: int) -> dict[str, Any]:
    """Train, embed, and look at neighbours; the rows and a table of them."""
    table = read_table(project)
    related = relations(table)
    request = BenchRequest(
        priors=PRIORS, epochs=1, size=size, repeats=repeats, training={"steps": STEPS, "batch": batch}, name="priors"
    )
    plan = make_plan(project, request)
    shop = Workshop(project, lambda: False)
    found: dict[str, list[list[float]]] = {}
    for cell in plan.cells:
        if cell.train:
            shop.train(cell.train, 0, lambda _: None)
        embedding = shop.embed(cell.embed, lambda _: None)
        nearest = load_graph(project, embedding).indices[:, :NEAREST].astype(np.int64)
        found.setdefault(_name(cell), []).append([share_of(related[name], nearest, name) for name in MEASURES])
        assert len(load_embedding(project, embedding).ids) == len(table)
    chance = [chance_of(related[name], name) for name in MEASURES]
    lines = [["by chance", *(f"{value:.3f}" for value in chance)]]
    lines += [
        [name, *_cells(values, found[PRIORS[0]] if name in PRIORS[1:] else None)] for name, values in found.items()
    ]
    lines = [[TITLES.get(line[0], line[0]), *line[1:]] for line in lines]
    caption = (
        f"{len(table):,} tiles of a whole-slide image at 20x, 10x and 5x, no classes: share of the {NEAREST} nearest "
        "tiles in the embedding that lie beside the tile on the slide at its own scale, or are of its scale; and share "
        "of tiles that find their own field at another scale among them. Mean of "
        f"{repeats} trainings of {STEPS} steps; in brackets the difference to augmentation alone in points, with its "
        "95 % interval."
    )
    heads = ["trained with", *MEASURES]
    return {"rows": found, "chance": chance, "table": {"caption": caption, "heads": heads, "lines": lines}}


def relations(table: ImageTable) -> dict[str, Array]:
    """Which tiles stand in each relation [N N]; nobody to itself."""
    slide, field = table.codes("slide")[0], table.codes("field")[0]
    scale = table.column("magnification").to_numpy(float)
    places = np.stack([table.column(axis).to_numpy(float) for axis in ("x", "y")], axis=1)
    extent = table.column("extent").to_numpy(float)
    far = np.abs(places[:, None] - places[None]).max(axis=2)
    own_slide, own_scale = slide[:, None] == slide, scale[:, None] == scale
    finest = np.array([extent[(slide == one)].min() for one in slide])
    found = {
        MEASURES[0]: own_slide & own_scale & (far <= BESIDE * finest[:, None]),
        MEASURES[1]: (field[:, None] == field) & ~own_scale,
        MEASURES[2]: own_scale,
    }
    for related in found.values():
        np.fill_diagonal(related, False)
    return found


def share_of(related: Array, nearest: Indices, name: str) -> float:
    """Mean share of the nearest [N K] in a relation [N N]; for the field the share of tiles that have one."""
    hit = np.take_along_axis(related, nearest, axis=1)
    if name == MEASURES[1]:
        return float(hit.any(axis=1)[related.any(axis=1)].mean())
    return float(hit.mean())


def chance_of(related: Array, name: str) -> float:
    """The same where the nearest are any other tiles."""
    others, count = related.sum(axis=1), len(related) - 1
    if name == MEASURES[1]:  # none of K draws without replacement
        missed = np.prod([(count - others - k) / (count - k) for k in range(NEAREST)], axis=0)
        return float(1 - missed[others > 0].mean())
    return float((others / count).mean())


def _name(cell: Cell) -> str:
    return cell.prior or ("random weights (null)" if cell.init == "random" else "frozen ImageNet (null)")


def _cells(values: list[list[float]], first: list[list[float]] | None) -> list[str]:
    means = [f"{value:.3f}" for value in np.mean(values, axis=0)]
    if first is None:
        return means
    gains = [list(column) for column in np.subtract(values, first).T]
    said = [Difference(float(np.mean(gain)), *interval(gain)).in_points for gain in gains]
    return [f"{mean} ({one.replace(' (', '; ').removesuffix(')')})" for mean, one in zip(means, said, strict=True)]

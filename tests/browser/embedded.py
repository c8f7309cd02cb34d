"""An embedding with neighbours and a map, put into a project without a network having looked at anything."""

from __future__ import annotations

from engine.embeddings import save_embedding
from engine.files import write_array, write_json
from engine.geometry.neighbours import build_neighbours
from engine.images.table import read_table
from engine.project import Project
from engine.types import Floats


def put_embedding(project: Project, name: str, vectors: Floats, points: Floats) -> None:
    """Vectors [N D] and places on the map [N 2] of all images of the project, in the order of its table."""
    table = read_table(project)
    about = {"images": table.fingerprint, "created": "2026-01-01T00:00:00+00:00"}
    embedding = save_embedding(project, name, vectors.astype("float32"), list(table.ids), about)
    build_neighbours(project, name)
    folder = project.map_folder(name, "umap")
    write_array(folder / "points.npy", points.astype("float32"))
    write_json(folder / "about.json", {"embedding": embedding.fingerprint})

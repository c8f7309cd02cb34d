"""The vectors of all images under one encoder, with a fingerprint of everything that made them. No torch.

embeddings/<name>/  about.json   what made it            vectors.npy  float32 [N D]     ids.npy  image ids [N]
                    neighbours and maps lie beside them, made from exactly these vectors
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine import files
from engine.errors import EmbeddingMissing, EmbeddingStale, NoImages
from engine.images.table import ImageTable, read_table
from engine.project import Project
from engine.run_folder import RunFolder
from engine.types import UNKNOWN, Array, Floats, Indices


@dataclass(frozen=True, eq=False)
class Embedding:
    """Vectors of images, row by row; the vectors stay on disk until they are read."""

    name: str
    vectors: Floats  # [N D], read-only, memory-mapped
    ids: Array  # image ids [N], text
    about: dict[str, Any]  # what about.json says: encoder, weights, size, versions, …
    fingerprint: str  # changes when anything that made the vectors changes
    project: Project

    @cached_property
    def stale(self) -> str:
        """Why it no longer fits the project, in a plain sentence; "" where it does. Found out when first asked."""
        return _stale(self.project, self.about, _fingerprint(self.project))

    def __len__(self) -> int:
        return len(self.ids)


def save_embedding(
    project: Project, name: str, vectors: Floats, ids: Sequence[str], about: dict[str, Any]
) -> Embedding:
    """Write an embedding; one of the same name goes, with the neighbours and maps made from it.

    Args:
        vectors: [N D].
        ids: image ids [N], in the order of the vectors.
        about: what made them, as plain JSON; "images" (the table's fingerprint) and, where a run made them, "run" and
            "run_weights" (the content hash of its encoder) or "parts" (name and fingerprint of each) tell later whether
            they are stale.
    """
    assert len(vectors) == len(ids)
    folder = project.embedding_folder(name)
    if folder.exists():
        # first: without it there is no embedding, so never half of one
        project.embedding_about_path(name).unlink(missing_ok=True)
        shutil.rmtree(folder)
    names = np.asarray(ids, dtype=np.str_)
    files.write_array(folder / "vectors.npy", np.ascontiguousarray(vectors, dtype=np.float32))
    files.write_array(folder / "ids.npy", names)
    made = {**about, "name": name, "count": len(vectors), "dimensions": int(vectors.shape[1])}
    made["fingerprint"] = files.fingerprint({**about, "ids": names.astype(object)})
    files.write_json(project.embedding_about_path(name), made)
    return load_embedding(project, name)


def load_embedding(project: Project, name: str) -> Embedding:
    """The embedding of this name, its vectors memory-mapped.

    Raises:
        EmbeddingMissing: there is none, or its files are damaged.
    """
    about = _read_about(project, name)
    folder = project.embedding_folder(name)
    try:
        vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        ids = np.load(folder / "ids.npy", allow_pickle=False).astype(object)
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(name, error) from error
    if vectors.ndim != 2 or len(vectors) != len(ids):
        raise _damaged(name, f"{len(ids)} ids for vectors {list(vectors.shape)}")
    return Embedding(name, vectors, ids, about, about["fingerprint"], project)


def list_embeddings(project: Project, images: str | None = None) -> list[dict[str, Any]]:
    """What about.json says of every embedding, newest first, with "stale": the reason in words, or "".

    Args:
        images: the table's fingerprint, where it is known; else the table is read for it.
    """
    names = embedding_names(project)
    images = _fingerprint(project) if images is None and names else images or ""
    found = []
    for name in names:
        try:
            about = _read_about(project, name)
        except EmbeddingMissing:  # being made, or left over from a job that was killed
            continue
        found.append({**about, "stale": _stale(project, about, images)})
    return sorted(found, key=lambda about: about["created"], reverse=True)


def embedding_names(project: Project) -> list[str]:
    """Names of all embeddings, in no order, with those that are being made; reads nothing of them."""
    try:
        return [folder.name for folder in project.embeddings_folder.iterdir() if not folder.name.startswith(".")]
    except OSError:  # none made yet, or the project is being deleted
        return []


def fresh_embedding(project: Project, name: str) -> Embedding:
    """The embedding of this name if it fits the images and weights as they are now.

    Raises:
        EmbeddingMissing: there is none.
        EmbeddingStale: the images or the weights have changed since.
    """
    embedding = load_embedding(project, name)
    if embedding.stale:
        raise EmbeddingStale(f"{embedding.stale} Embed again under the name “{name}”.")
    return embedding


def align(embedding: Embedding, table: ImageTable) -> Indices:
    """Row of the table for each vector of the embedding [N], UNKNOWN where the image is no longer in the table."""
    if np.array_equal(embedding.ids, table.ids):
        return np.arange(len(embedding), dtype=np.int64)
    row_of = {identifier: row for row, identifier in enumerate(table.ids)}
    return np.array([row_of.get(identifier, UNKNOWN) for identifier in embedding.ids], dtype=np.int64)


def _read_about(project: Project, name: str) -> dict[str, Any]:
    try:
        return files.read_object(project.embedding_about_path(name), "name", "fingerprint", "images", "created")
    except FileNotFoundError:
        raise EmbeddingMissing(f"There is no embedding “{name}”. Make one on the Train screen or with: embed") from None
    except (OSError, ValueError) as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: object) -> EmbeddingMissing:
    return EmbeddingMissing(f"The embedding “{name}” is damaged ({error}). Embed again under this name.")


def _fingerprint(project: Project) -> str:
    try:
        return read_table(project).fingerprint
    except NoImages:
        return ""


def _stale(project: Project, about: dict[str, Any], images: str) -> str:
    if about["images"] != images:
        return f"The images have changed since “{about['name']}” was made."
    for part in about.get("parts", ()):
        try:
            now = _read_about(project, part["name"])["fingerprint"]
        except EmbeddingMissing:  # the vectors of a part that has gone are still in here
            continue
        if now != part["fingerprint"]:
            return f"“{part['name']}”, of which “{about['name']}” is made, has changed since."
    if run := about.get("run"):
        encoder = RunFolder.of(project, run).encoder
        if encoder.exists() and files.content_hash(encoder) != about.get("run_weights"):
            return f"The run “{run}” was trained further since “{about['name']}” was made."
    return ""

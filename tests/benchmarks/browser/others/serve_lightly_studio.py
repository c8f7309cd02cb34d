"""LightlyStudio with the images and their map; run by its own Python: serve_lightly_studio.py MATERIAL FOLDER PORT.

The first call makes the dataset in FOLDER, later calls serve it. Its own embedding model would be downloaded, so the
given vectors are stored where its embedders store theirs, and the given points where it keeps the layout that it would
compute of them; neither has a public call.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

NAME, MODEL = "images", "given"
BATCH = 5000  # vectors stored at once


def main(material: Path, folder: Path, port: int) -> None:
    os.environ |= {
        "LIGHTLY_STUDIO_ANALYTICS_ENABLED": "false",
        "LIGHTLY_STUDIO_MODEL_CACHE_DIR": str(folder / "models"),
    }
    import lightly_studio
    from lightly_studio.database import db_manager
    from lightly_studio.resolvers import tag_resolver

    made = folder / "made.json"
    db_manager.connect(db_file=str(folder / "studio.db"), cleanup_existing=not made.exists())
    if not made.exists():
        began = time.perf_counter()
        make(material)
        seconds = time.perf_counter() - began
        made.write_text(json.dumps({"seconds": seconds, "version": version("lightly-studio")}))  # last: else made anew
        return
    dataset = lightly_studio.ImageDataset.load(NAME)
    for tag in tag_resolver.get_all_by_collection_id(dataset.session, dataset.collection_id):  # of an earlier run
        tag_resolver.delete(dataset.session, tag.tag_id)
    lightly_studio.start_gui(host="127.0.0.1", port=port, open_browser=False)


def make(material: Path) -> None:
    """The dataset, its vectors and its map."""
    import lightly_studio
    import numpy as np
    from lightly_studio.models.two_dim_embedding import TwoDimEmbeddingTable
    from lightly_studio.resolvers import sample_embedding_resolver

    given = np.load(material)
    row_of = {path: row for row, path in enumerate(given["paths"].tolist())}
    dataset = lightly_studio.ImageDataset.create(NAME)
    dataset.add_images_from_path(os.path.commonpath(row_of), embed=False)
    rows = {sample.sample_id: row_of[sample.file_path_abs] for sample in dataset}
    model = store_vectors(dataset, rows, given["vectors"])
    key, order = sample_embedding_resolver.get_hash_by_collection_id(dataset.session, dataset.collection_id, model)
    points = given["points"][[rows[sample] for sample in order]].astype(float)
    dataset.session.add(TwoDimEmbeddingTable(hash=key, x=points[:, 0].tolist(), y=points[:, 1].tolist()))
    dataset.session.commit()


def store_vectors(dataset: Any, rows: dict[Any, int], vectors: Any) -> Any:
    """Store vectors [N D] by sample as those of an embedding model; returns the model's id."""
    from lightly_studio.models.embedding_model import EmbeddingModelCreate
    from lightly_studio.models.sample_embedding import SampleEmbeddingCreate
    from lightly_studio.resolvers import (
        collection_embedding_model_resolver,
        embedding_model_resolver,
        sample_embedding_resolver,
    )

    about = EmbeddingModelCreate(name=MODEL, embedding_dimension=vectors.shape[1], dataset_id=dataset.dataset_id)
    model = embedding_model_resolver.create(dataset.session, about).embedding_model_id
    for link in (
        collection_embedding_model_resolver.get_or_add_collection_model,
        collection_embedding_model_resolver.set_default,
    ):
        link(dataset.session, dataset.collection_id, model)
    samples = list(rows)
    for first in range(0, len(samples), BATCH):
        stored = [
            SampleEmbeddingCreate(sample_id=one, embedding_model_id=model, embedding=vectors[rows[one]].tolist())
            for one in samples[first : first + BATCH]
        ]
        sample_embedding_resolver.create_many(dataset.session, stored)
    return model


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

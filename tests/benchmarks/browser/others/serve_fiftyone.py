"""FiftyOne with the images and their map; run by its own Python: serve_fiftyone.py MATERIAL FOLDER PORT.

The first call makes the dataset in FOLDER, as its guides advise for many images: with the size of every image and an
index of the map's points. Later calls serve it. The workspace shows map and grid side by side; the grid has the wider
part, since in a narrower one the button for tags is cut off.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

NAME, MAP = "images", "map"


def main(material: Path, folder: Path, port: int) -> None:
    os.environ |= {
        "FIFTYONE_DATABASE_DIR": str(folder / "database"),
        "FIFTYONE_DEFAULT_DATASET_DIR": str(folder / "datasets"),
        "FIFTYONE_CONFIG_PATH": str(folder / "config.json"),
        "FIFTYONE_APP_CONFIG_PATH": str(folder / "app_config.json"),
        "FIFTYONE_PLUGINS_DIR": str(folder / "plugins"),
        "FIFTYONE_DO_NOT_TRACK": "true",
        "FIFTYONE_SHOW_PROGRESS_BARS": "false",
    }
    import fiftyone

    made = folder / "made.json"
    if not made.exists():
        fiftyone.list_datasets()  # starts the database
        began = time.perf_counter()
        make(material)
        seconds = time.perf_counter() - began
        made.write_text(json.dumps({"seconds": seconds, "version": version("fiftyone")}))  # last: else it is made anew
        return
    dataset = fiftyone.load_dataset(NAME)
    dataset.untag_samples(dataset.distinct("tags"))  # of an earlier run
    fiftyone.launch_app(dataset, address="127.0.0.1", port=port, remote=True).wait(-1)


def make(material: Path) -> None:
    """The dataset, its map, and the workspace that shows both."""
    import fiftyone
    import fiftyone.brain
    import numpy as np

    given = np.load(material)
    dataset = fiftyone.Dataset(NAME, persistent=True, overwrite=True)
    dataset.add_samples(fiftyone.Sample(filepath=path) for path in given["paths"].tolist())
    dataset.compute_metadata()
    fiftyone.brain.compute_visualization(dataset, points=given["points"], brain_key=MAP, create_index=True)
    panels = [fiftyone.Panel(type=kind, component_id=kind) for kind in ("Embeddings", "Samples")]  # left, right
    sides = [fiftyone.Space(children=[panel], active_child=panel.component_id) for panel in panels]
    dataset.save_workspace("explore", fiftyone.Space(children=sides, orientation="horizontal", sizes=[0.4, 0.6]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))

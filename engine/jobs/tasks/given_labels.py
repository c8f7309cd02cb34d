"""The labels that a run learns from, as they stood when it began: what is labelled later waits for the next run.

They lie in the run's folder, so a run that is resumed learns from the same ones. No torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from engine import files
from engine.images.table import read_table
from engine.labels.store import LabelStore
from engine.project import Project
from engine.run_folder import RunFolder
from engine.types import UNKNOWN, Array, Indices


@dataclass(frozen=True)
class GivenLabels:
    """A person's labels; pseudo-labels are none of them."""

    classes: Sequence[str]  # that have a label, in the order of the project
    images: Mapping[str, str]  # id → class

    def codes(self, ids: Array, classes: Sequence[str]) -> Indices:
        """Place of its class among `classes` for each image [N], UNKNOWN where it has none of them."""
        places = {name: place for place, name in enumerate(classes)}
        return np.array([places.get(self.images.get(one, ""), UNKNOWN) for one in ids], np.int64)


def keep_given_labels(project: Project, folder: RunFolder) -> None:
    """Write down the labels of this moment, unless the run has done so before."""
    if folder.labels.exists():
        return
    given = GivenLabels([], {})
    if project.labels_path.exists():
        ids = read_table(project).ids
        codes, classes = LabelStore(project).label_codes(ids)
        names = [one.name for one in classes]
        images = {ids[row]: names[codes[row]] for row in np.flatnonzero(codes != UNKNOWN)}
        given = GivenLabels([name for name in names if name in set(images.values())], images)
    files.write_json(folder.labels, asdict(given))


def read_given_labels(folder: RunFolder) -> GivenLabels:
    """The labels that the run wrote down."""
    return GivenLabels(**files.read_json(folder.labels))

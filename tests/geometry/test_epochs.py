"""Maps by epoch: points move rather than jump, and each map still shows its own vectors' neighbours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from engine import files
from engine.geometry.epochs import draw_epoch_maps, lay_out_aligned, load_epoch_maps, snapshot_path
from engine.run_folder import RunFolder
from engine.types import Floats

IMAGES, EPOCHS = 160, 4

DRAW = """
import sys, warnings
import numpy as np
from engine.geometry.epochs import lay_out_aligned

warnings.simplefilter("error")
vectors = np.load(sys.argv[1] + "/vectors.npy")
np.savez(
    sys.argv[1] + "/maps.npz", aligned=lay_out_aligned(vectors, 0), apart=[lay_out_aligned([v], 0)[0] for v in vectors]
)
"""


@pytest.fixture(scope="module")
def vectors() -> Floats:
    """[E M D]: four groups that come out of noise, a little more at each epoch."""
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(IMAGES, 12))
    groups = 6 * np.eye(12)[np.arange(IMAGES) % 4]
    shares = np.linspace(0.3, 1, EPOCHS)[:, None, None]
    return (noise + shares * groups + 0.1 * rng.normal(size=(EPOCHS, IMAGES, 12))).astype(np.float32)


@pytest.fixture(scope="module")
def drawn(vectors: Floats, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Floats]:
    """The maps [E M 2], aligned and each by itself, drawn in a process that UMAP has to itself."""
    folder = tmp_path_factory.mktemp("epochs")
    np.save(folder / "vectors.npy", vectors)
    subprocess.run([sys.executable, "-c", DRAW, str(folder)], check=True, cwd=Path(__file__).parents[2])
    return files.read_arrays(folder / "maps.npz")


def movement(maps: Floats) -> float:
    """How far a point goes from one epoch to the next, in radii of the map."""
    radius = np.linalg.norm(maps - maps.mean(axis=1, keepdims=True), axis=2).mean()
    return float(np.linalg.norm(np.diff(maps, axis=0), axis=2).mean() / radius)


def test_points_move_less_than_between_maps_drawn_apart(drawn: dict[str, Floats]) -> None:
    assert movement(drawn["aligned"]) < 0.6 * movement(drawn["apart"])


@pytest.mark.parametrize("epoch", range(EPOCHS))
def test_each_map_is_as_trustworthy_as_one_drawn_apart(vectors: Floats, drawn: dict[str, Floats], epoch: int) -> None:
    def trust(maps: Floats) -> float:
        return float(trustworthiness(vectors[epoch] - vectors[epoch].mean(axis=0), maps[epoch], metric="cosine"))

    assert trust(drawn["aligned"]) > trust(drawn["apart"]) - 0.04


def test_vectors_that_were_only_turned_stay_where_they_are(vectors: Floats) -> None:
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(12, 12)))[0].astype(np.float32)
    few = vectors[-1][:40]
    maps = lay_out_aligned([few @ turn, few], 0)
    assert maps[0] == pytest.approx(maps[1], abs=1e-3)


def test_the_maps_are_read_back_as_they_were_drawn(vectors: Floats, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for epoch, features in ((0, vectors[0][:20]), (2.5, vectors[1][:20]), (10, vectors[2][:20])):
        files.write_array(snapshot_path(folder, epoch), features)
    files.write_json(folder.snapshots / "images.json", {"ids": [f"i{row}" for row in range(20)]})
    assert load_epoch_maps(folder) is None
    assert draw_epoch_maps(folder, 0)
    maps = load_epoch_maps(folder)
    assert maps is not None
    assert list(maps.epochs) == [0, 2.5, 10]
    assert maps.points.shape == (3, 20, 2)
    assert maps.ids[3] == "i3"


def test_a_single_snapshot_gives_no_maps(vectors: Floats, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    files.write_array(snapshot_path(folder, 0), vectors[0])
    assert not draw_epoch_maps(folder, 0)
    assert load_epoch_maps(folder) is None

"""200 damaged files among 200 good ones: all good ones load, each damaged one is listed with a reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from engine.images.read import read_image
from engine.images.scan import scan
from engine.images.table import read_bad_files, read_table
from engine.project import Project

EXTENSIONS = (".png", ".jpg", ".tif", ".bmp", ".webp")
PAIRS = 200


def flip(content: bytes, extension: str, rng: random.Random) -> bytes:
    """Flip all bits of 4 bytes: anywhere in a PNG, which has checksums; elsewhere in the signature, which all have."""
    damaged = bytearray(content)
    places = range(len(content)) if extension == ".png" else range(2)
    for place in rng.sample(places, min(4, len(places))):
        damaged[place] ^= 0xFF
    return bytes(damaged)


def cut(content: bytes, rng: random.Random) -> bytes:
    """Keep any number of bytes from none to all but one."""
    return content[: rng.randrange(len(content))]


def test_every_good_file_loads_and_every_damaged_one_is_listed(
    folder: Path, draw: Callable[..., Path], make_project: Callable[..., Project]
) -> None:
    rng = random.Random(0)
    (folder / "damaged").mkdir()
    previous = draw("good/first.gif", size=(20, 24)).read_bytes()
    (folder / "good/first.gif").unlink()
    for number in range(PAIRS):
        extension = EXTENSIONS[number % len(EXTENSIONS)]
        content = draw(f"good/{number:03d}{extension}", seed=number, size=(20 + number % 30, 24)).read_bytes()
        damages = {"flipped": flip(content, extension, rng), "cut": cut(content, rng), "misnamed": previous}
        kind = list(damages)[number // len(EXTENSIONS) % len(damages)]
        (folder / f"damaged/{number:03d}-{kind}{extension}").write_bytes(damages[kind])
        previous = content  # a whole image, of another format than the next one's
    project = make_project()

    report = scan(project)

    table, bad = read_table(project), read_bad_files(project)
    assert (report.images, len(table), len(bad)) == (PAIRS, PAIRS, PAIRS)
    assert all(path.startswith("good/") for path in table.paths)
    assert all(path.startswith("damaged/") for path in bad["path"])
    assert bad["reason"].str.len().min() > 0
    for path in table.paths:
        assert read_image(project.image_path(path)).ndim == 3

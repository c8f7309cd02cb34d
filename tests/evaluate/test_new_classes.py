"""Whether images that are unlike all labelled ones are told from as many as chance would list."""

from __future__ import annotations

import numpy as np

from engine.classify.unlike import FEWEST
from engine.evaluate.new_classes import NewClasses


def found(count: int, expected: int) -> NewClasses:
    ids = np.arange(100).astype(object)
    return NewClasses(ids, np.arange(count), [], np.ones(100, np.float32), FEWEST, expected, "toy")


def test_no_more_than_chance_would_list_is_called_chance() -> None:
    assert found(8, 58).sentence == (
        "8 images are unlike every labelled one. That can be chance: up to 58 would be listed were no class missing."
    )


def test_more_than_chance_would_list_is_told_beside_it() -> None:
    assert found(9, 8).sentence.endswith("Were no class missing, up to 8 would be listed by chance.")


def test_a_single_image_is_one() -> None:
    assert found(1, 5).sentence.startswith("1 image is unlike")

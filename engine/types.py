"""Words shared by the whole engine: array types, the unknown label, progress.

Axis letters in every docstring: N items, B batch, V views, P partners, K neighbours, L classes, D features,
C channels (3), H W pixels.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Indices: TypeAlias = NDArray[np.int64]  # row numbers of a table or an embedding
Floats: TypeAlias = NDArray[np.float32]
Pixels: TypeAlias = NDArray[np.uint8]  # [H W 3] or [B H W 3], sRGB, 0 to 255

UNKNOWN = -1  # the label of an image that nobody labelled; the group of an image that belongs to none

Progress: TypeAlias = Callable[[int, int], None]  # (done, total), called now and then, from the calling thread


def silent(done: int, total: int) -> None:
    """The Progress that tells nobody."""

"""Class masses: how much of all answers each class may claim, where nobody knows how often the classes occur.

Class mass normalisation divides each class by the sum of its answers and multiplies it by its wanted share: Zhu et al.,
ICML 2003, https://dl.acm.org/doi/10.5555/3041838.3041953, section 4. There shares are known, or those of the labels; a
person who hunts for rare cells labels neither many nor a fair sample. “estimated” reads the shares from the answers:
divided by its mass, an answer is to a class what a likelihood is, so shares follow by expectation maximisation as in
Saerens et al., Neural Computation 2002, https://doi.org/10.1162/089976602753284446, here drawn towards even ones by
EVEN times as many imagined images, as answers from a few labels are soft and their shares would run off.

Balanced / plain accuracy of spreading, frozen features, 5 draws of 5 labels a class (even: as many of each class; fair:
drawn from all images; skewed: eight times as many of every fourth class):

    set                 labels   uniform      labels       none         estimated
    crc_cells           even     .540 / .533  .540 / .533  .532 / .514  .540 / .542
    (48 to 16 %)        fair     .507 / .513  .473 / .565  .470 / .558  .508 / .532
                        skewed   .545 / .577  .346 / .538  .333 / .531  .538 / .597
    cifar10             even     .488 / .488  .488 / .488  .479 / .479  .486 / .486
                        skewed   .494 / .491  .289 / .275  .283 / .268  .493 / .489
    cifar10, long tail  even     .478 / .452  .478 / .452  .468 / .451  .483 / .462
    (29 to 1.5 %)       fair     .408 / .449  .391 / .588  .374 / .581  .409 / .474
"""

from __future__ import annotations

import numpy as np

from engine.types import UNKNOWN, Array, Floats, Indices

CLASS_MASS = ("uniform", "estimated", "labels", "none")
MASS_HELP = (
    "how much of all answers a class may claim: the same for each, a share estimated from the answers, its share of "
    "the labels, or whatever comes out"
)
EVEN = 1.0  # imagined images for each real one; 0.3: up to 3 points of plain accuracy more, and 2 of balanced less
SAMPLE, ROUNDS = 5_000, 30  # images from which shares are estimated, and rounds of expectation maximisation


def class_weights(raw: Floats, labels: Indices, class_mass: str) -> Floats:
    """What to multiply each class with [L], so that its share of all answers becomes the wanted one.

    Args:
        raw: answers [N L], ≥ 0; rows of 0 have none.
        labels: class code [N], UNKNOWN where it was to be found.
        class_mass: one of CLASS_MASS.
    """
    classes = raw.shape[1]
    if class_mass == "none":
        return np.ones(classes, np.float32)
    mass = raw.sum(axis=0, dtype=np.float64)
    if class_mass == "labels":
        wanted: Array = np.bincount(labels[labels != UNKNOWN], minlength=classes) + 1.0
    elif class_mass == "estimated":
        wanted = estimated_shares(_over(raw, mass))
    else:
        wanted = np.ones(classes)
    return _over(wanted, mass).astype(np.float32)


def estimated_shares(likely: Array) -> Array:
    """Shares of the classes [L] under which the images come out likeliest, drawn towards even ones.

    Args:
        likely: how likely each image is in each class [N L], ≥ 0, each column to a scale of its own class's mass.
    """
    rows = np.flatnonzero(likely.any(axis=1))
    if len(rows) > SAMPLE:
        rows = np.random.default_rng(0).choice(rows, SAMPLE, replace=False)
    occurring = likely[rows].any(axis=0)
    even = occurring / max(1, occurring.sum())
    shares: Array = even
    for _ in range(ROUNDS if len(rows) else 0):
        part = likely[rows] * shares
        found = (part / part.sum(axis=1, keepdims=True)).mean(axis=0)
        shares = (found + EVEN * even) / (1 + EVEN)
    return shares


def _over(values: Array, mass: Array) -> Array:
    """values / mass, 0 for a class without mass."""
    ratio: Array = np.divide(values, mass, out=np.zeros(np.broadcast_shapes(values.shape, mass.shape)), where=mass > 0)
    return ratio

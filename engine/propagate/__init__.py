"""From a handful of labels to an answer for every image, over the neighbour graph of an embedding.

A method is one file plus one import line here.
"""

import engine.propagate.laplace
import engine.propagate.poisson
import engine.propagate.spread  # noqa: F401  all register themselves
from engine.propagate.base import PROPAGATIONS, Answer, Propagator
from engine.propagate.folder import load_propagation, save_propagation
from engine.propagate.review import accept, accept_above, counts_above, review_order, sure_from
from engine.propagate.run import Propagation, propagate

__all__ = [
    "PROPAGATIONS",
    "Answer",
    "Propagation",
    "Propagator",
    "accept",
    "accept_above",
    "counts_above",
    "load_propagation",
    "propagate",
    "review_order",
    "save_propagation",
    "sure_from",
]

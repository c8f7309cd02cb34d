"""Initialisations: first filters that are computed from the images, in place of training or before it."""

from engine.initialisations import lda, pca
from engine.initialisations.base import INITIALISATIONS, Initialisation

__all__ = ["INITIALISATIONS", "Initialisation", "lda", "pca"]

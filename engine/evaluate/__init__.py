"""Honest numbers: how good the answers are where the truth is known, and how sure one can be of that."""

from engine.evaluate.scores import MEASURES, Scores, score
from engine.evaluate.truth import evaluate, read_truth

__all__ = ["MEASURES", "Scores", "evaluate", "read_truth", "score"]

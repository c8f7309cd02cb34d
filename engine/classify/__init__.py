"""Few-shot classifiers: from a handful of labels to probabilities for every image.

A classifier is one file plus one import line here.
"""

import engine.classify.auto
import engine.classify.ensemble
import engine.classify.knn
import engine.classify.laplacian_shot
import engine.classify.lda
import engine.classify.logistic
import engine.classify.matching
import engine.classify.prototype
import engine.classify.pt_map
import engine.classify.smoothed
import engine.classify.tim  # noqa: F401  all register themselves
from engine.classify.base import CLASSIFIERS, Answer, Classifier, Task
from engine.classify.run import Prepared, answer_by, answer_task, calibrated, classify, prepare

__all__ = [
    "CLASSIFIERS",
    "Answer",
    "Classifier",
    "Prepared",
    "Task",
    "answer_by",
    "answer_task",
    "calibrated",
    "classify",
    "prepare",
]

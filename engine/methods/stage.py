"""What follows on self-supervised learning: stages that teach a trained encoder the classes of a person.

A stage is trained by the same loop as a method, so it is one; it starts from what an earlier stage kept, hence a
registry of its own. Each ends as a network of encoder, head (layers of the projector, or none) and classifier (one
score a class).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from torch import Tensor, nn

from engine.encoders import Encoder
from engine.errors import CheckpointUnreadable, SettingInvalid
from engine.methods.base import Method
from engine.methods.heads import mlp
from engine.registry import Registry
from engine.views.recipe import Recipe

LEAST_CROP = 0.5  # share of an image's area that a view of it shows at least: the class must stay in sight


class Stage(Method):
    """Encoder, head and classifier; a subclass declares its Config and writes `loss`.

    Args:
        encoder: with the weights to start from.
        head: layers between encoder and classifier, as `first_layers` gives them.
        classes: names [L], in the order of the scores.
        config: of the subclass.
    """

    card: ClassVar[dict[str, object]] = {"views": 1}

    def __init__(self, encoder: Encoder, head: nn.Sequential, classes: Sequence[str], config: Any) -> None:
        super().__init__(encoder, config)
        self.head, self.classes = head, tuple(classes)
        self.widths = (encoder.width, *(layer.out_features for layer in head if isinstance(layer, nn.Linear)))
        self.classifier = nn.Linear(self.widths[-1], len(self.classes))
        for weight in self.classifier.parameters():  # no opinion at first, so that no image is pulled a random way
            nn.init.zeros_(weight)

    def classify(self, images: Tensor) -> Tensor:
        """Scores [B L] of images [B 3 H W]; their softmax is the probability of each class."""
        scores: Tensor = self.classifier(self.project(images))
        return scores

    def project(self, images: Tensor) -> Tensor:
        features: Tensor = self.head(self.encoder(images))
        return features

    def recipe(self, asked: Recipe) -> Recipe:
        """Crops, flips and turns only, as in the paper, and larger crops: a person sees the class in what is left."""
        largest = max(asked.crop_largest, LEAST_CROP)
        larger = replace(asked, crop=max(asked.crop, LEAST_CROP), crop_largest=largest)
        return replace(larger, jitter=0.0, grey=0.0, stain=0.0, blur=0.0)

    def keeps(self) -> dict[str, Any]:
        return {
            "head": pack_layers(self.head, self.widths),
            "classifier": self.classifier.state_dict(),
            "classes": list(self.classes),
        }


STAGES: Registry[type[Stage]] = Registry("stage")


def pack_layers(layers: nn.Module, widths: Sequence[int]) -> dict[str, Any]:
    """Everything needed to build these layers of `mlp` again, as plain data for a checkpoint."""
    return {"widths": list(widths), "weights": layers.state_dict()}


def first_layers(kept: Mapping[str, Any], count: int) -> nn.Sequential:
    """The first layers, each with its norm and ReLU, of the projector that a run of SimCLR v2 kept; none for 0.

    Raises:
        CheckpointUnreadable: the run kept no projector.
        SettingInvalid: it has no so many layers below its last, which only serves the comparison.
    """
    if "projector" not in kept:
        raise CheckpointUnreadable("This run kept no projector to fine-tune from inside. Train with simclr_v2 first.")
    widths = kept["projector"]["widths"]
    if count > len(widths) - 2:
        raise SettingInvalid(
            f"Fine-tuning can keep at most {len(widths) - 2} layers of this run's head, whose last is left out; "
            f"“head_layers” is {count}."
        )
    projector = mlp(*widths)
    projector.load_state_dict(kept["projector"]["weights"])
    return projector[: 3 * count]


def teacher_of(encoder: Encoder, kept: Mapping[str, Any]) -> tuple[nn.Sequential, list[str]]:
    """The network of an ended stage, images [B 3 H W] → scores [B L], frozen; and its classes [L].

    Raises:
        CheckpointUnreadable: the run kept no classifier.
    """
    if "classifier" not in kept:
        raise CheckpointUnreadable("This run has learnt no classes, so it cannot teach any. Fine-tune it first.")
    widths = kept["head"]["widths"]
    head = mlp(*widths, 1)[:-1]
    head.load_state_dict(kept["head"]["weights"])
    classifier = nn.Linear(widths[-1], len(kept["classes"]))
    classifier.load_state_dict(kept["classifier"])
    return nn.Sequential(encoder, head, classifier).requires_grad_(requires_grad=False).eval(), list(kept["classes"])

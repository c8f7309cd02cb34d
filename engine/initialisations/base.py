"""What every initialisation is, and the walk through the layers that they share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, TypeAlias

import torch
from torch import Tensor, nn

from engine.encoders import Encoder
from engine.errors import SettingInvalid
from engine.initialisations.patches import Layer, Patches, patches_of
from engine.registry import Registry

Directions: TypeAlias = Callable[[Patches, int], Tensor]  # patches, most wanted → unit vectors [at most so many, D]


class Initialisation:
    """Sets an encoder's filters from images; a subclass says what the directions of a layer are."""

    name: ClassVar[str]
    card: ClassVar[dict[str, object]]  # what the catalogue shows beside title and source

    def check(self, labels: Tensor) -> None:
        """Raise where the labels [M] do not do.

        Raises:
            TooFewLabels: too few images, or classes, are labelled.
        """

    def directions(self, patches: Patches, count: int) -> Tensor:
        """The best unit vectors [at most count, D] for a layer that sees these patches, the best first."""
        raise NotImplementedError

    def initialise(self, encoder: Encoder, images: Tensor, labels: Tensor, generator: torch.Generator) -> list[str]:
        """Set the filters in place, layer by layer in the order in which the images pass them.

        Args:
            encoder: with random weights; left in evaluation mode, its batch norms with the statistics of the images.
            images: [M 3 H W], normalised; they pass the network all at once.
            labels: class [M], UNKNOWN where a person gave none.
            generator: of the patches that are taken, and of what fills up the filters.

        Returns:
            The names of the convolutions that keep their random filters, since each sees only part of its channels.

        Raises:
            SettingInvalid: the encoder has no layer that could be set.
            TooFewLabels: too few images, or classes, are labelled.
        """
        self.check(labels)
        layers, left = settable(encoder)
        done: set[str] = set()

        def set_layer(name: str, layer: Layer, seen: Tensor) -> None:
            if name not in done:  # a layer that is passed twice is set once
                fill(layer, self.directions, patches_of(layer, seen, labels, generator), generator)
                done.add(name)

        hooks = [
            layer.register_forward_pre_hook(lambda module, given, name=name: set_layer(name, module, given[0]))
            for name, layer in layers.items()
        ]
        try:
            with torch.no_grad(), taking_statistics(encoder):
                encoder(images)
        finally:
            for hook in hooks:
                hook.remove()
        return left


INITIALISATIONS: Registry[type[Initialisation]] = Registry("initialisation")


def settable(encoder: Encoder) -> tuple[dict[str, Layer], list[str]]:
    """The layers by name whose filters see whole patches, and the names of the convolutions that do not.

    They are the convolutions that are not split into groups; without any convolution, the first linear layer, which
    cuts the image into patches.

    Raises:
        SettingInvalid: there is none.
    """
    convolutions = {name: part for name, part in encoder.named_modules() if isinstance(part, nn.Conv2d)}
    layers: dict[str, Layer] = {name: part for name, part in convolutions.items() if part.groups == 1}
    if not convolutions:
        linear = [(name, part) for name, part in encoder.named_modules() if isinstance(part, nn.Linear)]
        layers = dict(linear[:1])
    if not layers:
        raise SettingInvalid(
            f"The encoder {encoder.name} has no filters that could be computed from the images. Choose nano."
        )
    return layers, [name for name in convolutions if name not in layers]


@contextmanager
def taking_statistics(encoder: Encoder) -> Iterator[None]:
    """Within it batch norms take the statistics of what passes, and all else is as in evaluation.

    A norm that begins at zero, at the end of a residual branch, begins at one: else the filters before it had no say.
    """
    encoder.eval()
    norms = [part for part in encoder.modules() if isinstance(part, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.train()
        norm.momentum = 1.0
        if norm.affine and not norm.weight.any():
            nn.init.ones_(norm.weight)
    yield
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    encoder.eval()


def fill(layer: Layer, directions: Directions, patches: Patches, generator: torch.Generator) -> None:
    """Set a layer's filters to the directions of its patches, all of one length, as many as it has.

    Where there are fewer directions than filters, the rest point at random, at right angles to each other as far as
    there is room. The length makes the mean variance of what the filters answer 1; a bias centres it.
    """
    count, size = len(layer.weight), patches.values.shape[1]
    found = directions(patches, min(count, size))
    filters = torch.cat([found, random_directions(count - len(found), size, generator)])
    answers = (patches.values - patches.values.mean(dim=0)) @ filters.T
    filters /= answers.var(dim=0).mean().sqrt().clamp(min=1e-6)
    layer.weight.copy_(filters.view_as(layer.weight))
    if layer.bias is not None:
        layer.bias.copy_(-filters @ patches.values.mean(dim=0))


def random_directions(count: int, size: int, generator: torch.Generator) -> Tensor:
    """Random unit vectors [count size], at right angles to each other within each `size` of them."""
    blocks = [
        torch.linalg.qr(torch.randn(size, min(size, count - start), generator=generator))[0].T
        for start in range(0, count, size)
    ]
    return torch.cat([torch.empty(0, size), *blocks])

"""CS-CO: from one stain the network predicts the other; then views of one image, told apart by other stains, agree.

Yang et al., MICCAI 2021, https://doi.org/10.1007/978-3-030-87196-3_5, and, as CS-CO, Medical Image Analysis 2022; what
the papers leave open is as in the authors' code, https://github.com/easonyang1996/CS-CO. One network sees haematoxylin
alone, another eosin alone, and an image's vector is what both say, side by side. First each learns, through a decoder,
to draw the stain that it does not see (cross-stain prediction). Then the decoders stand still, and to that loss comes a
contrastive one, without negatives, between the image and views whose stains were told apart by perturbed colours (stain
vector perturbation): as in SimSiam the gradient is stopped on one side.

Differs: both stages are one run, with one optimiser, in which the second begins after a share of the steps (100 of 150
epochs in their code); stains are told apart by Ruifrok's or Macenko's colours, in place of Vahadane's sparse ones; a
stain's picture, grey, is repeated in three channels, since encoders take three; the second network begins as a copy of
the first; smaller decoders and heads; a predicted picture is standardised by mean and variance over batches, so that
its error is 1 for who knows nothing, and the usual weight is their 10 divided by about 20; the perturbed views take
the recipe's crops, flips, turns and blur, and so do the others; pairs may be different images, where a prior says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.func import functional_call

from engine.encoders import Encoder, TwoStains
from engine.encoders.two_stains import STAINS, tinted
from engine.methods.base import METHODS, Batch, Method
from engine.methods.byol import disagreement
from engine.methods.decoder import Decoder, guessing, squared_error, stride_of, worth_reconstructing
from engine.methods.heads import full_precision, mlp
from engine.methods.joint import joint_mean
from engine.settings import setting
from engine.views.recipe import Recipe
from engine.views.stain import ruifrok

UNRELATED = 2.0  # of |p - z|², directions at right angles


@METHODS.register("cs_co")
class CSCO(Method):
    card: ClassVar[dict[str, object]] = {
        "family": "pretext",
        "when_to_use": "For tissue in haematoxylin and eosin, and for nothing else: it tells the two stains apart and "
        "learns what one says of the other. Small batches do. On single cells at 32 pixels, in a short training, "
        "it was worth less than SimCLR after as many steps.",
        "assumes": "Where one stain is, and how much, follows from the tissue and so from the other; how exactly a "
        "laboratory's stains look does not matter. Two networks see every image, so it costs and keeps twice as much.",
        "cost": "medium",
        "minimum_batch": 8,
    }
    encoder: TwoStains
    progress: Tensor

    @dataclass(frozen=True)
    class Config:
        first_stage: float = setting(
            0.5,
            "share of the steps in which the other stain is predicted and nothing else; two thirds in the paper's code",
            minimum=0,
            maximum=1,
        )
        weight: float = setting(
            0.5, "how much the prediction of the other stain counts", minimum=0.001, maximum=100, symbol="γ"
        )
        perturbation: float = setting(
            0.05, "standard deviation of what is added to the colours of both stains", minimum=0, maximum=0.2
        )
        colours: str = setting(
            "fixed",
            "colours of the two stains: those measured by Ruifrok, or estimated in each image after Macenko (slower)",
            choices=("fixed", "estimated"),
        )
        width: int = setting(128, "features that are predicted; the paper's code uses 256", minimum=2, maximum=4096)
        hidden: int = setting(
            512, "features inside the heads; the paper's code uses 4096", minimum=2, maximum=8192, advanced=True
        )

    def __init__(self, encoder: Encoder, config: Config) -> None:
        stride_of(encoder)  # whether it keeps features in place, else the error that says so
        super().__init__(encoder if isinstance(encoder, TwoStains) else TwoStains(encoder, config.colours), config)
        self.projector = mlp(self.encoder.width, config.hidden, config.width)
        self.predictor = mlp(config.width, config.hidden, config.width)
        each = self.encoder.width // STAINS
        self.decoders = nn.ModuleList(Decoder(each, colours=1, in_place=True) for _ in range(STAINS))
        self.standard = nn.BatchNorm2d(STAINS, affine=False)  # of the stains' pictures
        self.register_buffer("progress", torch.zeros(()))

    def recipe(self, asked: Recipe) -> Recipe:
        """True colours, which tell the stains apart, and larger crops; blur as asked."""
        return replace(worth_reconstructing(asked), blur=asked.blur)

    def loss(self, batch: Batch) -> dict[str, Tensor]:
        first = self.encoder.pictures(batch.views[0])
        maps = self.encoder.maps_of(first)
        predicted = self._predicted(maps, first)
        with full_precision(first):
            wanted = self.standard(first)
            cross = STAINS * joint_mean(squared_error(predicted, wanted))
            trivial = UNRELATED + self.config.weight * STAINS * guessing(wanted)
        contrast = self._contrast(batch, maps) if self._second_stage() else self._no_contrast()
        total = contrast + self.config.weight * cross
        return {"total": total, "trivial": trivial, "cross_stain": cross.detach(), "contrast": contrast.detach()}

    def after_step(self, progress: float) -> None:
        self.progress.fill_(progress)

    @torch.no_grad()
    def pictures(self, images: Tensor) -> dict[str, Tensor]:
        """Each stain in its colour, and under it what is predicted of it from the other."""
        true = self.encoder.pictures(images)
        predicted = self._predicted(self.encoder.maps_of(true), true).float()
        mean, variance = self.standard.running_mean, self.standard.running_var
        assert mean is not None and variance is not None
        drawn = predicted * (variance + self.standard.eps).sqrt()[:, None, None] + mean[:, None, None]
        drawn = drawn.clamp(0, 1)
        violet, pink = ruifrok(true)
        return {
            "haematoxylin": tinted(true[:, 0], violet),
            "haematoxylin predicted from eosin": tinted(drawn[:, 0], violet),
            "eosin": tinted(true[:, 1], pink),
            "eosin predicted from haematoxylin": tinted(drawn[:, 1], pink),
        }

    def _predicted(self, maps: tuple[Tensor, Tensor], pictures: Tensor) -> Tensor:
        """What the maps of either stain say of the other: standardised pictures [B 2 H W], haematoxylin first."""
        high, wide = pictures.shape[2:]
        still = self._second_stage()
        drawn = []
        for decoder, seen in zip(self.decoders, maps, strict=True):
            weights = {name: weight.detach() if still else weight for name, weight in decoder.named_parameters()}
            drawn.append(functional_call(decoder, weights, (seen, high, wide)))
        eosin, haematoxylin = drawn
        return torch.cat([haematoxylin, eosin], dim=1)

    def _contrast(self, batch: Batch, maps: tuple[Tensor, Tensor]) -> Tensor:
        """How far each view's prediction is from what the other views' projections say: mean of |p - z|²."""
        noise = self.config.perturbation * batch.normal(len(batch.views) - 1, STAINS, 3)  # [B V-1 2 3]
        features = [torch.cat([seen.mean(dim=(2, 3)) for seen in maps], dim=1)]
        for view, perturbation in zip(batch.views[1:], noise.unbind(dim=1), strict=True):
            features.append(self.encoder.seen(self.encoder.pictures(view, perturbation)))
        projections = [self.projector(seen) for seen in features]  # one by one: batch norm sees each view by itself
        predictions = torch.cat([self.predictor(projection) for projection in projections])
        with full_precision(predictions):
            return disagreement(predictions, torch.cat(projections).detach(), len(features))

    def _no_contrast(self) -> Tensor:
        """What views cost that nobody has compared yet; heads that do not learn yet get a gradient of zero."""
        idle = torch.stack([weight.sum() for head in (self.projector, self.predictor) for weight in head.parameters()])
        return UNRELATED + 0 * idle.sum()

    def _second_stage(self) -> bool:
        return bool(self.progress >= self.config.first_stage)

"""From a vector back to a picture, and what a picture costs: shared by the methods that encode and decode."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.encoders import Encoder
from engine.methods.joint import gather, joint_mean
from engine.views.recipe import Recipe

START = 4  # side of the grid that the vector is first spread over
CHANNELS = (128, 64, 32, 16)  # on that grid, then after each enlargement
PROBE = 64  # side in pixels of the image that shows how coarse an encoder's features in place are
MOST_CROPPED = 0.5  # share of the image's area that a view to be reconstructed shows at least


class Decoder(nn.Module):
    """Vectors [B D] → pictures [B C H W], normalised as views are, of any size with the same weights.

    The vector is spread over a grid of 4 x 4, which grows to the picture's size in three steps by equal factors, with a
    3x3 convolution after each. It begins with pictures that are all but grey. At 32 pixels it costs as much as nano.

    Args:
        width: D.
        colours: C.
        in_place: whether it begins with features in place [B D h w], whose grid then grows, rather than with vectors.
    """

    def __init__(self, width: int, colours: int = 3, in_place: bool = False) -> None:
        super().__init__()
        self.spread = nn.Conv2d(width, CHANNELS[0], 1) if in_place else nn.Linear(width, CHANNELS[0] * START**2)
        self.steps = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
            )
            for inputs, outputs in pairwise(CHANNELS)
        )
        self.colour = nn.Conv2d(
            CHANNELS[-1], colours, 3, padding=1, bias=False
        )  # normalised pixels have a mean of about 0
        nn.init.normal_(self.colour.weight, std=0.005)

    def forward(self, vectors: Tensor, height: int, width: int) -> Tensor:
        maps = self.spread(vectors)
        maps = maps if maps.ndim == 4 else maps.unflatten(1, (CHANNELS[0], START, START))
        high, wide = maps.shape[2:]
        maps = F.relu(maps, inplace=True).contiguous(memory_format=torch.channels_last)
        for step, layers in enumerate(self.steps, start=1):
            done = step / len(self.steps)
            size = (grown(height, done, high), grown(width, done, wide))
            maps = layers(F.interpolate(maps, size=size, mode="bilinear", align_corners=False))
        pictures: Tensor = self.colour(maps)
        return pictures


def grown(side: int, progress: float, start: int) -> int:
    """The side in pixels when this share of the way from the first grid's to the picture's is done, in (0, 1]."""
    return round(start * math.exp(progress * math.log(side / start)))


def squared_error(pictures: Tensor, wanted: Tensor) -> Tensor:
    """Mean squared difference of each picture [B 3 H W], or of other features [B …], over all its numbers: [B]."""
    return (pictures.float() - wanted.float()).square().flatten(1).mean(dim=1)


def guessing(wanted: Tensor) -> Tensor:
    """The squared error of who always shows the mean picture [B 3 H W], or gives the mean features [B …], of the batch.

    It is their variance over the joint batch, mean over all numbers: a scalar.
    """
    return joint_mean(squared_error(joint_mean_of(wanted), wanted.detach()))


@torch.no_grad()
def joint_mean_of(pictures: Tensor) -> Tensor:
    """The mean picture [1 3 H W] of the pictures [B 3 H W] of all processes, or the mean of other features [B …]."""
    count = gather(pictures.new_tensor([len(pictures)], dtype=torch.float32)).sum()
    return gather(pictures.float().sum(dim=0, keepdim=True)).sum(dim=0, keepdim=True) / count


def worth_reconstructing(asked: Recipe) -> Recipe:
    """Views whose pixels are worth learning: larger crops, and no colours, greys or blur that no image has."""
    return replace(asked, crop=max(asked.crop, MOST_CROPPED), jitter=0, grey=0, stain=0, blur=0)


@torch.no_grad()
def stride_of(encoder: Encoder) -> float:
    """Pixels to a side of one place of the encoder's maps.

    Raises:
        SettingInvalid: it keeps no features in place.
    """
    was = encoder.training
    maps = encoder.eval().maps(torch.zeros(1, 3, PROBE, PROBE))
    encoder.train(was)
    return PROBE / math.sqrt(maps.shape[2] * maps.shape[3])

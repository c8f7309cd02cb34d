"""Residual networks for small images.

He et al., CVPR 2016, https://arxiv.org/abs/1512.03385, with the last norm of each block starting at zero (Goyal et al.,
2017, https://arxiv.org/abs/1706.02677). Differs: the stems below, in place of 7x7 stride 2 and max-pooling, which would
leave one pixel of a 32-pixel image.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from engine.encoders.base import Encoder


class Block(nn.Module):
    """Two 3x3 convolutions around a shortcut: relu(x + f(x))."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        nn.init.zeros_(self.norm2.weight)

    def forward(self, images: Tensor) -> Tensor:
        inner = F.relu(self.norm1(self.conv1(images)), inplace=True)
        return F.relu(self.norm2(self.conv2(inner)) + self.shortcut(images), inplace=True)


class ResNet(Encoder):
    """Stem, four stages of blocks, global average: [B 3 H W] → [B 8·width].

    Args:
        width: channels of the first stage; the next ones have 2, 4 and 8 times as many.
        blocks: blocks in each stage.
        stem_stride: 2 halves the image first (a quarter of the cost); 1 keeps every pixel of a small one.
    """

    def __init__(self, config: object, width: int, blocks: tuple[int, int, int, int], stem_stride: int) -> None:
        super().__init__(config)
        self.width = 8 * width
        self.stem = nn.Conv2d(3, width, 3, stem_stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        stages: list[nn.Module] = []
        inputs = width
        for level, count in enumerate(blocks):
            outputs = width * 2**level
            for index in range(count):
                stages.append(Block(inputs, outputs, stride=2 if level > 0 and index == 0 else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*stages)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, images: Tensor) -> Tensor:
        return self.maps(images).mean(dim=(2, 3))

    def maps(self, images: Tensor) -> Tensor:
        features: Tensor = self.blocks(F.relu(self.norm(self.stem(images)), inplace=True))
        return features

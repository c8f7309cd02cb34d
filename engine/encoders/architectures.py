"""What is known of torchvision's families of networks: their papers, and how small an image they can take. No torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Architectures that share a paper and a stem."""

    prefix: str  # of their names in torchvision
    kind: str
    paper: str
    stem: int = 0  # side of the first convolution's kernel where small images can have a stem of their own, else 0
    smallest: int = 32  # side in pixels below which the original network fails or has nothing left in its last layer
    fixed: int = 0  # side that its positions are made for, to which every image is brought; 0 for any


RESIDUAL, MOBILE, TRANSFORMER = "residual network", "mobile network", "vision transformer"

FAMILIES = (  # the first whose prefix fits
    Family("resnet", RESIDUAL, "He et al., CVPR 2016, https://arxiv.org/abs/1512.03385", stem=7),
    Family("resnext", RESIDUAL, "Xie et al., CVPR 2017, https://arxiv.org/abs/1611.05431", stem=7),
    Family("wide_resnet", RESIDUAL, "Zagoruyko and Komodakis, BMVC 2016, https://arxiv.org/abs/1605.07146", stem=7),
    Family("regnet", RESIDUAL, "Radosavovic et al., CVPR 2020, https://arxiv.org/abs/2003.13678", stem=3),
    Family("densenet", "dense network", "Huang et al., CVPR 2017, https://arxiv.org/abs/1608.06993", stem=7),
    Family("efficientnet_v2", MOBILE, "Tan and Le, ICML 2021, https://arxiv.org/abs/2104.00298", stem=3),
    Family("efficientnet", MOBILE, "Tan and Le, ICML 2019, https://arxiv.org/abs/1905.11946", stem=3),
    Family("mobilenet_v2", MOBILE, "Sandler et al., CVPR 2018, https://arxiv.org/abs/1801.04381", stem=3),
    Family("mobilenet_v3", MOBILE, "Howard et al., ICCV 2019, https://arxiv.org/abs/1905.02244", stem=3),
    Family("mnasnet", MOBILE, "Tan et al., CVPR 2019, https://arxiv.org/abs/1807.11626", stem=3),
    Family("shufflenet", MOBILE, "Ma et al., ECCV 2018, https://arxiv.org/abs/1807.11164", stem=3),
    Family("squeezenet", MOBILE, "Iandola et al., 2016, https://arxiv.org/abs/1602.07360"),
    Family("convnext", "convolutional network", "Liu et al., CVPR 2022, https://arxiv.org/abs/2201.03545"),
    Family("vgg", "convolutional network", "Simonyan and Zisserman, ICLR 2015, https://arxiv.org/abs/1409.1556"),
    Family("alexnet", "convolutional network", "Krizhevsky, 2014, https://arxiv.org/abs/1404.5997", smallest=64),
    Family("googlenet", "inception network", "Szegedy et al., CVPR 2015, https://arxiv.org/abs/1409.4842"),
    Family(
        "inception", "inception network", "Szegedy et al., CVPR 2016, https://arxiv.org/abs/1512.00567", smallest=75
    ),
    Family("swin_v2", TRANSFORMER, "Liu et al., CVPR 2022, https://arxiv.org/abs/2111.09883"),
    Family("swin", TRANSFORMER, "Liu et al., ICCV 2021, https://arxiv.org/abs/2103.14030"),
    Family("maxvit", TRANSFORMER, "Tu et al., ECCV 2022, https://arxiv.org/abs/2204.01697", fixed=224),
    Family("vit", TRANSFORMER, "Dosovitskiy et al., ICLR 2021, https://arxiv.org/abs/2010.11929", fixed=224),
)

# Their ImageNet weights expect colours normalised in another way: they start from random ones, or from a user's file.
OTHER_COLOURS = frozenset({"googlenet", "inception_v3", "efficientnet_v2_l"})


def family_of(architecture: str) -> Family | None:
    """The family of a torchvision architecture; None for one that came after this table."""
    return next((family for family in FAMILIES if architecture.startswith(family.prefix)), None)

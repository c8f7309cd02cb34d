"""Embeddings: one vector an image, in order, the same however the images are batched."""

import numpy as np
import torch

from engine.embed import embed
from engine.encoders import build_encoder
from engine.train.measure import random_images

CPU = torch.device("cpu")


def test_each_image_gets_the_vector_it_would_get_alone() -> None:
    encoder, images = build_encoder("nano", {"width": 8}), random_images(7, 16)
    together, apart = (embed(encoder, images, CPU, batch=batch, precision="float32") for batch in (7, 2))
    assert together.shape == (7, 64) and together.dtype == np.float32
    np.testing.assert_allclose(together, apart, atol=1e-4)


def test_bfloat16_is_close_to_float32() -> None:
    encoder, images = build_encoder("nano", {"width": 8}), random_images(6, 16)
    exact, short = (embed(encoder, images, CPU, precision=precision) for precision in ("float32", "bfloat16"))
    cosine = (exact * short).sum(1) / np.linalg.norm(exact, axis=1) / np.linalg.norm(short, axis=1)
    assert cosine.min() > 0.99


def test_progress_ends_at_the_number_of_images() -> None:
    told: list[tuple[int, int]] = []
    embed(build_encoder("nano", {"width": 8}), random_images(5, 16), CPU, batch=2, progress=lambda *p: told.append(p))
    assert told == [(2, 5), (4, 5), (5, 5)]

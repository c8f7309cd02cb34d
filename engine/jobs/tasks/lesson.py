"""What a training learns, and from which images: all that differs between the kinds of training. Loads torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from engine.encoders import unpack
from engine.errors import TooFewLabels
from engine.images.cache import PixelCache
from engine.images.table import ImageTable
from engine.jobs.context import Context
from engine.jobs.semi_supervised import DistilRequest, FineTuneRequest
from engine.jobs.tasks.given_labels import GivenLabels, read_given_labels
from engine.jobs.tasks.network import Start, first_encoder
from engine.methods import Method
from engine.methods.distillation import Distillation
from engine.methods.fine_tuning import FineTuning
from engine.methods.stage import first_layers, teacher_of
from engine.priors import Pairing
from engine.run_folder import RunFolder
from engine.settings import build
from engine.train.checkpoint import load_checkpoint
from engine.train.left_out import asked, choose_left_out
from engine.train.loop import Step, Training
from engine.types import UNKNOWN, Array, Indices


@dataclass(frozen=True, eq=False)
class Lesson:
    """A network, and the images it learns from; beside them, images it is only asked about."""

    method: Method
    cache: PixelCache
    ids: Array  # of the images in the cache [N]
    left_out: PixelCache | None = None
    left_out_codes: Indices | None = None

    def steps(self, training: Training) -> Iterator[Step]:
        """The steps of a training on this lesson."""
        if self.left_out is None or self.left_out_codes is None:
            return training.steps()
        return asked(training, self.left_out, self.left_out_codes)


def stage_lesson(
    context: Context, request: FineTuneRequest | DistilRequest, table: ImageTable, pairing: Pairing, cache: PixelCache
) -> Lesson:
    """The lesson of a stage that follows on an earlier run.

    Raises:
        CheckpointUnreadable: the earlier run is gone or damaged, or did not learn what this one builds on.
        TooFewLabels: the images of fewer than two classes are left of those that had labels.
    """
    given = read_given_labels(context.folder)
    earlier = load_checkpoint(RunFolder.of(context.project, request.before).encoder)
    if isinstance(request, FineTuneRequest):
        return _fine_tuning(request, earlier, given, table, pairing, cache)
    network, classes = teacher_of(unpack(earlier), earlier.get("keeps", {}))
    settings = {} if request.init == request.teacher else dict(request.encoder_settings)  # else it brings its own
    begin = Start(request.init, request.config.seed, request.config.size)
    encoder = first_encoder(context.project, request.encoder, settings, begin, context.report.say)
    codes = torch.from_numpy(given.codes(table.ids, classes))
    config = build(Distillation.Config, request.method_settings)
    return Lesson(Distillation(encoder, network, classes, codes, config), cache, table.ids)


def _fine_tuning(
    request: FineTuneRequest,
    earlier: Mapping[str, Any],
    given: GivenLabels,
    table: ImageTable,
    pairing: Pairing,
    cache: PixelCache,
) -> Lesson:
    everywhere = given.codes(table.ids, given.classes)
    rows = np.flatnonzero(everywhere != UNKNOWN)
    codes, groups = everywhere[rows], pairing.groups()
    if len(np.unique(codes)) < 2:
        raise TooFewLabels("The labelled images of all classes but one are gone. Rescan, label, then start a new run.")
    left_out = choose_left_out(codes, None if groups is None else groups[rows], request.config.seed)
    learnt = np.setdiff1d(np.arange(len(rows)), left_out)
    config = build(FineTuning.Config, request.method_settings)
    head = first_layers(earlier.get("keeps", {}), config.head_layers)
    return Lesson(
        FineTuning(unpack(earlier), head, given.classes, torch.from_numpy(codes[learnt]), config),
        _part(cache, rows[learnt]),
        table.ids[rows[learnt]],
        _part(cache, rows[left_out]) if len(left_out) else None,
        codes[left_out],
    )


def _part(cache: PixelCache, rows: Indices) -> PixelCache:
    return replace(cache, rows=cache.rows[rows])

"""The task of a bench: cell by cell it trains, embeds and scores, and writes the result after each.

It computes nothing but scores; trainings and embeddings are jobs of their own. Killed or stopped, it goes on where it
was: what is done is found done. One cell at a time, so that the seconds of a training mean the same for all.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from engine.bench.plan import Cell, Plan, Skipped, first_seed, make_plan
from engine.bench.results import Results, save_results
from engine.bench.rows import Take, rows_of
from engine.bench.score import Protocol, score_embedding
from engine.bench.timing import Timing
from engine.bench.work import Workshop
from engine.errors import EngineError
from engine.evaluate.truth import read_truth
from engine.images.table import read_table
from engine.jobs.bench_request import BenchRequest
from engine.jobs.context import Context
from engine.jobs.hardware import hardware
from engine.jobs.reporter import Stopped
from engine.jobs.stages import TRAINING
from engine.jobs.status import Status
from engine.project import Project
from engine.types import UNKNOWN, Array

UNITS = 100  # of progress that a cell counts
TRAINED, EMBEDDED = 0.85, 0.95  # share of a cell that is done after each part


def run(context: Context) -> None:
    """Work through the cells.

    Raises:
        Stopped: the bench was asked to stop; so was the training that was at work.
        EngineError: what is wrong with the truth or the request.
    """
    request = context.request
    assert isinstance(request, BenchRequest)
    context.report.begin("Benchmark", "Benchmark: reading the truth")
    classes, protocol = read_protocol(context.project, request)
    _Bench(context, request, make_plan(context.project, request), classes, protocol).work()


def read_protocol(project: Project, request: BenchRequest) -> tuple[Array, Protocol]:
    """Names of the classes [L], and what is asked of every embedding."""
    table = read_table(project)
    names = read_truth(table, Path(request.truth), request.column).names.astype(str)
    classes = np.unique(names[names != ""])
    truth = np.where(names == "", UNKNOWN, np.searchsorted(classes, names))
    groups = table.codes(request.group)[0] if request.group else None
    return classes, Protocol(truth.astype(np.int64), groups, sorted(set(request.labels)), range(request.seeds))


class _Bench:
    """A bench at work: what it has found so far, and where it is."""

    def __init__(self, context: Context, request: BenchRequest, plan: Plan, classes: Array, protocol: Protocol) -> None:
        self.context, self.request, self.plan, self.protocol = context, request, plan, protocol
        self.shop = Workshop(context.project, context.report.stop_wanted.is_set)
        self.takes: list[Take] = []
        self.skipped = list(plan.skipped)
        self.classes = [str(name) for name in classes]
        trains = [cell.train is not None and not self.shop.trained(cell.train) for cell in plan.cells]
        self.timing = Timing(plan.cells, trains, by_time=request.seconds > 0)
        context.report.judge_left_by(self.timing.seconds_left)
        self.done = 0  # cells

    def work(self) -> None:
        for cell in self.plan.cells:
            worked = False
            try:
                self.takes.append(self._take(cell))
                worked = True
            except EngineError as error:  # one that fails leaves the others their worth
                self.context.report.say(f"{cell.title}: {error}")
                self.skipped.append(Skipped(cell.method, cell.prior, cell.encoder, cell.init, str(error)))
            self.done += 1
            self.timing.end_cell(worked=worked)
            save_results(self.context.project, self.request.name, self._results())
        self._tell(0.0, "Benchmark: done")

    def _take(self, cell: Cell) -> Take:
        spent = None
        if cell.train:
            spent = self.shop.train(cell.train, self.request.seconds, partial(self._tell_training, cell.title))
        self._tell(TRAINED, f"{cell.title}: embedding")
        embedding = self.shop.embed(cell.embed, lambda now: self._tell(TRAINED, f"{cell.title}: embedding"))
        self._tell(EMBEDDED, f"{cell.title}: scoring")
        scored = score_embedding(
            self.context.project, embedding, self._asked(cell), partial(self._tell_scoring, cell.title)
        )
        return Take(cell, spent, embedding, scored)

    def _asked(self, cell: Cell) -> Protocol:
        """Each repeat has draws of its own, the same for all cells of its number."""
        first = (first_seed(self.request) + cell.repeat) * self.request.seeds
        return replace(self.protocol, seeds=range(first, first + self.request.seeds))

    def _results(self) -> Results:
        one, owners = hardware(), self.protocol.owners
        known = self.protocol.truth != UNKNOWN
        settings = self.request.as_json() | {"truth": Path(self.request.truth).name}
        return {
            "name": self.request.name,
            "images": len(known),
            "with_truth": int(known.sum()),
            "classes": self.classes,
            "groups": None if owners is None else len(np.unique(owners)),
            "hardware": {"device": one.device, "name": one.name, "cores": one.cores, "memory": one.memory_total},
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "settings": {name: value for name, value in settings.items() if name not in ("kind", "device")},
            "cells": len(self.plan.cells),
            "rows": rows_of(self.takes, self.request.repeats, self.request.priors[0]),
            "skipped": [asdict(one) for one in self.skipped],
        }

    def _tell_training(self, title: str, now: Status) -> None:
        share = now.fraction if now.stage == TRAINING.title else 0.0  # before, its images are prepared
        self.timing.see(share)
        self._tell(TRAINED * share, f"{title}: training")

    def _tell(self, share: float, message: str) -> None:
        total = len(self.plan.cells)
        text = f"{min(self.done + 1, total)} of {total}: {message}" if self.done < total else message
        self.context.report.advance(round((self.done + share) * UNITS), total * UNITS, text)

    def _tell_scoring(self, title: str, done: int, total: int) -> None:
        if self.shop.stopping():
            raise Stopped
        self._tell(EMBEDDED + (1 - EMBEDDED) * done / total, f"{title}: scoring")

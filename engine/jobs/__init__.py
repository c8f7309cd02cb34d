"""Jobs: long work in processes of its own, with the run's folder as the only truth about it. No torch."""

from engine.jobs.bench_request import BenchRequest
from engine.jobs.combine_request import CombineRequest
from engine.jobs.cost import Cost, estimate, known_cost
from engine.jobs.hardware import Hardware, hardware
from engine.jobs.output import Look, epoch_maps, latest_judgement, log, looks, metrics, views_sample
from engine.jobs.presets import PRESETS, Preset, first_look, known_epoch, preset_request, unmeasured_request
from engine.jobs.request import TRAINING_KINDS, EmbedRequest, MapRequest, PrepareRequest, Request, TrainRequest
from engine.jobs.semi_supervised import DistilRequest, FineTuneRequest
from engine.jobs.start import delete_run, resume_run, start, stop_run
from engine.jobs.status import Status, status, statuses, wait
from engine.jobs.tile_request import TileRequest
from engine.jobs.traps import warnings

__all__ = [
    "PRESETS",
    "TRAINING_KINDS",
    "BenchRequest",
    "CombineRequest",
    "Cost",
    "DistilRequest",
    "EmbedRequest",
    "FineTuneRequest",
    "Hardware",
    "Look",
    "MapRequest",
    "PrepareRequest",
    "Preset",
    "Request",
    "Status",
    "TileRequest",
    "TrainRequest",
    "delete_run",
    "epoch_maps",
    "estimate",
    "first_look",
    "hardware",
    "known_cost",
    "known_epoch",
    "latest_judgement",
    "log",
    "looks",
    "metrics",
    "preset_request",
    "resume_run",
    "start",
    "status",
    "statuses",
    "stop_run",
    "unmeasured_request",
    "views_sample",
    "wait",
    "warnings",
]

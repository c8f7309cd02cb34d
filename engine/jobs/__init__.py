"""Jobs: long work in processes of its own, with the run's folder as the only truth about it. No torch."""

from engine.jobs.request import EmbedRequest, MapRequest, PrepareRequest, Request, TrainRequest
from engine.jobs.simple import train_request
from engine.jobs.start import delete as delete_run
from engine.jobs.start import resume as resume_run
from engine.jobs.start import start
from engine.jobs.start import stop as stop_run
from engine.jobs.status import Status, log, metrics, status, statuses, wait

__all__ = [
    "EmbedRequest",
    "MapRequest",
    "PrepareRequest",
    "Request",
    "Status",
    "TrainRequest",
    "delete_run",
    "log",
    "metrics",
    "resume_run",
    "start",
    "status",
    "statuses",
    "stop_run",
    "train_request",
    "wait",
]

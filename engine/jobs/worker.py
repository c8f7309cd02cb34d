"""The process that works on a run: `python -m engine.jobs.worker RUNFOLDER`. It goes on where the run is.

It does one stage, then starts the next stage's worker on the same run and ends. So going on after a crash and going on
to the next stage are the same thing: a fresh process looks into the folder and does what comes next.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from pathlib import Path

import psutil

from engine import files
from engine.errors import EngineError
from engine.jobs.context import Context
from engine.jobs.explain import explain
from engine.jobs.process import claim, identify
from engine.jobs.pulse import Pulse
from engine.jobs.reporter import Reporter, RunGone, Stopped
from engine.jobs.request import from_json
from engine.jobs.spawn import spawn_worker
from engine.jobs.stages import stages_of
from engine.project import open_project
from engine.run_folder import RunFolder

NICENESS = 3  # of 19; the dashboard answers first


def work(folder: RunFolder) -> None:
    """Do the run's next stage, then hand on to a worker for the one after it."""
    report = Reporter(folder)
    claim(folder, identify())
    signal.signal(signal.SIGTERM, lambda *_: report.stop_wanted.set())
    try:
        more = _do_stage(folder, report)
    except Stopped:
        report.end("stopped", "Stopped")
    except RunGone:  # nobody is left to tell
        return
    except EngineError as error:  # its sentence says all that a reader needs
        report.say(str(error))
        report.end("failed", "Failed", explain(error))
    except BaseException as error:
        report.end("failed", "Failed", explain(error))
        raise  # into the log
    else:
        if more:
            spawn_worker(folder)
        else:
            report.end("done", report.record.detail.get("outcome", "Done"))


def _do_stage(folder: RunFolder, report: Reporter) -> bool:
    """One stage; returns whether another follows."""
    request = from_json(files.read_json(folder.request))
    stages, step = stages_of(request), report.record.step
    stage = stages[step]
    if folder.stop.exists():
        raise Stopped
    report.say(f"{stage.title} (process {os.getpid()})")
    with Pulse(report, stage.saves):
        import_module(stage.task).run(Context(open_project(folder.project_root), request, folder, report))
        if step + 1 < len(stages):
            report.next_stage()
    return step + 1 < len(stages)


def _step_back() -> None:
    """Lower this process's priority a little."""
    process = psutil.Process()
    if sys.platform == "win32":
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        process.nice(max(NICENESS, process.nice()))  # never up: that is not allowed


if __name__ == "__main__":
    _step_back()
    run_folder = RunFolder(Path(sys.argv[1]))
    if run_folder.exists():  # else it was deleted while this process woke up
        work(run_folder)

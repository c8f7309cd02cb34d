"""Start a bench, or go on with the one that was asked the same before."""

from __future__ import annotations

from engine import files, jobs
from engine.bench.plan import Plan, make_plan
from engine.errors import SettingInvalid
from engine.jobs.bench_request import BenchRequest
from engine.jobs.request import from_json, with_whole_paths
from engine.project import Project
from engine.run_folder import RunFolder


def start_bench(project: Project, request: BenchRequest) -> str:
    """The run that works on the bench: the one at work or one to go on with where the request is the same, else a new.

    Raises:
        EngineError: whatever is wrong with the request.
        SettingInvalid: no training of it makes sense.
    """
    checked = with_whole_paths(request)
    assert isinstance(checked, BenchRequest)
    check_bench(project, checked)
    last = bench_status(project, checked.name)
    if last and from_json(files.read_json(RunFolder.of(project, last.run).request)) == checked:
        if last.active:
            return last.run
        if last.resumable:
            jobs.resume_run(project, last.run)
            return last.run
    run = jobs.start(project, checked)
    files.write_json(project.bench_folder(checked.name) / "request.json", checked.as_json())
    return run


def check_bench(project: Project, request: BenchRequest) -> Plan:
    """The plan of a bench, without starting anything.

    Raises:
        EngineError: as `start_bench`.
    """
    request.check(project)
    plan = make_plan(project, request)
    if not plan.trained:
        reasons = "; ".join(dict.fromkeys(one.reason for one in plan.skipped))
        raise SettingInvalid(f"No training of this benchmark makes sense. {reasons}")
    return plan


def bench_status(project: Project, bench: str) -> jobs.Status | None:
    """How far the newest run of a bench is; None where there is none."""
    stem = BenchRequest(name=bench).title
    return next((one for one in jobs.statuses(project) if one.kind == "bench" and one.title == stem), None)

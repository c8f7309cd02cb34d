"""The bench: trainings compared by what a few labels are worth after them, on the user's own images. No torch."""

from engine.bench.plan import Plan, make_plan
from engine.bench.results import as_csv, as_frame, list_benches, load_results
from engine.bench.start import bench_status, check_bench, start_bench

__all__ = [
    "Plan",
    "as_csv",
    "as_frame",
    "bench_status",
    "check_bench",
    "list_benches",
    "load_results",
    "make_plan",
    "start_bench",
]

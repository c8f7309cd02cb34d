"""A training by several processes of this machine: the worker, and companions that take the same steps beside it.

Companions report nothing and write nothing; they end with the worker. The processes find each other by a file in the
run's folder and talk over the loopback interface.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine import files
from engine.errors import RunFailed, SettingInvalid
from engine.images.cache import open_cache
from engine.images.table import read_table
from engine.jobs.request import TrainRequest, from_json
from engine.jobs.spawn import PACKAGE_ROOT, worker_environment
from engine.priors import Pairing, build_priors
from engine.project import open_project
from engine.run_folder import RunFolder


@contextmanager
def companions(folder: RunFolder, count: int, device: str) -> Iterator[None]:
    """Within it, `count` processes train together, this one and count - 1 companions; alone, nothing changes.

    Raises:
        SettingInvalid: the device is not the CPU.
        RunFailed: a companion ended before its time.
    """
    if count == 1:
        yield
        return
    if device != "cpu":
        raise SettingInvalid(f"“processes” share a CPU; this run is on {device}. Set processes to 1, or device to cpu.")
    folder.meeting.unlink(missing_ok=True)
    command = [sys.executable, "-m", "engine.jobs.tasks.companions", str(folder.root.resolve())]
    started = [
        subprocess.Popen([*command, str(rank)], cwd=PACKAGE_ROOT, env=worker_environment(), stdin=subprocess.DEVNULL)
        for rank in range(1, count)
    ]
    try:
        meet(folder, 0, count)
        yield
    except RuntimeError as error:
        if not any(one.poll() for one in started):
            raise
        raise RunFailed(
            f"One of the {count} processes that trained together ended; the log says why. "
            "Resume the run, or start it with fewer processes."
        ) from error
    finally:
        part()
        for one in started:
            one.terminate()
            one.wait()
        folder.meeting.unlink(missing_ok=True)


def meet(folder: RunFolder, rank: int, count: int) -> None:
    """Join the other processes as number `rank` of `count`, and take a fair part of the cores."""
    import torch
    from torch import distributed

    os.environ["GLOO_SOCKET_IFNAME"] = "lo0" if sys.platform == "darwin" else "lo"
    torch.set_num_threads(max(1, torch.get_num_threads() // count))
    distributed.init_process_group("gloo", folder.meeting.resolve().as_uri(), rank=rank, world_size=count)


def part() -> None:
    """Leave the other processes, if they were met."""
    from torch import distributed

    if distributed.is_initialized():
        distributed.destroy_process_group()


def accompany(folder: RunFolder, rank: int) -> None:
    """Take the steps of the run's training as companion `rank`, from where its checkpoint stands, to its end."""
    from engine.jobs.tasks.network import build_network
    from engine.jobs.tasks.stains import to_one_stain
    from engine.train.balance import owners_of
    from engine.train.batches import Known
    from engine.train.checkpoint import load_checkpoint
    from engine.train.device import choose_device
    from engine.train.loop import Training

    request, project = from_json(files.read_json(folder.request)), open_project(folder.project_root)
    assert isinstance(request, TrainRequest)
    table, config = read_table(project), request.config
    pairing = Pairing.of(table, build_priors(request.priors))
    cache = to_one_stain(open_cache(project, table, config.size), table, pairing.recipe)
    method = build_network(project, request, lambda _: None)
    meet(folder, rank, config.processes)
    known = Known(pairing.kin(), owners_of(table, config.balance, table.ids))
    training = Training(method, cache, pairing, known, pairing.recipe, config, choose_device("cpu"))
    if folder.checkpoint.exists():
        training.load(load_checkpoint(folder.checkpoint)["training"])
    for _ in training.steps():
        pass
    part()


if __name__ == "__main__":
    accompany(RunFolder(Path(sys.argv[1])), int(sys.argv[2]))

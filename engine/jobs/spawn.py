"""Start a worker that is nobody's child: it lives on when the dashboard or the shell that started it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil

from engine.home import home_folder
from engine.jobs.process import Identity, claim, identify
from engine.run_folder import RunFolder

PACKAGE_ROOT = Path(__file__).resolve().parents[2]


def spawn_worker(folder: RunFolder) -> Identity | None:
    """Start `python -m engine.jobs.worker FOLDER`, detached, and write down that it works on the run.

    Returns:
        The worker; None where it ended at once. Its log and status say why.
    """
    with folder.log.open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "engine.jobs.worker", str(folder.root.resolve())],
            cwd=PACKAGE_ROOT,
            env=worker_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **_detachment(),
        )
    # Until this process ends the worker is its child: waiting for it keeps it from staying behind as a zombie.
    threading.Thread(target=worker.wait, name=f"reap {folder.run}", daemon=True).start()
    try:
        identity = identify(worker.pid)
    except psutil.NoSuchProcess:
        return None
    claim(folder, identity)
    return identity


def worker_environment() -> dict[str, str]:
    """The environment in which `python -m engine.…` works from any folder."""
    path = os.pathsep.join([str(PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {
        **os.environ,
        "PYTHONPATH": path,
        "PYTHONUNBUFFERED": "1",
        "HANDFUL_HOME": str(home_folder().resolve()),  # the worker runs in another folder
    }


def _detachment() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}

"""The process that measures: `python -m engine.jobs.tasks.measure JSON` writes views per second on its stdout."""

from __future__ import annotations

import json
import sys

from engine.train.device import choose_device
from engine.train.measure import measure

if __name__ == "__main__":
    setting = json.loads(sys.argv[1])
    device = choose_device(setting.pop("device"))
    sys.stdout.write(str(measure(**setting, device=device)))

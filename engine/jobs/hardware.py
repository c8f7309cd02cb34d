"""What this machine computes with, without loading torch: its accelerator by name, memory and use, else its CPU."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

import psutil
import pynvml


@dataclass(frozen=True)
class Hardware:
    """One device that trains, as of now."""

    device: str  # cuda, mps or cpu
    name: str  # as its maker calls it
    cores: int  # of the CPU
    memory_total: int  # bytes; of the device, the machine's for mps and cpu
    memory_used: int  # bytes
    use: float  # share of its time that it works, in [0, 1]
    sentence: str  # the same in plain words


def hardware() -> Hardware:
    """The device that “auto” trains on."""
    return _nvidia() or _own()


def device_name(wanted: str = "auto") -> str:
    """The device a run will take, by the name its queue has: cuda, mps or cpu."""
    return hardware().device if wanted == "auto" else wanted


def _nvidia() -> Hardware | None:
    """The first NVIDIA GPU; None where there is no driver or no card."""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return None
    try:
        if pynvml.nvmlDeviceGetCount() == 0:
            return None
        handle = pynvml.nvmlDeviceGetHandleByIndex(0)
        name, memory = str(pynvml.nvmlDeviceGetName(handle)), pynvml.nvmlDeviceGetMemoryInfo(handle)
        use = pynvml.nvmlDeviceGetUtilizationRates(handle).gpu / 100
    except pynvml.NVMLError:  # a card that the driver has lost
        return None
    finally:
        pynvml.nvmlShutdown()
    used, total = int(memory.used), int(memory.total)
    sentence = f"GPU: {name}, {_gigabytes(used)} of {_gigabytes(total)} GB in use, {use:.0%} busy."
    return Hardware("cuda", name, _cores(), total, used, use, sentence)


def _own() -> Hardware:
    memory, use = psutil.virtual_memory(), psutil.cpu_percent() / 100
    used = int(memory.total - memory.available)
    apple = sys.platform == "darwin" and platform.machine() == "arm64"
    name = platform.processor() or platform.machine()
    kind = "GPU of the Apple chip" if apple else f"CPU with {_cores()} cores, no GPU"
    sentence = f"{kind}: {_gigabytes(used)} of {_gigabytes(int(memory.total))} GB in use, {use:.0%} busy."
    return Hardware("mps" if apple else "cpu", name, _cores(), int(memory.total), used, use, sentence)


def _cores() -> int:
    return psutil.cpu_count(logical=False) or psutil.cpu_count() or 1


def _gigabytes(count: int) -> str:
    return f"{count / 2**30:.1f}"

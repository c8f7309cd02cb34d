"""Where to compute and in which number format."""

from __future__ import annotations

import torch

from engine.errors import SettingInvalid


def choose_device(name: str = "auto") -> torch.device:
    """The device of this name; "auto" takes the machine's accelerator ("cuda", "mps", …), else "cpu".

    Raises:
        SettingInvalid: a device that this machine does not have.
    """
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if name == "auto":
        return accelerator or torch.device("cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise SettingInvalid(f"“{name}” is no device. Use auto, cpu, cuda or mps.") from None
    if device.type != "cpu" and (accelerator is None or device.type != accelerator.type):
        has = f"cpu and {accelerator.type}" if accelerator else "only cpu"
        raise SettingInvalid(f"This machine has no device “{name}”; it has {has}. Use auto.")
    return device


def choose_precision(device: torch.device, name: str = "auto") -> torch.dtype:
    """The type inside the network: "auto" takes bfloat16 where the hardware multiplies it faster than float32."""
    if name != "auto":
        return torch.bfloat16 if name == "bfloat16" else torch.float32
    return torch.bfloat16 if _multiplies_bfloat16(device) else torch.float32


def autocast(device: torch.device, precision: torch.dtype) -> torch.autocast:
    """The context in which a network's forward pass runs at this precision."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == torch.bfloat16)


def _multiplies_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        able: bool = torch.cuda.is_bf16_supported(including_emulation=False)
        return able
    if device.type == "cpu":
        features = torch.cpu.get_capabilities()
        return bool(features.get("avx512_bf16") or features.get("amx_bf16"))
    return False

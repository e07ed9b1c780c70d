"""Independent random streams, so that changing one thing in a run leaves every other draw alone."""

from hashlib import sha256

import torch
from torch import Tensor


def stream(seed: int, name: str, step: int = 0) -> torch.Generator:
    """A fresh CPU generator for one purpose: its state is decided by "seed/name/step" alone."""
    digest = sha256(f"{seed}/{name}/{step}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little", signed=True))


def sent(values: Tensor, device: torch.device) -> Tensor:
    """What was drawn on the CPU, on `device`. Nobody waits: a CUDA device copies it in its turn."""
    if device.type == "cuda" and not values.is_cuda:
        return values.pin_memory().to(device, non_blocking=True)
    return values.to(device)

"""Independent random streams, so that changing one thing in a run leaves every other draw alone."""

from hashlib import sha256

import torch


def stream(seed: int, name: str, step: int = 0) -> torch.Generator:
    """A fresh CPU generator for one purpose: its state is decided by "seed/name/step" alone."""
    digest = sha256(f"{seed}/{name}/{step}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little", signed=True))

"""How fast the machine itself is: matrices, convolutions, memory; and what a step asks of it."""

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.parts.report import Asked, seconds_each
from sslviz.training.session import Session

GIGA = 1e9


def machine(asked: Asked) -> Mapping[str, Any]:
    """GFLOP/s of a large product and of convolutions like those of a backbone; GB/s of a copy."""
    device, found = asked.device, {}
    side = asked.sized(8192 if device.type == "cuda" else 1024, 128)
    for dtype in (torch.float32, torch.bfloat16):
        a, b = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
        taken = seconds_each(lambda a=a, b=b: a @ b, asked, 5)
        found[f"matmul_{name(dtype)}_gflops"] = round(2 * side**3 / taken / GIGA, 1)
    size = asked.sized(2**28 if device.type == "cuda" else 2**26, 2**16)
    block = torch.zeros(size // 4, device=device)
    other = torch.empty_like(block)
    taken = seconds_each(lambda: other.copy_(block), asked, 5)
    found["copy_gigabytes_per_second"] = round(2 * size / taken / GIGA, 1)
    return found


def name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def convolution(
    asked: Asked, a: int, b: int, side: int, batch: int, dtype: torch.dtype, last: bool = True
) -> dict[str, float]:
    """GFLOP/s of a 3 x 3 convolution alone (a to b channels), forward and with its gradients."""
    device = asked.device
    layout = torch.channels_last if last else torch.contiguous_format
    x = torch.randn(batch, a, side, side, device=device, dtype=dtype).to(memory_format=layout)
    w = torch.randn(b, a, 3, 3, device=device, dtype=dtype).to(memory_format=layout)
    x.requires_grad_(a > 3)
    w.requires_grad_()
    grad = torch.randn(batch, b, side, side, device=device, dtype=dtype).to(memory_format=layout)
    flops = 2 * 9 * a * b * side**2 * batch

    def both() -> None:
        x.grad = w.grad = None
        F.conv2d(x, w, padding=1).backward(grad)

    rounds = asked.sized(5, 1)
    forward = seconds_each(lambda: F.conv2d(x, w, padding=1), asked, rounds)
    whole = seconds_each(both, asked, rounds)
    passes = 3 if a > 3 else 2
    return {
        "forward_gflops": round(flops / forward / GIGA, 1),
        "both_gflops": round(passes * flops / whole / GIGA, 1),
        "both_ms": round(1000 * whole, 2),
    }


def step_gflop(session: Session) -> float:
    """GFLOP that one step of the session multiplies and adds: convolutions and products alone."""
    batch, augment = session.next_batch(), session.pipeline.at(session.step)
    with FlopCounterMode(display=False) as counter:
        loss = session.method(session.method.views(batch, augment)).loss
        if loss.requires_grad:
            loss.backward()
    return counter.get_total_flops() / GIGA

"""A training step: against the usual way, and taken apart beside what the machine could do."""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any

import torch

from benchmarks.parts import floor
from benchmarks.parts.report import Asked, seconds_each
from benchmarks.parts.sessions import session_of, step
from benchmarks.parts.usual import in_blocks, usual_step
from sslviz.training.session import Session, multiplies_bfloat16

CHANNELS = {"tiny": ((3, 24, 32), (24, 48, 16), (48, 96, 8), (96, 128, 4))}


def against_usual(asked: Asked) -> Mapping[str, Any]:
    """Images a second of a SimCLR step, ours and the usual way in turn, in this process: the same
    networks, images and optimizer; as many worker processes as cores."""
    found: dict[str, Any] = {}
    half = ("bfloat16",) if multiplies_bfloat16(asked.device) else ()
    for backbone in ("tiny", "resnet9")[: asked.sized(2, 1)]:
        for precision in ("float32", *half):
            session = _session(asked, backbone, precision=precision)
            workers = 0 if asked.toy else os.cpu_count() or 1
            usual, found["loss"] = usual_step(session, workers)
            steps = asked.sized(6 if backbone == "tiny" else 2, 1)
            ours = partial(step, session)
            taken = in_blocks(ours, usual, workers, asked, steps, rounds=asked.sized(3, 1))
            row = {name: round(session.batch_size / t) for name, t in taken.items()}
            row["times"] = round(taken["usual"] / taken["ours"], 2)
            found[f"{backbone} {precision}"] = row
    return found


def breakdown(asked: Asked) -> Mapping[str, Any]:
    """Milliseconds of the parts of a SimCLR step; what its arithmetic would take at the rate of
    large products, and its convolutions alone, as oneDNN or cuDNN make them."""
    machine = floor.machine(asked)
    found: dict[str, Any] = {"machine": machine}
    for backbone in ("tiny", "resnet9")[: asked.sized(2, 1)]:
        session = _session(asked, backbone, precision="float32")
        gflop = floor.step_gflop(session)
        row = {k: round(1000 * v, 1) for k, v in _parts(asked, session).items()}
        row["gflop"] = round(gflop, 2)
        row["at_product_rate"] = round(1000 * gflop / machine["matmul_float32_gflops"], 1)
        if backbone in CHANNELS:
            views = 2 * session.batch_size
            alone = [
                floor.convolution(asked, *shape, views, torch.float32)["both_ms"]
                for shape in CHANNELS[backbone]
            ]
            row["convolutions_alone"] = round(sum(alone), 1)
        found[backbone] = row
    return found


def _parts(asked: Asked, session: Session) -> dict[str, float]:
    """Seconds of the whole step, and of its parts one by one."""
    method, rounds = session.method, asked.sized(4, 1)
    batch = session.next_batch()
    views = method.views(batch, session.pipeline.at(0))
    step(session)

    def backward() -> None:
        session.optimizer.zero_grad(set_to_none=True)
        method(views).loss.backward()

    def ahead() -> None:
        with torch.no_grad():
            method(views)

    draw = session.pipeline.at(1)
    parts = {
        "step": lambda: step(session),
        "drawing": lambda: [draw.params(session.batch_size, w) for w in (1, 2)],
        "views": lambda: method.views(batch, session.pipeline.at(1)),
        "forward": ahead,
        "forward_and_backward": backward,
        "optimizer": session.optimizer.step,
    }
    return {name: seconds_each(make, asked, rounds) for name, make in parts.items()}


def _session(asked: Asked, backbone: str, **more: Any) -> Session:
    size = asked.sized(1024, 64)
    batch = asked.sized(256 if backbone == "tiny" else 64, 16)  # a slow machine must end too
    return session_of(asked.device, size, probes=64, backbone=backbone, batch_size=batch, **more)

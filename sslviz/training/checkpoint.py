"""A session written down and put back, so that a resumed run goes on exactly where it was."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from sslviz.runs.store import RunWriter, newest_checkpoint
from sslviz.training.session import Session


def save_checkpoint(run: RunWriter, session: Session) -> None:
    """Weights, buffers and optimizer state, with the step and what was changed on the way.

    Keys: `method.<name>`, `optimizer.<parameter>.<name>`, `layout.<name>` (the newest picture).
    """
    tensors = {f"method.{k}": v for k, v in session.method.state_dict().items()}
    for i, entry in session.optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{i}.{k}": v for k, v in entry.items() if isinstance(v, Tensor)}
    tensors |= {f"layout.{k}": v for k, v in session.observer.previous.items()}
    tensors = {k: v.detach().cpu().contiguous() for k, v in tensors.items()}
    state = {
        "step": session.step,
        "seconds": session.seconds,
        "changes": session.changes,
        "start": session.observer.start,
    }
    run.checkpoint(lambda path: save_file(tensors, path), state)


def load_checkpoint(folder: Path, session: Session) -> bool:
    """Puts the newest valid checkpoint into a fresh session; False where there is none."""
    found = newest_checkpoint(folder)
    if found is None:
        return False
    path, state = found
    tensors = load_file(path)
    session.change(_changes(state))
    session.method.load_state_dict(_under("method.", tensors))
    optimizer = session.optimizer.state_dict()
    params = [p for group in session.optimizer.param_groups for p in group["params"]]
    optimizer["state"] = _optimizer_state(_under("optimizer.", tensors), params)
    session.optimizer.load_state_dict(optimizer)
    session.observer.previous = {
        k: v.to(session.device) for k, v in _under("layout.", tensors).items()
    }
    session.observer.start = state["start"]
    session.step, session.seconds = int(state["step"]), float(state["seconds"])
    return True


def _changes(state: dict[str, Any]) -> dict[str, Any]:
    """By dotted name; older checkpoints hold the method's knobs by their own names."""
    if "changes" in state:
        return state["changes"]
    return {f"method.{name}": value for name, value in state["knobs"].items()}


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _optimizer_state(
    tensors: dict[str, Tensor], params: list[Tensor]
) -> dict[int, dict[str, Tensor]]:
    """By parameter and name; laid out in memory like the parameter, as fused optimizers assume."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        number, name = key.split(".", 1)
        like = params[int(number)]
        if value.shape == like.shape:
            value = torch.empty_like(like, dtype=value.dtype).copy_(value)
        state.setdefault(int(number), {})[name] = value
    return state

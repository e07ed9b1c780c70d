"""A session written down and put back, so that a resumed run goes on exactly where it was."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save
from torch import Tensor

from sslviz.config import settings_of
from sslviz.runs.checkpoint import checkpoints
from sslviz.runs.store import RunWriter
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
        "threads": torch.get_num_threads(),
        "precision": "bfloat16" if session.bfloat16 else "float32",
    }
    run.checkpoint(lambda path: _write(path, tensors), state)


def _write(path: Path, tensors: dict[str, Tensor]) -> None:
    """By Python's own write, whose errors say what is wrong with the disk."""
    path.write_bytes(save(tensors))


@dataclass(frozen=True)
class Loaded:
    """Whether a checkpoint was put into a session; why a newer one could not be, and its files."""

    found: bool
    reason: str = ""
    refused: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return self.found


def load_checkpoint(folder: Path, session: Session) -> Loaded:
    """Puts the newest checkpoint that can be loaded into a fresh session.

    Where none can be, the session is of no use any more. Raises OSError and what tells of too
    little memory: then it is unknown whether it can be loaded.
    """
    reason, refused = "", ()
    for path, state in checkpoints(folder):
        try:
            _load(path, state, session)
        except (MemoryError, torch.OutOfMemoryError, OSError):
            raise  # says nothing about the checkpoint
        except Exception as error:  # intact bytes may still hold anything: shapes, names, values
            reason = f"{type(error).__name__}: {str(error)[:200]}"
            refused = (*refused, path, path.with_suffix(".json"))
        else:
            return Loaded(True, reason, refused)
    return Loaded(False, reason, refused)


def _load(path: Path, state: dict[str, Any], session: Session) -> None:
    tensors = load_file(path)
    step, seconds = int(state["step"]), float(state["seconds"])
    if step > session.config.steps:
        raise ValueError(f"step {step} of {session.config.steps}")
    own = settings_of(session.config)  # back from what a newer checkpoint had changed
    session.change({name: own[name] for name in session.changes} | _changes(state))
    session.method.load_state_dict(_under("method.", tensors))
    optimizer = session.optimizer.state_dict()
    params = [p for group in session.optimizer.param_groups for p in group["params"]]
    optimizer["state"] = _optimizer_state(_under("optimizer.", tensors), params)
    session.optimizer.load_state_dict(optimizer)
    session.observer.previous = {
        k: v.to(session.device) for k, v in _under("layout.", tensors).items()
    }
    session.observer.start = {k: v for k, v in state["start"].items() if not isinstance(v, str)}
    session.step, session.seconds = step, seconds


def _changes(state: dict[str, Any]) -> dict[str, Any]:
    """By dotted name; older checkpoints hold the method's knobs by their own names."""
    if "changes" in state:
        return state["changes"]
    return {f"method.{name}": value for name, value in state["knobs"].items()}


def arithmetic(folder: Path) -> dict[str, Any]:
    """`threads` and `precision` of the newest checkpoint, as far as it says: what must be the same
    for a resumed run to go on exactly."""
    found = checkpoints(folder)
    state = found[0][1] if found else {}
    threads, precision = state.get("threads"), state.get("precision")
    kept: dict[str, Any] = {}
    if type(threads) is int and 0 < threads <= 1024:
        kept["threads"] = threads
    if precision in ("float32", "bfloat16"):
        kept["precision"] = precision
    return kept


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

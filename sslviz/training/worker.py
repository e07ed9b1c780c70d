"""The worker process: `python -m sslviz.training.worker RUN_FOLDER` trains one run and exits."""

import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import FrameType

import torch

from sslviz.config import RunConfig
from sslviz.data.load import load_data
from sslviz.refusal import Refusal, Sentence, say
from sslviz.runs.changes import in_force, read_plan
from sslviz.runs.queue import advance
from sslviz.runs.store import RunWriter, StaleWorker, read_config
from sslviz.training.checkpoint import load_checkpoint
from sslviz.training.loop import Loop
from sslviz.training.observe import Diverged
from sslviz.training.session import open_session

UMAP_FROM_SECONDS = 60.0  # shorter runs would wait longer for the map than they trained


def run(folder: Path) -> int:
    """Trains the run in `folder` from its newest checkpoint on. Returns the exit code.

    0: finished or stopped; 1: failed while training; 2: the config cannot be run. The reason is in
    the run's status, in one sentence. Raises Refusal where another worker holds the folder.
    """
    config = read_config(folder)
    writer = RunWriter(folder)
    try:
        writer.status(state="starting", phase="data", step=0, steps=config.steps, error=None)
        loop = _prepare(folder, config, writer)
        state = loop.train()
        writer.status(state=state, phase=None, eta_seconds=0.0 if state == "finished" else None)
        if state == "finished" and loop.session.seconds > UMAP_FROM_SECONDS:
            _add_umap(loop)
        return 0
    except StaleWorker:
        return 1
    except Refusal as refusal:
        return _failed(writer, refusal.sentence, 2)
    except Diverged as error:
        sentence = say(
            "{trouble} Try a smaller learning rate; the last good snapshot and checkpoint are "
            "kept.",
            trouble=error.sentence,
        )
        return _failed(writer, sentence, 1)
    except torch.OutOfMemoryError:
        sentence = say(
            "The device ran out of memory. Try a batch size below {batch_size} or a smaller "
            "backbone.",
            batch_size=config.batch_size,
        )
        return _failed(writer, sentence, 1)
    except Exception as error:
        traceback.print_exc()
        sentence = say(
            "Training stopped on an unexpected error: {kind}: {error}",
            kind=type(error).__name__,
            error=str(error),
        )
        return _failed(writer, sentence, 1)
    finally:
        writer.release()


def _prepare(folder: Path, config: RunConfig, writer: RunWriter) -> Loop:
    device = chosen_device(config.device)
    data = load_data(
        config, progress=lambda message, share: writer.status(message=message, progress=share)
    )
    facts = {"n_train": len(data.train), "notes": data.notes}
    writer.status(phase="network", message=None, seed=config.seed, **facts)
    session = open_session(config, data, device)
    if session.batch_size < config.batch_size:
        smaller = say(
            "batch_size is {batch_size}; there are only {n} training images, so each step takes "
            "all of them.",
            batch_size=config.batch_size,
            n=session.batch_size,
        )
        writer.status(notes=(*data.notes, smaller))
    writer.status(
        device=device.type, device_name=device_name(device), batch_size=session.batch_size
    )
    if load_checkpoint(folder, session):
        writer.rewind(session.step)
        session.change(in_force(folder))
        writer.event("resume", session.step)
    else:
        writer.rewind(-1)
        writer.images(session.observer.images())
    loop = Loop(session, writer, read_plan(folder))
    signal.signal(signal.SIGTERM, lambda number, frame: _stop(loop, number, frame))
    return loop


def _add_umap(loop: Loop) -> None:
    """The run is over and saved; a map that cannot be drawn must not make it a failure."""
    try:
        loop.add_umap()
    except Exception:
        traceback.print_exc()


def chosen_device(name: str) -> torch.device:
    """auto: CUDA where there is one, else the CPU. Raises Refusal for CUDA without a device."""
    if name == "cuda" and not torch.cuda.is_available():
        raise Refusal("device is cuda, but this machine has no CUDA device; use cpu or auto.")
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def device_name(device: torch.device) -> str:
    """What to call the device on screen."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU, {torch.get_num_threads()} threads"


def _stop(loop: Loop, number: int, frame: FrameType | None) -> None:
    loop.stop = True


def _failed(writer: RunWriter, sentence: Sentence, code: int) -> int:
    print(sentence, file=sys.stderr)
    with suppress(StaleWorker):  # the run was taken over, or deleted
        writer.status(state="failed", phase=None, error=sentence, eta_seconds=None)
    return code


if __name__ == "__main__":
    place = Path(sys.argv[1]).absolute()
    try:
        code = run(place)
    except Refusal as refusal:
        sys.exit(str(refusal))
    advance(place.parent)  # the next in line takes this run's place
    sys.exit(code)

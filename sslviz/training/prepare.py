"""Everything before a run's first step: data, network, and the checkpoint it goes on from."""

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from sslviz.config import RunConfig
from sslviz.data.load import DataSplit, load_data
from sslviz.refusal import Refusal, Sentence, say
from sslviz.runs.changes import in_force, read_plan
from sslviz.runs.checkpoint import newest_checkpoint
from sslviz.runs.launch import START_OVER, OnlyFromTheStart, written_so_far
from sslviz.runs.store import RunWriter
from sslviz.training.checkpoint import arithmetic, load_checkpoint, save_checkpoint
from sslviz.training.ending import Ending
from sslviz.training.loop import Loop
from sslviz.training.session import Session, open_session, slow_in_bfloat16

if TYPE_CHECKING:
    from sslviz.training.ahead import Beginning

SLOW = say(
    "precision is bfloat16, and this processor has no instructions for it: steps take several "
    "times as long as with float32. auto chooses what is fast."
)


def prepare(
    folder: Path,
    config: RunConfig,
    writer: RunWriter,
    ending: Ending,
    ahead: "Beginning | None" = None,
) -> Loop:
    """Everything before the first step; the run goes on as its checkpoint was computed.

    `ahead`: taken where it is the beginning of this very run.
    """
    if ahead and (ahead.config != config or newest_checkpoint(folder)):
        ahead = None
    kept = arithmetic(folder)
    if "threads" in kept:
        torch.set_num_threads(kept["threads"])
    if "precision" in kept:
        config = config.with_settings({"precision": kept["precision"]})
    device = chosen_device(config.device)
    data = ahead.data if ahead else _loaded(config, writer)
    facts = {"n_train": len(data.train), "notes": data.notes}
    writer.status(phase="network", message=None, seed=config.seed, **facts)
    session = ahead.session if ahead else open_session(config, data, device)
    if ahead:
        torch.set_rng_state(ahead.random)
    notes = list(data.notes)

    def tell(note: Sentence) -> None:
        notes.append(note)
        writer.status(notes=tuple(notes))

    session.tell = tell
    if config.precision == "bfloat16" and slow_in_bfloat16(device):
        tell(SLOW)
    if session.batch_size < config.batch_size:
        smaller = say(
            "batch_size is {batch_size}; there are only {n} training images, so each step takes "
            "all of them.",
            batch_size=config.batch_size,
            n=session.batch_size,
        )
        tell(smaller)
    shown = len(session.observer.probe)
    if shown < config.probes and config.probes != RunConfig.probes:
        fewer = say(
            "probes is {probes}; only {n} images are held out, so all of them are shown.",
            probes=config.probes,
            n=shown,
        )
        tell(fewer)
    precision = "bfloat16" if session.bfloat16 else "float32"
    names = {"device": device.type, "device_name": device_name(device), "precision": precision}
    own = {"threads": torch.get_num_threads(), "batch_size": session.batch_size}
    writer.status(**own, **names)
    _go_on(folder, session, writer, ahead.images if ahead else None)
    return Loop(session, writer, ending, read_plan(folder))


def _loaded(config: RunConfig, writer: RunWriter) -> DataSplit:
    return load_data(
        config, progress=lambda message, share: writer.status(message=message, progress=share)
    )


def _go_on(folder: Path, session: Session, writer: RunWriter, images: bytes | None) -> None:
    """From the newest checkpoint that can be loaded, or from step 0 where nothing is lost by it."""
    over = folder / START_OVER
    loaded = None if over.exists() else load_checkpoint(folder, session)
    if loaded:
        if loaded.refused:
            message = say(
                "The newest checkpoint cannot be loaded ({reason}); an older one was taken.",
                reason=loaded.reason,
            )
            writer.event("error", session.step, message=message)
            writer.set_files_aside(loaded.refused)
            save_checkpoint(writer, session)
        writer.rewind(session.step)
        session.change(in_force(folder))
        writer.status(only_start_over=False)
        writer.event("resume", session.step)
        return
    lost = written_so_far(folder) if loaded is not None else None
    if lost:
        writer.status(only_start_over=True)
        raise OnlyFromTheStart(lost)
    writer.rewind(-1)
    over.unlink(missing_ok=True)
    writer.images(images or session.observer.images())
    writer.status(only_start_over=False)


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

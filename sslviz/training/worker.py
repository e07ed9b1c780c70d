"""The worker process: `python -m sslviz.training.worker RUN_FOLDER` trains one run and exits.

torch is imported only once the process listens to signals: that takes seconds.
"""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sslviz.config import RunConfig
from sslviz.refusal import Refusal, Sentence, say
from sslviz.runs.queue import advance
from sslviz.runs.room import HOLD_SECONDS, trouble
from sslviz.runs.store import RunWriter, StaleWorker, read_config
from sslviz.training.ending import Ended, Ending

if TYPE_CHECKING:
    from sslviz.training.ahead import Beginning
    from sslviz.training.loop import Loop

DEVICE_WORDS = ("CUDA error", "CUBLAS_STATUS", "CUDNN_STATUS", "CUSOLVER_STATUS", "CUFFT_")
UMAP_FROM_SECONDS = 60.0  # shorter runs would wait longer for the map than they trained


def run(
    folder: Path,
    ending: Ending | None = None,
    maps: bool = True,
    ahead: "Beginning | None" = None,
) -> int:
    """Trains the run in `folder` from its newest checkpoint on. Returns the exit code.

    0: finished, stopped or paused; 1: failed while training; 2: the config cannot be run. The
    reason is in the run's status, in one sentence. `ending` tells when the process is asked to end.
    `maps`: add UMAPs to the last snapshot of a long run. `ahead`: a beginning that may be this
    run's.
    Raises Refusal where another worker holds the folder.
    """
    ending = ending or Ending()
    config = read_config(folder)
    writer = RunWriter(folder, hold=_wait_for_room)
    try:
        writer.hold = _holding(writer)
        writer.status(state="starting", phase="data", step=0, steps=config.steps, error=None)
        from sslviz.training.prepare import prepare

        loop = prepare(folder, config, writer, ending, ahead)
        state = _train(loop, ending)
        gave_place, eta = state == "paused", 0.0 if state == "finished" else None
        message = _place_given(ending) if gave_place else None
        facts = {"state": state, "gave_place": gave_place, "message": message}
        writer.status(phase=None, eta_seconds=eta, **facts)
        if maps and state == "finished" and loop.session.seconds > UMAP_FROM_SECONDS:
            _add_umap(loop)
        return 0
    except StaleWorker:
        return 1
    except Ended:
        with suppress(StaleWorker, OSError):
            writer.tell_once(state="stopped", phase=None, message=None, eta_seconds=None)
        return 128 + ending.asked if ending.asked else 0
    except Refusal as refusal:
        return _failed(writer, refusal.sentence, 2)
    except Exception as error:
        traceback.print_exc()
        return _failed(writer, _explained(error, config, folder), 1)
    finally:
        writer.release()


def _train(loop: "Loop", ending: Ending) -> str:
    ending.training = True
    try:
        return loop.train()
    finally:
        ending.training = False


def _add_umap(loop: "Loop") -> None:
    """The run is over and saved; a map that cannot be drawn must not make it a failure."""
    try:
        loop.looking.add_umap()
    except (Exception, Ended):
        traceback.print_exc()


def _place_given(ending: Ending) -> Sentence:
    if ending.give_way:
        return say("It made room for a run that somebody started; its sweep goes on with it.")
    return say(
        "It was paused for so long that its place was given to others. Resume queues it again; "
        "nothing is lost."
    )


def _wait_for_room(error: OSError) -> None:
    """Before the run's own files can be written: what the log cannot take either is lost."""
    with suppress(OSError):
        print(error, file=sys.stderr)
    time.sleep(HOLD_SECONDS)


def _holding(writer: RunWriter) -> Callable[[OSError], None]:
    """The same once there is a status that may tell it."""

    def hold(error: OSError) -> None:
        writer.tell_once(state="held", message=trouble(error, writer.folder))
        time.sleep(HOLD_SECONDS)

    return hold


def _failed(writer: RunWriter, sentence: Sentence, code: int) -> int:
    with suppress(OSError):
        print(sentence, file=sys.stderr)
    with suppress(StaleWorker, Ended):  # the run was taken over, or deleted
        writer.status(state="failed", phase=None, message=None, error=sentence, eta_seconds=None)
    return code


def _explained(error: Exception, config: RunConfig, folder: Path) -> Sentence:
    """One sentence of ours for whatever ended the training; a library's words are a detail."""
    import torch

    from sslviz.training.observe import Diverged

    if isinstance(error, Diverged):
        return say(
            "{trouble} Try a smaller learning rate; the last good snapshot and checkpoint are "
            "kept.",
            trouble=error.sentence,
        )
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return say(
            "The device ran out of memory. Try a batch size below {batch_size} or a smaller "
            "backbone.",
            batch_size=config.batch_size,
        )
    if isinstance(error, OSError):
        return trouble(error, folder)
    if isinstance(error, RuntimeError) and any(word in str(error) for word in DEVICE_WORDS):
        return say(
            "The CUDA device failed or was lost; what was written is kept, and Resume goes on from "
            "the newest checkpoint ({detail}).",
            detail=str(error).partition("\n")[0][:400],
        )
    return say(
        "Training stopped on an error that sslviz does not know; what was written is kept, and the "
        "run's worker.log says more ({detail}).",
        detail=f"{type(error).__name__}: {str(error)[:400]}",
    )


def main(folder: Path, heir: int = 0, ahead: "Beginning | None" = None) -> int:
    """The process of one run; the next in line takes its place afterwards.

    `heir`: a process that starts the next one, faster, if it is still this one's parent then.
    """
    ending = Ending()
    with ending.listening(signal.SIGTERM):
        try:
            code = run(folder, ending, ahead=ahead)
        except Refusal as refusal:
            print(refusal, file=sys.stderr)
            return 1
        except Ended:
            return 128 + ending.asked
        if not heir or os.getppid() != heir:
            advance(folder.parent)
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))

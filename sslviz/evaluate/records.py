"""Evaluations of a run: `runs/<id>/evaluations/<evaluation>.json`, each written by its own process.

<id>.json   settings, state, progress and results; replaced atomically
<id>.launch who was started for it, until that process has spoken
<id>.npz    thumbnails of images it got wrong
<id>.log    what its process printed
"""

import os
import signal
import time
from pathlib import Path
from re import fullmatch
from secrets import token_hex
from typing import Any

import numpy as np

from sslviz.evaluate.checked import checked
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.refusal import Refusal, read_sentence
from sslviz.runs.arrays import read_arrays, write_arrays
from sslviz.runs.checkpoint import newest_checkpoint
from sslviz.runs.files import label, read_json, write_json
from sslviz.runs.lease import Lease, lease_from, lease_of, read_lease, write_lease
from sslviz.runs.process import follow, start_process
from sslviz.runs.room import HOLD_SECONDS, CannotWrite, lasting

WORKER = "sslviz.evaluate.worker"
ACTIVE = ("waiting", "running")


class EvaluationWriter:
    """The one writer of an evaluation. Opening it makes this process the one that counts."""

    def __init__(self, folder: Path, evaluation: str) -> None:
        self.path = evaluation_path(folder, evaluation)
        self.record = read_json(self.path)
        held = _lease(self.record)
        running = self.record.get("state") == "running"
        if held and held.alive() and held.pid != os.getpid() and running:
            raise Refusal(
                "Process {pid} runs the evaluation {evaluation} already.",
                pid=held.pid,
                evaluation=evaluation,
            )
        self.write(state="waiting", lease=vars(lease_of(os.getpid(), 1)), error=None)

    def write(self, **fields: Any) -> None:
        """Merges `fields` into the record; `updated_at` is its heartbeat.

        Waits for as long as the system cannot write.
        """
        self.record |= fields | {"updated_at": time.time()}
        last = fields.get("state") == "finished"
        lasting(lambda: write_json(self.path, self.record, sync=last), _hold)

    def arrays(self, **arrays: np.ndarray) -> None:
        lasting(lambda: write_arrays(self.path.with_suffix(".npz"), arrays), _hold)


def _hold(error: OSError) -> None:
    time.sleep(HOLD_SECONDS)


def create_evaluation(folder: Path, config: EvaluationConfig) -> str:
    """A new record; returns its id. Raises Refusal where the run has nothing to evaluate."""
    if config.encoder == "trained" and newest_checkpoint(folder) is None:
        raise Refusal(
            "The run {run} has no checkpoint yet; let it train on, or stop it first.",
            run=folder.name,
        )
    evaluation = f"{time.strftime('%Y%m%d-%H%M%S')}-{config.protocol}-{token_hex(3)}"
    record = {
        "id": evaluation,
        "run": folder.name,
        "protocol": config.protocol,
        "settings": config.to_json(),
        "state": "waiting",
        "lease": vars(lease_of(os.getpid(), 0)),
        "progress": 0.0,
        "eta_seconds": None,
        "error": None,
        "created_at": time.time(),
        "results": [],
    }
    try:
        (folder / "evaluations").mkdir(exist_ok=True)
        write_json(evaluation_path(folder, evaluation), record)
    except OSError as error:
        raise CannotWrite(error, folder) from error
    return evaluation


def start_evaluation(folder: Path, config: EvaluationConfig) -> str:
    """Creates an evaluation and starts its process, which outlives this one. Returns its id.

    Raises Refusal where it cannot be started, and then nothing of it is left.
    """
    folder = folder.absolute()
    evaluation = create_evaluation(folder, config)
    try:
        _spawn(folder, evaluation)
    except OSError as error:
        for left in (folder / "evaluations").glob(f"{evaluation}.*"):
            left.unlink(missing_ok=True)
        raise CannotWrite(error, folder) from error
    return evaluation


def _spawn(folder: Path, evaluation: str) -> None:
    path = evaluation_path(folder, evaluation)
    process = start_process([WORKER, str(folder), evaluation], path.with_suffix(".log"))
    try:
        write_lease(path.with_suffix(".launch"), lease_of(process.pid, 1))
    except OSError:
        process.kill()
        process.wait()
        raise
    follow(process, lambda code: None)


def stop_evaluation(folder: Path, evaluation: str) -> None:
    """Ends the process of an evaluation, which then reads as interrupted."""
    path = evaluation_path(folder, evaluation)
    for lease in (_lease(read_json(path)), read_lease(path.with_suffix(".launch"))):
        if lease and lease.pid != os.getpid() and lease.attempt and lease.alive():
            os.kill(lease.pid, signal.SIGTERM)


def read_evaluation(folder: Path, evaluation: str) -> dict[str, Any]:
    """The record with its state derived: a dead process's evaluation is interrupted.

    States: waiting, running, finished, failed, interrupted. `error`, `message` and `note` are a
    Sentence or null. Raises Refusal for a damaged one.
    """
    path = evaluation_path(folder, evaluation)
    record = read_json(path)
    try:
        record = checked(record, evaluation)
    except Refusal as reason:
        raise Refusal(
            "The evaluation {evaluation} of {run} is damaged: {reason}",
            evaluation=evaluation,
            run=folder.name,
            reason=reason.sentence,
        ) from None
    record |= {name: read_sentence(record.get(name)) for name in ("error", "message")}
    record["state"] = _state(record, read_lease(path.with_suffix(".launch")))
    return record


def list_evaluations(folder: Path) -> list[dict[str, Any]]:
    """All evaluations of a run, newest first; a damaged one has state "broken" and an `error`."""
    found = []
    for path in (folder / "evaluations").glob("[0-9]*.json"):
        try:
            found.append(read_evaluation(folder, path.stem))
        except Refusal as refusal:
            found.append(
                {"id": label(path.with_suffix("")), "state": "broken", "error": refusal.sentence}
            )
    return sorted(found, key=lambda record: record.get("created_at", 0.0), reverse=True)


def wrong_tiles(folder: Path, evaluation: str) -> np.ndarray | None:
    """W x S x S x 3 uint8: the first wrong images, in the record's order; None without any.

    Raises Refusal where their file is damaged.
    """
    path = evaluation_path(folder, evaluation).with_suffix(".npz")
    tiles = read_arrays(path).get("tiles") if path.is_file() else None
    if tiles is None:
        return None
    if tiles.dtype != np.uint8 or tiles.ndim != 4 or tiles.shape[3] != 3 or not tiles.size:
        raise Refusal("{name} holds no images.", name=label(path))
    return tiles


def evaluation_path(folder: Path, evaluation: str) -> Path:
    if not fullmatch(r"[0-9][A-Za-z0-9-]{0,79}", evaluation):
        raise Refusal("There is no evaluation {evaluation}.", evaluation=repr(evaluation[:80]))
    return folder / "evaluations" / f"{evaluation}.json"


def _state(record: dict[str, Any], launched: Lease | None) -> str:
    if record["state"] not in ACTIVE:
        return record["state"] if record["state"] in ("finished", "failed") else "interrupted"
    held = _lease(record)
    if held and held.attempt == 0 and launched:
        held = launched  # its process has not spoken yet
    return record["state"] if held and held.alive() else "interrupted"


def _lease(record: dict[str, Any]) -> Lease | None:
    return lease_from(record.get("lease"))

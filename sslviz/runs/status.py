"""The state of a run, derived from who is alive and what was heard, never merely claimed."""

import os
import time
from pathlib import Path
from typing import Any

from sslviz.refusal import Refusal, Sentence, read_sentence, say
from sslviz.runs.files import read_json
from sslviz.runs.lease import Lease, read_lease
from sslviz.runs.read import read_config

IN_WORDS = {
    "starting": say("starting"),
    "queued": say("queued"),
    "training": say("training"),
    "paused": say("paused"),
    "silent": say("silent"),
    "finished": say("finished"),
    "stopped": say("stopped"),
    "failed": say("failed"),
    "interrupted": say("interrupted"),
}
SILENT_AFTER = 30.0  # seconds without a heartbeat
_TIMES = ("started_at", "updated_at", "heartbeat")
_NUMBERS = ("images_per_second", "eta_seconds", "progress", "looking_share", *_TIMES)
_WORDS = ("device", "device_name", "phase")
_SENTENCES = ("error", "message")


def read_status(folder: Path) -> dict[str, Any]:
    """status.json with every field of the contract present and `state` derived, never claimed.

    `error` and `message` are a Sentence or null; `notes`: what was left out of the data, a
    Sentence each. `batch_size`: the one trained with, smaller than asked where images are few.
    Adds `attempt` (which worker), `queue_position` (1 = next; null unless queued). Raises
    Refusal only where the run has no readable config.
    """
    config = read_config(folder)
    lease = read_lease(folder / "lease.json")
    launched = read_lease(folder / "launch.json")
    written: dict[str, Any] = {}
    broken = None
    if (folder / "status.json").exists():
        try:
            written = read_json(folder / "status.json")
        except Refusal as error:
            broken = error.sentence
    status: dict[str, Any] = {name: _number(written.get(name)) for name in _NUMBERS}
    status |= {name: _word(written.get(name)) for name in _WORDS}
    status |= {name: read_sentence(written.get(name)) for name in _SENTENCES}
    status |= {name: _count(written.get(name)) for name in ("step", "n_train")}
    status["batch_size"] = _count(written.get("batch_size")) or config.batch_size
    notes = written.get("notes")
    read = map(read_sentence, notes if isinstance(notes, list) else [])
    status["notes"] = [note for note in read if note]
    status |= {"steps": config.steps, "seed": config.seed}
    status["attempt"] = lease.attempt if lease else 0
    status["error"] = broken or status["error"]
    line = waiting(folder.parent)
    position = line.index(folder.name) + 1 if folder.name in line else None
    status["queue_position"] = position
    status["state"] = _state(written, lease, launched, position)
    if status["state"] == "failed" and not status["error"]:
        status["error"] = last_words(folder)
    return status


def _state(
    written: dict[str, Any], lease: Lease | None, launched: Lease | None, position: int | None
) -> str:
    alive = lease is not None and lease.alive()
    attempt = lease.attempt if lease else 0
    if not alive and launched and launched.attempt > attempt and launched.alive():
        return "starting"
    if not alive and position is not None:
        return "queued"
    if alive and written.get("attempt") != attempt:
        return "starting"  # it holds the lease but has not spoken yet
    claimed = written.get("state")
    if claimed in ("finished", "stopped", "failed"):
        return claimed
    if alive:
        heartbeat = _number(written.get("heartbeat"))
        if heartbeat is not None and time.monotonic() - heartbeat > SILENT_AFTER:
            return "silent"
        return claimed if claimed in ("training", "paused") else "starting"
    if launched and launched.attempt > attempt:
        return "failed"  # the process ended before it could take the lease
    return "interrupted" if lease else "stopped"


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(value: Any) -> int:
    return value if type(value) is int and value >= 0 else 0


def _word(value: Any) -> str | None:
    return value[:2000] if isinstance(value, str) else None


def last_words(folder: Path) -> Sentence:
    """Why a worker ended before it could say so itself: the last line of its log."""
    try:
        with (folder / "worker.log").open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 4096))
            lines = log.read().decode(errors="replace").split("\n")
    except OSError:
        lines = []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return say(
        "The worker ended before training began: {last}",
        last=last or say("it left no message"),
    )


def waiting(root: Path) -> list[str]:
    """Ids of the runs that wait for a free place, first come first."""
    try:
        tickets = sorted(name for name in os.listdir(root / ".queue") if name[0].isdigit())
    except OSError:
        return []
    return [ticket.partition("_")[2] for ticket in tickets]


def list_runs(root: Path) -> list[dict[str, Any]]:
    """One summary a run folder, newest first; a damaged one has state "broken" and an error."""
    folders = [f for f in root.iterdir() if (f / "config.json").exists()] if root.is_dir() else []
    return sorted(map(summary, folders), key=lambda s: (s["created_at"], s["id"]), reverse=True)


def summary(folder: Path) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": folder.name, "folder": str(folder), "created_at": 0.0}
    try:
        facts["created_at"] = (folder / "config.json").stat().st_mtime
        config = read_config(folder)
        names = ("method", "data", "backbone", "batch_size", "seed")
        return facts | {name: getattr(config, name) for name in names} | read_status(folder)
    except (Refusal, OSError) as error:
        return facts | {"state": "broken", "step": 0, "steps": 0, "error": read_sentence(error)}

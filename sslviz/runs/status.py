"""The state of a run, derived from who is alive and what was heard, never merely claimed."""

import time
from heapq import heapify, heappop, heappush
from pathlib import Path
from statistics import fmean
from typing import Any

from sslviz.config import RunConfig
from sslviz.refusal import Refusal, Sentence, read_sentence, say
from sslviz.runs.about import read_about
from sslviz.runs.ended import last_words, read_end
from sslviz.runs.files import read_json
from sslviz.runs.lease import Lease, read_lease
from sslviz.runs.process import busy
from sslviz.runs.queue import places, waiting
from sslviz.runs.read import is_name, newer_settings, read_config
from sslviz.runs.room import full_now

IN_WORDS = {
    "starting": say("starting"),
    "queued": say("queued"),
    "training": say("training"),
    "paused": say("paused"),
    "held": say("held"),
    "silent": say("silent"),
    "finished": say("finished"),
    "stopped": say("stopped"),
    "failed": say("failed"),
    "interrupted": say("interrupted"),
}
CLAIMS = ("training", "paused", "held")
HELD_AFTER, SILENT_AFTER = 5.0, 30.0  # seconds without a heartbeat
_TIMES = ("started_at", "updated_at", "heartbeat")
_NUMBERS = ("images_per_second", "eta_seconds", "next_look", "looking_share", "progress", *_TIMES)
_WORDS = ("device", "device_name", "phase", "precision")
_COUNTS = ("step", "n_train", "threads")
_SENTENCES = ("error", "message")


def read_status(folder: Path) -> dict[str, Any]:
    """status.json with every field of the contract present and `state` derived, never claimed.

    `error` and `message` are a Sentence or null; `notes`: what was left out of the data and what
    else a reader should know, a Sentence each. `batch_size`: the one trained with, smaller than
    asked where images are few.
    Adds `attempt` (which worker), `queue_position` (1 = next; null unless queued) and
    `queue_eta_seconds` (until its place is free, as far as that can be told; else null). Raises
    Refusal only where the run has no readable config.
    """
    status = _status(folder)
    if status["queue_position"]:
        status["queue_eta_seconds"] = _queue_eta(folder.parent, status["queue_position"])
    return status


def _status(folder: Path) -> dict[str, Any]:
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
    status |= {name: _count(written.get(name)) for name in _COUNTS}
    status["batch_size"] = _count(written.get("batch_size")) or config.batch_size
    notes = written.get("notes")
    read = [*map(read_sentence, notes if isinstance(notes, list) else []), newer_settings(folder)]
    status["notes"] = [note for note in read if note]
    status |= {"steps": config.steps, "seed": config.seed}
    status["attempt"] = lease.attempt if lease else 0
    status["error"] = broken or status["error"]
    line = waiting(folder.parent)
    position = line.index(folder.name) + 1 if folder.name in line else None
    status |= {"queue_position": position, "queue_eta_seconds": None}
    status["state"] = _state(written, folder, lease, launched, position)
    status["only_start_over"] = written.get("only_start_over") is True
    status["error"] = status["error"] or _explanation(folder, status["state"], lease, launched)
    return status


def _state(
    written: dict[str, Any],
    folder: Path,
    lease: Lease | None,
    launched: Lease | None,
    position: int | None,
) -> str:
    alive = lease is not None and lease.alive()
    attempt = lease.attempt if lease else 0
    newer = launched if launched and launched.attempt > attempt and not alive else None
    if newer and newer.alive():
        return "starting"
    if not alive and position is not None:
        return "queued"
    if alive and written.get("attempt") != attempt:
        return "starting"  # it holds the lease but has not spoken yet
    claimed = written.get("state")
    if newer:  # the process ended before it could take the lease
        return "interrupted" if read_end(folder, newer.attempt) else "failed"
    if claimed in ("finished", "stopped", "failed"):
        return claimed
    if alive:
        heartbeat = _number(written.get("heartbeat"))
        quiet = 0.0 if heartbeat is None else time.monotonic() - heartbeat
        if quiet > HELD_AFTER and full_now(folder):
            return "held"  # it cannot even write that it waits for room
        if quiet > SILENT_AFTER:
            return "silent"
        return claimed if claimed in CLAIMS else "starting"
    if claimed == "paused" and written.get("gave_place") is True:
        return "paused"  # it wrote a checkpoint and went, so that others can train
    return "interrupted" if lease else "stopped"


def _explanation(
    folder: Path, state: str, lease: Lease | None, launched: Lease | None
) -> Sentence | None:
    """Why a worker is gone or held, where it could not say so itself."""
    if state == "failed":
        return last_words(folder)
    if state == "held":
        return full_now(folder)
    if state == "interrupted":
        attempts = [known.attempt for known in (launched, lease) if known]
        return read_end(folder, max(attempts, default=0))
    return None


def _queue_eta(root: Path, position: int) -> float | None:
    """Seconds until the run at that place in the line can start, from how long those that train
    now will still take; runs ahead in the line are taken to be as long as these. None: unknown."""
    left, whole = [], []
    for folder in root.iterdir():
        if not busy(folder):
            continue
        try:
            run = _status(folder)
        except Refusal:
            return None
        if run["eta_seconds"] is None or run["state"] not in ("training", "silent"):
            return None
        left.append(max(0.0, float(run["eta_seconds"])))
        whole.append(left[-1] * run["steps"] / max(1, run["steps"] - run["step"]))
    ends = left + [0.0] * (places() - len(left))
    heapify(ends)
    for _ in range(min(position - 1, 1000)):
        heappush(ends, heappop(ends) + (fmean(whole) if whole else 0.0))
    return ends[0] if whole else None


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(value: Any) -> int:
    return value if type(value) is int and value >= 0 else 0


def _word(value: Any) -> str | None:
    return value[:2000] if isinstance(value, str) else None


def list_runs(root: Path) -> list[dict[str, Any]]:
    """One summary a run folder, newest first; a damaged one has state "broken" and an error.

    Raises Refusal where `root` itself cannot be read.
    """
    try:
        found = [f for f in root.iterdir() if f.name[:1] != "."] if root.is_dir() else []
    except OSError as error:
        raise Refusal(
            "The folder of runs {path} cannot be read ({reason}).",
            path=str(root),
            reason=error.strerror or type(error).__name__,
        ) from None
    runs = [summary(folder) for folder in found if _begun(folder)]
    return sorted(runs, key=lambda s: (s["created_at"], s["id"]), reverse=True)


def called(root: Path) -> dict[str, tuple[str, RunConfig]]:
    """Id -> the name a person gave ("" for none) and the config of every run that can be read, in
    the order in which they were made."""
    found: list[tuple[float, str, str, RunConfig]] = []
    for path in root.glob("[A-Za-z0-9]*/config.json"):
        try:
            about, config = read_about(path.parent), read_config(path.parent)
        except Refusal:
            continue
        found.append((about["created_at"], path.parent.name, about["name"], config))
    found.sort(key=lambda run: run[:2])
    return {run: (name, config) for _at, run, name, config in found}


def _begun(folder: Path) -> bool:
    try:
        (folder / "config.json").lstat()
    except OSError:
        return False
    return True


def summary(folder: Path) -> dict[str, Any]:
    """A run in a list: its id, when it was made, what it trains and its status."""
    name = folder.name.encode("utf-8", "backslashreplace").decode()
    facts: dict[str, Any] = {"id": name, "folder": str(folder), **read_about(folder)}
    try:
        if not is_name(folder.name):
            raise Refusal("A folder of this name cannot be a run: {name}.", name=name)
        config = read_config(folder)
        names = ("method", "data", "backbone", "batch_size", "seed")
        return facts | {name: getattr(config, name) for name in names} | _status(folder)
    except (Refusal, OSError) as error:
        return facts | {"state": "broken", "step": 0, "steps": 0, "error": read_sentence(error)}

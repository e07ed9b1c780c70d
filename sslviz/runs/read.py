"""What everybody but the worker may do with a run folder: read it, and drop commands into it."""

import os
import re
import time
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np

from sslviz.config import RunConfig
from sslviz.config import read_config as parse_config
from sslviz.knobs import ConfigError, Scalar
from sslviz.runs.files import MOST_JSON, read_arrays, read_json, read_lines, write_json
from sslviz.runs.lease import Lease, read_lease

COMMANDS = ("pause", "resume", "stop", "snapshot", "set")
OVER = ("finished", "stopped", "failed", "interrupted")
SILENT_AFTER = 30.0  # seconds without a heartbeat
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_NUMBERS = ("images_per_second", "eta_seconds", "started_at", "updated_at", "heartbeat")
_WORDS = ("device", "device_name", "error", "phase", "message")


def runs_root() -> Path:
    """Where runs live: the folder named by SSLVIZ_RUNS, else `runs` in the current one."""
    return Path(os.environ.get("SSLVIZ_RUNS") or "runs").absolute()


def find_run(run: str, root: Path | None = None) -> Path:
    """The folder of a run id; ConfigError for ids that are unknown or would leave `root`."""
    folder = (root or runs_root()) / run if _SAFE_NAME.fullmatch(run) else None
    if folder is None or not (folder / "config.json").is_file():
        raise ConfigError(f"There is no run {run[:120]!r}.")
    return folder


def read_config(folder: Path) -> RunConfig:
    """The run's config. Raises ConfigError with one sentence for a damaged or hostile one."""
    path = folder / "config.json"
    try:
        stat = path.stat()
        return _config(path, stat.st_mtime_ns, stat.st_size)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The config of {folder.name} cannot be read ({error}).") from None
    except ConfigError as error:
        raise ConfigError(f"The config of {folder.name} is damaged: {error}") from None


@lru_cache(maxsize=512)
def _config(path: Path, mtime_ns: int, size: int) -> RunConfig:
    if size > MOST_JSON:
        raise ConfigError("it is too large.")
    try:
        return parse_config(path.read_text(encoding="utf-8"))
    except (TypeError, RecursionError, AttributeError) as error:
        raise ConfigError(f"it holds values of the wrong kind ({error}).") from None


def read_status(folder: Path) -> dict[str, Any]:
    """status.json with every field of the contract present and `state` derived, never claimed.

    Adds `attempt` (which worker), `queue_position` (1 = next; null unless queued). Raises
    ConfigError only where the run has no readable config.
    """
    config = read_config(folder)
    lease = read_lease(folder / "lease.json")
    launched = read_lease(folder / "launch.json")
    written: dict[str, Any] = {}
    broken = None
    if (folder / "status.json").exists():
        try:
            written = read_json(folder / "status.json")
        except ConfigError as error:
            broken = str(error)
    status: dict[str, Any] = {name: _number(written.get(name)) for name in _NUMBERS}
    status |= {name: _word(written.get(name)) for name in _WORDS}
    status |= {name: _count(written.get(name)) for name in ("step", "n_train")}
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


def last_words(folder: Path) -> str:
    """Why a worker ended before it could say so itself: the last line of its log."""
    try:
        with (folder / "worker.log").open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 4096))
            lines = log.read().decode(errors="replace").split("\n")
    except OSError:
        lines = []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f"The worker ended before training began: {last or 'it left no message'}"


def waiting(root: Path) -> list[str]:
    """Ids of the runs that wait for a free place, first come first."""
    try:
        tickets = sorted(name for name in os.listdir(root / ".queue") if name[0].isdigit())
    except OSError:
        return []
    return [ticket.partition("_")[2] for ticket in tickets]


def read_metrics(folder: Path, after: int = -1) -> list[dict[str, Any]]:
    """Rows with `step` > `after`, in the order in which they were written."""
    return [row for row in read_lines(folder / "metrics.jsonl") if row["step"] > after]


def read_events(folder: Path) -> list[dict[str, Any]]:
    return read_lines(folder / "events.jsonl")


def newest_values(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Metric name -> its newest value that is not null."""
    return {name: value for row in rows for name, value in row.items() if value is not None}


def snapshot_steps(folder: Path) -> list[int]:
    """Steps that have a snapshot, ascending."""
    try:
        names = os.listdir(folder / "snapshots")
    except OSError:
        return []
    return sorted(int(name[:-4]) for name in names if re.fullmatch(r"\d{8}\.npz", name))


def snapshot_path(folder: Path, step: int) -> Path:
    return folder / "snapshots" / f"{step:08d}.npz"


def read_snapshot(folder: Path, step: int) -> dict[str, np.ndarray]:
    """The arrays of one snapshot. Raises ConfigError where there is none or it is damaged."""
    path = snapshot_path(folder, step)
    if not path.is_file():
        raise ConfigError(f"The run {folder.name} has no snapshot of step {step}.")
    return read_arrays(path)


def read_images(folder: Path) -> dict[str, np.ndarray]:
    """The probe and diagnostic images, labels and factors, as the contract names them."""
    if not (folder / "images.npz").is_file():
        raise ConfigError(f"The run {folder.name} has not written its images yet.")
    return read_arrays(folder / "images.npz")


def send(folder: Path, command: str, **fields: Scalar) -> None:
    """Leaves a command for the worker, which acts on it within one step."""
    if command not in COMMANDS:
        raise ConfigError(f"{command!r} is not a command; it must be {', '.join(COMMANDS)}.")
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    path = inbox / f"{time.time_ns():020d}-{token_hex(4)}.json"
    write_json(path, {"command": command, **fields}, sync=False)


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
    except (ConfigError, OSError) as error:
        return facts | {"state": "broken", "step": 0, "steps": 0, "error": str(error)}

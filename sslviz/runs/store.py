"""A run folder: one writer (`RunWriter`, in the worker), many readers.

config.json                      written once, by whoever creates the run
lease.json  launch.json          who trains it; who was started to train it
status.json                      replaced atomically; its `state` is only a claim
metrics.jsonl  events.jsonl      one object a line, one row a step; a torn last line is ignored
inbox/                           commands, deleted by the worker as it takes them
snapshots/00001200.npz  images.npz
checkpoint-A|B.safetensors|json  two generations
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from re import sub
from secrets import token_hex
from typing import Any

import numpy as np

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs.checkpoint import newest_checkpoint, write_checkpoint
from sslviz.runs.files import (
    append_line,
    cut_torn_tail,
    dumps,
    read_json,
    read_lines,
    replaced,
    write_arrays,
    write_json,
)
from sslviz.runs.lease import StaleWorker, acquire, read_lease, release
from sslviz.runs.read import (
    COMMANDS,
    find_run,
    newest_values,
    read_config,
    read_events,
    read_images,
    read_metrics,
    read_snapshot,
    runs_root,
    send,
    snapshot_path,
    snapshot_steps,
)
from sslviz.runs.status import list_runs, read_status

__all__ = [
    "RunWriter", "StaleWorker", "create_run", "find_run", "list_runs",
    "newest_checkpoint", "newest_values", "read_config", "read_events", "read_images",
    "read_metrics", "read_snapshot", "read_status", "runs_root", "send", "snapshot_steps",
]  # fmt: skip


def create_run(config: RunConfig, root: Path, name: str | None = None) -> Path:
    """A new run folder `<date>-<time>-<name>-<random>`; `name` defaults to method and data."""
    words = name or f"{config.method}-{Path(config.data).stem}"
    safe = sub(r"[^A-Za-z0-9]+", "-", words).strip("-")[:60] or "run"
    folder = root / f"{time.strftime('%Y%m%d-%H%M%S')}-{safe}-{token_hex(3)}"
    (folder / "inbox").mkdir(parents=True)
    (folder / "snapshots").mkdir()
    write_json(folder / "config.json", config.to_json())
    return folder


class RunWriter:
    """The one writer of a run folder. Opening it takes the lease and repairs torn files.

    Raises Refusal while another live process holds the run; every later write raises
    StaleWorker once another worker has taken it over (or the folder has been deleted).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.config = read_config(self.folder)
        self.lease = acquire(self.folder)
        for name in ("metrics.jsonl", "events.jsonl"):
            cut_torn_tail(self.folder / name)
        for leftover in [*self.folder.glob(".[0-9]*-*"), *self.folder.glob("snapshots/.[0-9]*-*")]:
            leftover.unlink(missing_ok=True)
        (self.folder / "snapshots").mkdir(exist_ok=True)
        (self.folder / "inbox").mkdir(exist_ok=True)
        self._status = _known_status(self.folder)
        self.status(state="starting", steps=self.config.steps, seed=self.config.seed, error=None)

    def status(self, **fields: Any) -> None:
        """Merges `fields` into status.json; call it at least every few seconds as a heartbeat.

        Merged in already: attempt, pid, updated_at (wall clock), heartbeat (monotonic clock).
        """
        self._refuse_if_stale()
        own = {"attempt": self.lease.attempt, "pid": self.lease.pid}
        now = {"updated_at": time.time(), "heartbeat": time.monotonic()}
        self._status |= fields | own | now
        write_json(self.folder / "status.json", self._status, sync=False)

    def metrics(self, row: Mapping[str, Any]) -> None:
        """Appends one row; `step` must be there and ascend. NaN and infinity become null."""
        self._refuse_if_stale()
        append_line(self.folder / "metrics.jsonl", row)

    def event(self, kind: str, step: int, **fields: Any) -> None:
        """Appends an intervention: knob, old, new, message, command (its id) as they apply."""
        self._refuse_if_stale()
        row = {"step": step, "time": time.time(), "kind": kind, **fields}
        append_line(self.folder / "events.jsonl", row)

    def snapshot(self, step: int, arrays: Mapping[str, np.ndarray]) -> None:
        self._refuse_if_stale()
        write_arrays(snapshot_path(self.folder, step), arrays)

    def images(self, arrays: Mapping[str, np.ndarray]) -> None:
        self._refuse_if_stale()
        write_arrays(self.folder / "images.npz", arrays)

    def checkpoint(self, write: Callable[[Path], None], state: Mapping[str, Any]) -> None:
        """`write(path)` saves the weights (safetensors); `state` is JSON and holds `step`."""
        self._refuse_if_stale()
        write_checkpoint(self.folder, write, state)

    def rewind(self, step: int) -> None:
        """Drops metrics, snapshots and what was changed or seen later than `step`."""
        self._refuse_if_stale()
        rows = [row for row in read_metrics(self.folder) if row["step"] <= step]
        _rewrite(self.folder / "metrics.jsonl", rows)
        undone = ("set", "snapshot", "verdict")
        events = read_lines(self.folder / "events.jsonl")
        kept = [e for e in events if e["step"] <= step or e.get("kind") not in undone]
        _rewrite(self.folder / "events.jsonl", kept)
        for late in [s for s in snapshot_steps(self.folder) if s > step]:
            snapshot_path(self.folder, late).unlink()

    def commands(self) -> list[dict[str, Any]]:
        """Takes all commands out of the inbox, oldest first; a malformed one becomes an event."""
        taken = []
        for path in sorted(self.folder.glob("inbox/[0-9]*.json")):
            self._refuse_if_stale()
            try:
                taken.append(_command(path))
            except Refusal as error:
                step = self._status.get("step", 0)
                self.event("error", step if type(step) is int else 0, message=error.sentence)
            path.unlink()
        return taken

    def release(self) -> None:
        """Gives the run up; write the final status first."""
        release(self.folder, self.lease)

    def _refuse_if_stale(self) -> None:
        if read_lease(self.folder / "lease.json") != self.lease:
            raise StaleWorker(f"Another worker has taken over the run {self.folder.name}.")


def _known_status(folder: Path) -> dict[str, Any]:
    try:
        return read_json(folder / "status.json")
    except Refusal:
        return {}


def _rewrite(path: Path, rows: list[dict[str, Any]]) -> None:
    replaced(path, lambda p: _write_lines(p, rows))


def _write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_bytes(b"".join(dumps(row) + b"\n" for row in rows))


def _command(path: Path) -> dict[str, Any]:
    command = read_json(path)
    if command.get("command") not in COMMANDS:
        raise Refusal(
            "A command must be {allowed}, not {command}.",
            allowed=", ".join(COMMANDS),
            command=repr(command.get("command")),
        )
    if command["command"] == "set":
        changes = command.get("changes")
        plain = isinstance(changes, dict) and all(
            isinstance(value, bool | int | float | str) for value in changes.values()
        )
        if not plain:
            raise Refusal("A set command needs changes: a table of plain values by setting.")
    return command

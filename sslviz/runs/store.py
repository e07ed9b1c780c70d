"""A run folder: one writer (`RunWriter`, in the worker), many readers.

config.json                      written once, by whoever creates the run
about.json                       when it was made, and what it is called
lease.json  launch.json          who trains it; who was started to train it
exit.json                        how a worker ended that could not say so
status.json                      replaced atomically; its `state` is only a claim
metrics.jsonl  events.jsonl      one object a line, one row a step; a torn last line is ignored
inbox/                           commands, deleted by the worker as it takes them
snapshots/00001200.npz  glances/00001210.npz  images.npz
watched                          touched by the feed while somebody looks
checkpoint-A|B.safetensors|json  two generations
aside/                           what was written beyond the checkpoint it went on from
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sslviz.knobs import brief
from sslviz.refusal import Refusal
from sslviz.runs.arrays import write_arrays
from sslviz.runs.aside import PICTURES, forget, last_step, set_aside, set_files_aside
from sslviz.runs.checkpoint import newest_checkpoint, write_checkpoint
from sslviz.runs.create import create_run
from sslviz.runs.files import MOST_COMMAND, read_json, swept, write_json
from sslviz.runs.glances import GlanceWriter
from sslviz.runs.lease import StaleWorker, acquire, held_lease, release
from sslviz.runs.lines import append_line, cut_torn_tail
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
    snapshot_steps,
)
from sslviz.runs.room import Spare, lasting
from sslviz.runs.status import list_runs, read_status

__all__ = [
    "RunWriter", "StaleWorker", "create_run", "find_run", "list_runs",
    "newest_checkpoint", "newest_values", "read_config", "read_events", "read_images",
    "read_metrics", "read_snapshot", "read_status", "runs_root", "send", "snapshot_steps",
]  # fmt: skip

T = TypeVar("T")


class RunWriter:
    """The one writer of a run folder. Opening it takes the lease and repairs torn files.

    Raises Refusal while another live process holds the run; every later write raises
    StaleWorker once another worker has taken it over (or the folder has been deleted). `hold` is
    called, and the write repeated, where the system cannot write at present; without it such a
    write raises OSError.
    """

    def __init__(self, folder: Path, hold: Callable[[OSError], None] | None = None) -> None:
        self.folder = Path(folder)
        self.config = read_config(self.folder)
        self.hold, self._spare = hold, Spare()
        self.lease = lasting(lambda: acquire(self.folder), hold)
        self._taken: list[dict[str, Any]] = []
        lasting(self._repair, hold)
        self._glances = GlanceWriter(self.folder)
        self._status = _known_status(self.folder)
        self._aside = last_step(self.folder)
        known = {"steps": self.config.steps, "seed": self.config.seed}
        self.status(state="starting", error=None, message=None, gave_place=False, **known)

    def _repair(self) -> None:
        for name in ("metrics.jsonl", "events.jsonl"):
            cut_torn_tail(self.folder / name)
        for name in ("snapshots", "inbox"):
            (self.folder / name).mkdir(exist_ok=True)
        for place in (".", "inbox", "evaluations", "aside"):
            swept(self.folder / place)
        for kind in PICTURES:
            swept(self.folder / kind)
            swept(self.folder / "aside" / kind)
        (self.folder / "exit.json").unlink(missing_ok=True)

    def status(self, **fields: Any) -> None:
        """Merges `fields` into status.json; call it at least every few seconds as a heartbeat.

        Merged in already: attempt, pid, updated_at (wall clock), heartbeat (monotonic clock).
        """
        self._write(lambda: self._tell(fields))

    def tell_once(self, **fields: Any) -> None:
        """`status`, if it can be written just now."""
        with suppress(OSError), self._spare.lent():
            self._tell(fields)

    def _tell(self, fields: Mapping[str, Any]) -> None:
        self._refuse_if_stale()
        own = {"attempt": self.lease.attempt, "pid": self.lease.pid}
        now = {"updated_at": time.time(), "heartbeat": time.monotonic()}
        self._status |= {**fields, **own, **now}
        write_json(self.folder / "status.json", self._status, sync=False)

    def metrics(self, row: Mapping[str, Any]) -> None:
        """Appends one row; `step` must be there and ascend. NaN and infinity become null."""
        self._write(lambda: append_line(self.folder / "metrics.jsonl", row))
        if self._aside is not None and row["step"] >= self._aside:
            forget(self.folder)
            self._aside = None

    def event(self, kind: str, step: int, **fields: Any) -> None:
        """Appends an intervention: knob, old, new, message, command (its id) as they apply."""
        row = {"step": step, "time": time.time(), "kind": kind, **fields}
        self._write(lambda: append_line(self.folder / "events.jsonl", row))

    def snapshot(self, step: int, arrays: Mapping[str, np.ndarray]) -> None:
        path = self.folder / "snapshots" / f"{step:08d}.npz"
        self._write(lambda: write_arrays(path, arrays))

    def glance(self, step: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Keeps a glance; beyond the budget of all of them an older one goes."""
        self._write(lambda: self._glances.write(step, arrays))

    def images(self, arrays: Mapping[str, np.ndarray] | bytes) -> None:
        self._write(lambda: write_arrays(self.folder / "images.npz", arrays))

    def checkpoint(self, write: Callable[[Path], None], state: Mapping[str, Any]) -> None:
        """`write(path)` saves the weights (safetensors); `state` is JSON and holds `step`."""
        self._write(lambda: write_checkpoint(self.folder, write, state))

    def rewind(self, step: int) -> None:
        """Sets metrics, pictures and knob changes later than `step` aside until the run has passed
        them again: steps stay contiguous. -1 sets all aside, broken checkpoints too."""
        self._write(lambda: set_aside(self.folder, step))
        self._glances = GlanceWriter(self.folder)
        self._aside = last_step(self.folder)

    def set_files_aside(self, files: tuple[Path, ...]) -> None:
        """Puts checkpoints that cannot be loaded out of the way."""
        self._write(lambda: set_files_aside(self.folder, files))

    def commands(self) -> list[dict[str, Any]]:
        """Takes all commands out of the inbox, oldest first, each with its `id`; a malformed one
        becomes an event."""
        self._write(self._take)
        taken, self._taken = self._taken, []
        return taken

    def commands_once(self) -> list[dict[str, Any]]:
        """`commands`, as far as the inbox can be read just now."""
        with suppress(OSError), self._spare.lent():
            self._take()
        taken, self._taken = self._taken, []
        return taken

    def _take(self) -> None:
        for path in sorted((self.folder / "inbox").glob("[0-9]*.json")):
            self._refuse_if_stale()
            try:
                self._taken.append(_command(path))
            except Refusal as error:
                if isinstance(error.__cause__, OSError):
                    raise error.__cause__ from None
                step = self._status.get("step", 0)
                row = {"step": step if type(step) is int else 0, "time": time.time()}
                append_line(
                    self.folder / "events.jsonl", row | {"kind": "error", "message": error.sentence}
                )
            path.unlink()

    def release(self) -> None:
        """Gives the run up; write the final status first."""
        with suppress(OSError):
            release(self.folder, self.lease)

    def _write(self, write: Callable[[], T]) -> T:
        def once() -> T:
            self._refuse_if_stale()
            return write()

        return lasting(once, self.hold)

    def _refuse_if_stale(self) -> None:
        if held_lease(self.folder) != self.lease:
            raise StaleWorker(f"Another worker has taken over the run {self.folder.name}.")


def _known_status(folder: Path) -> dict[str, Any]:
    try:
        return read_json(folder / "status.json")
    except Refusal:
        return {}


def _command(path: Path) -> dict[str, Any]:
    command = read_json(path, MOST_COMMAND)
    if command.get("command") not in COMMANDS:
        raise Refusal(
            "A command must be {allowed}, not {command}.",
            allowed=", ".join(COMMANDS),
            command=brief(command.get("command")),
        )
    if command["command"] == "set":
        changes = command.get("changes")
        plain = isinstance(changes, dict) and all(
            isinstance(value, bool | int | float | str) for value in changes.values()
        )
        if not plain:
            raise Refusal("A set command needs changes: a table of plain values by setting.")
    return command | {"id": path.stem}

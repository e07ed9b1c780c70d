"""What everybody but the worker may do with a run folder: read it, and drop commands into it."""

import os
import re
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np

from sslviz.config import RunConfig, settings_table
from sslviz.knobs import Scalar
from sslviz.refusal import Refusal, Sentence, say
from sslviz.runs.arrays import read_arrays
from sslviz.runs.aside import events_aside, rows_aside
from sslviz.runs.files import MOST_JSON, read_plain, write_json
from sslviz.runs.lines import counted_lines, read_lines
from sslviz.runs.looks import SNAPSHOTS, look_path, look_steps
from sslviz.runs.process import trained_now
from sslviz.runs.versions import WrittenByNewer, from_any_version

COMMANDS = ("pause", "resume", "stop", "snapshot", "set")
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


def runs_root() -> Path:
    """Where runs live: the folder named by SSLVIZ_RUNS, else `runs` in the current one."""
    return Path(os.environ.get("SSLVIZ_RUNS") or "runs").absolute()


def find_run(run: str, root: Path | None = None) -> Path:
    """The folder of a run id; Refusal for ids that are unknown or would leave `root`."""
    folder = (root or runs_root()) / run if is_name(run) else None
    if folder is None or not os.path.isfile(folder / "config.json"):
        raise Refusal("There is no run {run}.", run=repr(run[:120]))
    return folder


def is_name(run: str) -> bool:
    """Whether a folder of this name can be a run: it is never a path, a pattern or markup."""
    return _SAFE_NAME.fullmatch(run) is not None


def read_config(folder: Path) -> RunConfig:
    """The run's config. Raises Refusal with one sentence for a damaged or hostile one."""
    return _read_config(folder)[0]


def newer_settings(folder: Path) -> Sentence | None:
    """A note on settings that only a newer version knows; None where all are known. Refusal."""
    unknown = _read_config(folder)[1]
    if not unknown:
        return None
    return say(
        "{run} was written by a newer version; these settings are not known here: {settings}.",
        run=folder.name,
        settings=", ".join(unknown)[:400],
    )


def _read_config(folder: Path) -> tuple[RunConfig, tuple[str, ...]]:
    path = folder / "config.json"
    try:
        facts = path.stat()
        return _config(path, facts.st_mtime_ns, facts.st_size)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            "The config of {run} cannot be read ({reason}).", run=folder.name, reason=str(error)
        ) from None
    except WrittenByNewer as error:
        raise Refusal(
            "{run} was written by a newer version and cannot be read here ({reason}).",
            run=folder.name,
            reason=error.sentence,
        ) from None
    except Refusal as error:
        raise Refusal(
            "The config of {run} is damaged: {reason}", run=folder.name, reason=error.sentence
        ) from None


@lru_cache(maxsize=4096)
def _config(path: Path, mtime_ns: int, size: int) -> tuple[RunConfig, tuple[str, ...]]:
    return from_any_version(settings_table(read_plain(path, MOST_JSON).decode("utf-8-sig")))


def read_metrics(folder: Path, after: int = -1) -> list[dict[str, Any]]:
    """Rows with `step` > `after`, one a step, in the order in which they were written.

    Raises Refusal where the file is too large, a link or no file.
    """
    rows: list[dict[str, Any]] = []
    extend(rows, read_lines(folder / "metrics.jsonl"))
    return [row for row in [*rows, *beyond(folder, rows)] if row["step"] > after]


def beyond(folder: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows set aside that go on from `rows`, one a step, while nobody trains this run."""
    if trained_now(folder):
        return []
    further: list[dict[str, Any]] = []
    extend(further, rows_aside(folder, rows[-1]["step"] if rows else -1))
    return further


def extend(rows: list[dict[str, Any]], news: Iterable[dict[str, Any]]) -> None:
    """Appends `news` to `rows`; a row of the same step as the last one is merged into it."""
    for row in news:
        if rows and rows[-1]["step"] == row["step"]:
            rows[-1] = rows[-1] | row
        else:
            rows.append(row)


def read_events(folder: Path) -> list[dict[str, Any]]:
    """The events that are whole: a `kind`; for a knob its name and both values. Raises Refusal."""
    return counted_events(folder)[0]


def counted_events(folder: Path) -> tuple[list[dict[str, Any]], int]:
    """`read_events`, and how many lines were no events. Raises Refusal."""
    rows, damaged = counted_lines(folder / "events.jsonl")
    if not trained_now(folder):
        rows += events_aside(folder)
    whole = [row for row in rows if _is_event(row)]
    return whole, damaged + len(rows) - len(whole)


def _is_event(row: dict[str, Any]) -> bool:
    if row.get("kind") == "set":
        sides = (row.get("old"), row.get("new"))
        return isinstance(row.get("knob"), str) and not any(isinstance(v, dict) for v in sides)
    return isinstance(row.get("kind"), str)


def newest_values(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Metric name -> its newest value that is not null."""
    return {name: value for row in rows for name, value in row.items() if value is not None}


def snapshot_steps(folder: Path) -> list[int]:
    """Steps that have a snapshot, ascending."""
    return look_steps(folder, SNAPSHOTS)


def snapshot_path(folder: Path, step: int) -> Path:
    """The file of a snapshot, which may be one that was set aside."""
    return look_path(folder, SNAPSHOTS, step)


def read_snapshot(folder: Path, step: int) -> dict[str, np.ndarray]:
    """The arrays of one snapshot. Raises Refusal where there is none or it is damaged."""
    path = snapshot_path(folder, step)
    if not path.is_file():
        raise Refusal("The run {run} has no snapshot of step {step}.", run=folder.name, step=step)
    return read_arrays(path)


def read_images(folder: Path) -> dict[str, np.ndarray]:
    """The probe and diagnostic images, labels and factors, as the contract names them."""
    if not (folder / "images.npz").is_file():
        raise Refusal("The run {run} has not written its images yet.", run=folder.name)
    return read_arrays(folder / "images.npz")


def send(folder: Path, command: str, **fields: Scalar | Mapping[str, Scalar]) -> str:
    """Leaves a command for the worker, which acts on it within one step. Returns its id.

    Events that answer the command name the id.
    """
    if command not in COMMANDS:
        raise Refusal(
            "{command} is not a command; it must be {allowed}.",
            command=repr(command),
            allowed=", ".join(COMMANDS),
        )
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    id = f"{time.time_ns():020d}-{token_hex(4)}"
    write_json(inbox / f"{id}.json", {"command": command, **fields}, sync=False)
    return id

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

from sslviz.config import RunConfig
from sslviz.config import read_config as parse_config
from sslviz.knobs import Scalar
from sslviz.refusal import Refusal
from sslviz.runs.files import MOST_JSON, read_arrays, read_lines, write_json

COMMANDS = ("pause", "resume", "stop", "snapshot", "set")
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


def runs_root() -> Path:
    """Where runs live: the folder named by SSLVIZ_RUNS, else `runs` in the current one."""
    return Path(os.environ.get("SSLVIZ_RUNS") or "runs").absolute()


def find_run(run: str, root: Path | None = None) -> Path:
    """The folder of a run id; Refusal for ids that are unknown or would leave `root`."""
    folder = (root or runs_root()) / run if _SAFE_NAME.fullmatch(run) else None
    if folder is None or not (folder / "config.json").is_file():
        raise Refusal("There is no run {run}.", run=repr(run[:120]))
    return folder


def read_config(folder: Path) -> RunConfig:
    """The run's config. Raises Refusal with one sentence for a damaged or hostile one."""
    path = folder / "config.json"
    try:
        stat = path.stat()
        return _config(path, stat.st_mtime_ns, stat.st_size)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            "The config of {run} cannot be read ({reason}).", run=folder.name, reason=str(error)
        ) from None
    except Refusal as error:
        raise Refusal(
            "The config of {run} is damaged: {reason}", run=folder.name, reason=error.sentence
        ) from None


@lru_cache(maxsize=512)
def _config(path: Path, mtime_ns: int, size: int) -> RunConfig:
    if size > MOST_JSON:
        raise Refusal("it is too large.")
    try:
        return parse_config(path.read_text(encoding="utf-8"))
    except (TypeError, RecursionError, AttributeError) as error:
        raise Refusal("it holds values of the wrong kind ({reason}).", reason=str(error)) from None


def read_metrics(folder: Path, after: int = -1) -> list[dict[str, Any]]:
    """Rows with `step` > `after`, one a step, in the order in which they were written."""
    rows: list[dict[str, Any]] = []
    extend(rows, read_lines(folder / "metrics.jsonl"))
    return [row for row in rows if row["step"] > after]


def extend(rows: list[dict[str, Any]], news: Iterable[dict[str, Any]]) -> None:
    """Appends `news` to `rows`; a row of the same step as the last one is merged into it."""
    for row in news:
        if rows and rows[-1]["step"] == row["step"]:
            rows[-1] = rows[-1] | row
        else:
            rows.append(row)


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
    write_json(inbox / f"{id}.json", {"command": command, "id": id, **fields}, sync=False)
    return id

"""What a run had written beyond the checkpoint it went on from: `<run>/aside/`.

It is kept until the run has passed those steps again. A step that is set aside twice is kept as it
was written last, so this is never more than the run itself once more. While nobody trains the run,
readers see it where the run's own rows end.
"""

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from sslviz.runs.checkpoint import checkpoint_files, noted_step
from sslviz.runs.lines import read_lines, write_lines

# events that did not happen in a run that goes on from before them
UNDONE = ("set", "snapshot", "verdict")
ROWS, EVENTS = "metrics.jsonl", "events.jsonl"
PICTURES = ("snapshots", "glances")


def set_aside(folder: Path, step: int) -> None:
    """Moves rows, pictures and knob changes later than `step` aside; before step 0, what is left
    of checkpoints too. Killed anywhere in between, it can be done again and loses nothing."""
    place = folder / "aside"
    rows, events = read_lines(folder / ROWS), read_lines(folder / EVENTS)
    late = [row for row in rows if row["step"] > step]
    undone = [e for e in events if e["step"] > step and e.get("kind") in UNDONE]
    pictures = [
        (kind, name) for kind in PICTURES for name in names(folder / kind) if int(name[:8]) > step
    ]
    if not (late or undone or pictures or (step < 0 and checkpoint_files(folder))):
        return
    for kind in PICTURES:
        (place / kind).mkdir(parents=True, exist_ok=True)
    _keep(place / ROWS, late, {row["step"] for row in late})
    _keep(place / EVENTS, undone, {event["step"] for event in undone})
    for kind, name in pictures:
        os.replace(folder / kind / name, place / kind / name)
    if late:
        write_lines(folder / ROWS, [row for row in rows if row["step"] <= step])
    if undone:
        write_lines(folder / EVENTS, [event for event in events if event not in undone])
    for path in checkpoint_files(folder) if step < 0 else []:
        os.replace(path, place / path.name)


def set_files_aside(folder: Path, files: tuple[Path, ...]) -> None:
    """Puts checkpoints that cannot be loaded out of the way, so that an older one is the newest."""
    (folder / "aside").mkdir(exist_ok=True)
    for path in files:
        if path.exists():
            os.replace(path, folder / "aside" / path.name)


def _keep(path: Path, rows: list[dict[str, Any]], steps: set[int]) -> None:
    """Adds rows to a file; of older ones those stay whose step is not among `steps`."""
    if rows:
        older = [row for row in read_lines(path) if row["step"] not in steps]
        write_lines(path, sorted([*older, *rows], key=lambda row: row["step"]))


def rows_aside(folder: Path, after: int) -> list[dict[str, Any]]:
    """Rows set aside with `step` > `after`. Raises Refusal."""
    return [row for row in read_lines(folder / "aside" / ROWS) if row["step"] > after]


def events_aside(folder: Path) -> list[dict[str, Any]]:
    return read_lines(folder / "aside" / EVENTS)


def names(folder: Path) -> list[str]:
    """Names of the pictures in a folder, ascending; none where it is missing."""
    try:
        found = os.listdir(folder)
    except OSError:
        return []
    return sorted(name for name in found if re.fullmatch(r"[0-9]{8}\.npz", name))


def last_step(folder: Path) -> int | None:
    """The latest step set aside; None where nothing is. Raises Refusal."""
    place = folder / "aside"
    steps = [row["step"] for row in (*read_lines(place / ROWS), *read_lines(place / EVENTS))]
    steps += [int(name[:8]) for kind in PICTURES for name in names(place / kind)]
    steps += [noted_step(path) for path in checkpoint_files(place) if path.suffix == ".json"]
    return max(steps, default=0) if place.is_dir() else None


def forget(folder: Path) -> None:
    """Removes what the run has meanwhile written again."""
    with suppress(OSError):
        shutil.rmtree(folder / "aside")

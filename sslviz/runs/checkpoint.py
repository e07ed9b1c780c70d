"""Two generations of checkpoints, so that a kill while one is written leaves the other."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from sslviz.refusal import Refusal
from sslviz.runs.files import open_plain, read_json, replaced, write_json

SLOTS = ("A", "B")


def write_checkpoint(folder: Path, write: Callable[[Path], None], state: Mapping[str, Any]) -> None:
    """Lets `write` fill the older slot's weights file, then seals it with its size and CRC."""
    valid = _valid(folder)
    newest = max(valid, key=lambda slot: valid[slot]["generation"], default="B")
    slot = "A" if newest == "B" else "B"
    weights = _weights(folder, slot)
    replaced(weights, write)
    generation = 1 + max((record["generation"] for record in valid.values()), default=0)
    size = weights.stat().st_size
    seal = {"generation": generation, "size": size, "crc": checksum(weights, size)}
    write_json(_record(folder, slot), {**seal, "state": state})


def newest_checkpoint(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """Weights file and state of the newest generation whose bytes are intact; None if none is."""
    return next(iter(checkpoints(folder)), None)


def checkpoints(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Weights file and state of each generation whose bytes are intact, newest first."""
    valid = _valid(folder)
    slots = sorted(valid, key=lambda slot: valid[slot]["generation"], reverse=True)
    return [(_weights(folder, slot), valid[slot]["state"]) for slot in slots]


def checkpoint_files(folder: Path) -> list[Path]:
    """All files of both generations that are there, intact or not."""
    files = [part(folder, slot) for slot in SLOTS for part in (_record, _weights)]
    return [path for path in files if path.is_file()]


def noted_step(record: Path) -> int:
    """The step that a checkpoint's record names; 0 where it is damaged."""
    try:
        state = read_json(record).get("state")
    except Refusal:
        return 0
    step = state.get("step") if isinstance(state, dict) else 0
    return step if type(step) is int else 0


def _weights(folder: Path, slot: str) -> Path:
    return folder / f"checkpoint-{slot}.safetensors"


def _record(folder: Path, slot: str) -> Path:
    return folder / f"checkpoint-{slot}.json"


def _valid(folder: Path) -> dict[str, dict[str, Any]]:
    return {slot: record for slot in SLOTS if (record := _checked(folder, slot))}


def _checked(folder: Path, slot: str) -> dict[str, Any] | None:
    weights = _weights(folder, slot)
    try:
        record = read_json(_record(folder, slot))
        intact = (
            type(record["generation"]) is int
            and isinstance(record["state"], dict)
            and type(record["state"]["step"]) is int
            and record["state"]["step"] >= 0
            and type(record["size"]) is int
            and record["size"] == weights.stat().st_size
            and record["crc"] == checksum(weights, record["size"])
        )
    except (Refusal, KeyError, OSError):
        return None
    return record if intact else None


def checksum(path: Path, most: int) -> int:
    """CRC-32 of a plain file of at most `most` bytes, read in pieces of 1 MB. Raises Refusal."""
    crc = 0
    with open_plain(path, most) as file:
        while piece := file.read(1 << 20):
            crc = crc32(piece, crc)
    return crc

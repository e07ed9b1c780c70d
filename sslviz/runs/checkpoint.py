"""Two generations of checkpoints, so that a kill while one is written leaves the other."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from sslviz.refusal import Refusal
from sslviz.runs.files import read_json, replaced, write_json

SLOTS = ("A", "B")


def write_checkpoint(folder: Path, write: Callable[[Path], None], state: Mapping[str, Any]) -> None:
    """Lets `write` fill the older slot's weights file, then seals it with its size and CRC."""
    valid = _valid(folder)
    newest = max(valid, key=lambda slot: valid[slot]["generation"], default="B")
    slot = "A" if newest == "B" else "B"
    weights = _weights(folder, slot)
    replaced(weights, write)
    generation = 1 + max((record["generation"] for record in valid.values()), default=0)
    seal = {"generation": generation, "size": weights.stat().st_size, "crc": checksum(weights)}
    write_json(_record(folder, slot), {**seal, "state": state})


def newest_checkpoint(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """Weights file and state of the newest generation whose bytes are intact; None if none is."""
    valid = _valid(folder)
    if not valid:
        return None
    slot = max(valid, key=lambda slot: valid[slot]["generation"])
    return _weights(folder, slot), valid[slot]["state"]


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
            isinstance(record["generation"], int)
            and isinstance(record["state"], dict)
            and record["size"] == weights.stat().st_size
            and record["crc"] == checksum(weights)
        )
    except (Refusal, KeyError, OSError):
        return None
    return record if intact else None


def checksum(path: Path) -> int:
    """CRC-32 of a file, read in pieces of 1 MB."""
    crc = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            crc = crc32(piece, crc)
    return crc

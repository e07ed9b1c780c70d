"""Decoded images kept on disk, so that a second run starts at once. Arrays only, never pickle."""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

Arrays = Mapping[str, Any]  # arrays by name


def cache_folder() -> Path:
    """Where downloads and decoded images are kept: $SSLVIZ_DATA, else ~/.cache/sslviz."""
    return Path(os.environ.get("SSLVIZ_DATA") or Path.home() / ".cache" / "sslviz")


def read_arrays(path: Path) -> dict[str, np.ndarray] | None:
    """What `write_arrays` wrote; None where there is nothing, or nothing that can be read."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return dict(stored)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def write_arrays(path: Path, arrays: Arrays) -> None:
    """All of the arrays or none of them. Raises OSError (no space, no permission)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez(file, **arrays)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def keep_newest(folder: Path, count: int) -> None:
    """Remove all but the `count` newest .npz files."""
    files = sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    for file in files[:-count]:
        file.unlink(missing_ok=True)

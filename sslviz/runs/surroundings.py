"""What a process takes from where it is started: a later start may find other things there."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import sslviz
from sslviz.runs.process import environment

GPU_FILES = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")


def surroundings(device: str) -> Any:
    """All that a process takes from where it is started: environment, folder, code on disk."""
    device = device if any(Path(path).exists() for path in GPU_FILES) else "cpu"
    return device, environment(), os.getcwd(), _code()


def _code() -> list[tuple[str, int, int]]:
    """(path, time, size) of every file of this package that a process may load."""
    found = []
    for folder, folders, files in os.walk(Path(sslviz.__file__).parent):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for path in (os.path.join(folder, name) for name in sorted(files)):
            with suppress(OSError):  # an editor is replacing it
                stat = os.stat(path)
                found.append((path, stat.st_mtime_ns, stat.st_size))
    return found

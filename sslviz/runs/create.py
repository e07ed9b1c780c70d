"""A new run folder, which appears whole or not at all."""

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from re import sub
from secrets import token_hex
from typing import Any

from sslviz.config import RunConfig
from sslviz.runs.about import checked_name, write_about
from sslviz.runs.files import write_json
from sslviz.runs.room import CannotWrite


def create_run(
    config: RunConfig,
    root: Path,
    name: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Path:
    """A new run folder `<date>-<time>-<name>-<random>`; `name` defaults to method and data.

    `facts` go into its about.json. It appears whole or not at all. Raises Refusal for a name that
    is too long, or where it cannot be written.
    """
    name = checked_name(name or "")
    words = name or f"{config.method}-{Path(config.data).stem}"
    safe = sub(r"[^A-Za-z0-9]+", "-", words).strip("-")[:60] or "run"
    folder = root / f"{time.strftime('%Y%m%d-%H%M%S')}-{safe}-{token_hex(3)}"
    half = root / f".{os.getpid()}-{folder.name}"
    try:
        for left in root.glob(".[0-9]*-[0-9]*-*"):
            if left.is_dir() and not Path("/proc", left.name[1:].partition("-")[0]).exists():
                shutil.rmtree(left, ignore_errors=True)
        (half / "inbox").mkdir(parents=True)
        (half / "snapshots").mkdir()
        write_about(half, name, facts)
        write_json(half / "config.json", config.to_json())
        os.rename(half, folder)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        raise CannotWrite(error, root) from error
    return folder

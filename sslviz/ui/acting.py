"""The one door from the pages to all that starts, changes or stops something.

Each of these first asks whether the visitor may (`access.require`), and reads only data that the
visitor may have read. Pages take them from here and nowhere else.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sslviz.config import RunConfig
from sslviz.evaluate import records
from sslviz.runs import about, launch, remove
from sslviz.runs.read import read_config
from sslviz.ui import access

P = ParamSpec("P")
T = TypeVar("T")
OnRun = Callable[Concatenate[Path, P], T]


def start(config: RunConfig, root: Path, key: str) -> Path:
    """`launch.start`. Raises Refusal, also where this visitor may not."""
    access.require()
    access.require_data(config.data)
    return launch.start(config, root, key=key)


def _steering(act: OnRun[P, T]) -> OnRun[P, T]:
    """`act` on a run, for those who may."""

    @wraps(act)
    def guarded(folder: Path, *args: P.args, **kwargs: P.kwargs) -> T:
        access.require()
        return act(folder, *args, **kwargs)

    return guarded


def _reading(act: OnRun[P, T]) -> OnRun[P, T]:
    """`act`, which starts a process that reads the data of a run, for those who may."""

    @wraps(act)
    def guarded(folder: Path, *args: P.args, **kwargs: P.kwargs) -> T:
        access.require()
        access.require_data(read_config(folder).data)
        return act(folder, *args, **kwargs)

    return guarded


pause, stop = _steering(launch.pause), _steering(launch.stop)
snapshot, change = _steering(launch.snapshot), _steering(launch.change)
rename, pin, delete = _steering(about.rename), _steering(about.pin), _steering(remove.delete)
stop_evaluation = _steering(records.stop_evaluation)
resume, from_the_start = _reading(launch.resume), _reading(launch.from_the_start)
start_evaluation = _reading(records.start_evaluation)


def restore(run: str, root: Path) -> Path:
    """`remove.restore`. Raises Refusal, also where this visitor may not."""
    access.require()
    return remove.restore(run, root)

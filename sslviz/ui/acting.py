"""The one door from the pages to all that starts, changes or stops something.

Each of these first asks whether the visitor may (`access.require`), and reads only data that the
visitor may have read. Pages take them from here and nowhere else.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sslviz.config import RunConfig
from sslviz.evaluate import records
from sslviz.runs import about, launch, remove
from sslviz.runs.changes import Changes
from sslviz.runs.read import read_config
from sslviz.runs.room import CannotWrite
from sslviz.sweeps import conduct
from sslviz.sweeps.folder import create_sweep, read_sweep
from sslviz.sweeps.sweep import Sweep, unfold
from sslviz.ui import access

P = ParamSpec("P")
T = TypeVar("T")
OnRun = Callable[Concatenate[Path, P], T]


def start(
    config: RunConfig,
    root: Path,
    key: str,
    plan: Changes | None = None,
    facts: Mapping[str, str] | None = None,
    cookies: Mapping[str, str] | None = None,
) -> Path:
    """`launch.start`. Raises Refusal, also where this visitor may not; `cookies` as for
    `access.require`."""
    access.require(cookies)
    access.require_data(config.data)
    return launch.start(config, root, key=key, plan=plan, facts=facts)


def start_sweep(sweep: Sweep, root: Path) -> Path:
    """Makes a sweep's folder and starts what conducts it. Raises Refusal, also where this visitor
    may not."""
    access.require()
    for data in {member.config.data for member in unfold(sweep)}:
        access.require_data(data)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(error, root) from error
    folder = create_sweep(sweep, root)
    conduct.start_conducting(folder)
    return folder


def resume_sweep(folder: Path) -> None:
    """Goes on with a sweep, for those who may read its data. Raises Refusal."""
    access.require()
    for data in {member.config.data for member in unfold(read_sweep(folder))}:
        access.require_data(data)
    conduct.start_conducting(folder)


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


stop_sweep = _steering(conduct.stop_sweep)
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

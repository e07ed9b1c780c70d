"""Engines that run the workers of a sweep. The run folders are the only record of what they did."""

from importlib import import_module
from pathlib import Path
from typing import Protocol

from sslviz.refusal import Refusal

EXECUTORS = {"local": "local", "ray": "on_ray", "slurm": "on_slurm"}  # name -> module in this room


class Executor(Protocol):
    """One engine for one sweep. Only the process that conducts the sweep has it open."""

    def width(self) -> int:
        """How many workers are worth having at once."""
        ...

    def submit(self, job: str) -> str:
        """Starts a worker called `job`, now or when the engine can; the engine's name for it.

        Raises Refusal or OSError where it cannot be started.
        """
        ...

    def poll(self, name: str) -> str:
        """ "waiting", "running" or "over"; "over" for a name that the engine does not know."""
        ...

    def cancel(self, name: str) -> None:
        """Ends a worker, waiting or running; what it trained goes on from its checkpoint later."""
        ...

    def list(self) -> list[str]:
        """The engine's names of the workers that are not over, as far as this process knows."""
        ...

    def close(self) -> None:
        """Leaves the engine; workers that are over need it no more."""
        ...


def check_executor(name: str) -> None:
    """Raises Refusal for an engine that there is not, or that is not installed."""
    if name not in EXECUTORS:
        raise Refusal(
            "executor is {name}; it must be one of {allowed}.",
            name=repr(name)[:80],
            allowed=", ".join(EXECUTORS),
        )
    needs = import_module(f"sslviz.sweeps.executors.{EXECUTORS[name]}").NEEDS
    try:
        for module in needs:
            import_module(module)
    except ImportError:
        raise Refusal(
            'The executor {name} is not installed here: pip install -e ".[{name}]"',
            name=name,
        ) from None


def open_executor(name: str, folder: Path) -> Executor:
    """The engine of that name for the sweep in `folder`. Raises Refusal."""
    check_executor(name)
    return import_module(f"sslviz.sweeps.executors.{EXECUTORS[name]}").Engine(folder)


def command(folder: Path, job: str) -> list[str]:
    """What a worker is started as, after `python -m`."""
    return ["sslviz.sweeps.worker", str(folder), job]

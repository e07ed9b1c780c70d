"""Ray: a cluster named by RAY_ADDRESS, else one of this machine's own for as long as the sweep."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import sslviz
from sslviz.refusal import Refusal
from sslviz.runs.queue import places
from sslviz.sweeps.executors import command
from sslviz.sweeps.executors.carried import carry

NEEDS = ("ray",)
OBJECTS = 80 << 20  # bytes of object store: nothing is kept in it
HOUSE = str(Path(sslviz.__file__).parents[1])


class Engine:
    """A worker is a task, named after its job; one that was started by another process is over."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ray = folder, import_module("ray")
        self.tasks: dict[str, Any] = {}
        paths = [HOUSE, os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(p for p in paths if p)  # the cluster inherits it
        address = os.environ.get("RAY_ADDRESS")
        own: dict[str, Any] = {"num_cpus": places(), "object_store_memory": OBJECTS}
        try:
            self.ray.init(
                address=address,
                include_dashboard=None if address else False,
                log_to_driver=False,
                logging_level="ERROR",
                **({} if address else own),
            )
        except Exception as error:
            raise Refusal(
                "Ray could not be reached ({reason}).", reason=str(error)[:200] or "ray"
            ) from error
        self.carry: Any = self.ray.remote(max_retries=0)(carry)

    def width(self) -> int:
        return max(1, int(self.ray.cluster_resources().get("CPU", 1)))

    def submit(self, job: str) -> str:
        self.tasks[job] = self.carry.options(name=job).remote(command(self.folder, job), HOUSE)
        return job

    def poll(self, name: str) -> str:
        if name not in self.tasks or not self.ray.is_initialized():
            return "over"
        try:
            over, _ = self.ray.wait([self.tasks[name]], timeout=0)
        except Exception:  # the cluster is gone, and its tasks with it
            return "over"
        return "over" if over else "running"

    def cancel(self, name: str) -> None:
        if name in self.tasks:
            self.ray.cancel(self.tasks[name])

    def list(self) -> list[str]:
        return [name for name in self.tasks if self.poll(name) != "over"]

    def close(self) -> None:
        self.ray.shutdown()

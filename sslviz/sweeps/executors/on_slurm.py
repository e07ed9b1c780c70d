"""Slurm, through submitit: each worker is a job on a machine that shares the file system.

SSLVIZ_SLURM_CLUSTER: "slurm" (default), or "local" for submitit's processes on this machine.
SSLVIZ_SLURM: submitit's parameters as JSON, for example {"slurm_partition": "gpu"}.
SSLVIZ_SLURM_JOBS: how many jobs there may be at once.
"""

import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any

import sslviz
from sslviz.refusal import Refusal
from sslviz.runs.queue import places
from sslviz.sweeps.executors import command
from sslviz.sweeps.executors.carried import carry

NEEDS = ("submitit",)
HOUSE = str(Path(sslviz.__file__).parents[1])
USUAL = {"timeout_min": 24 * 60, "cpus_per_task": 2}
WORDS = {"PENDING": "waiting", "REQUEUED": "waiting", "RUNNING": "running", "COMPLETING": "running"}


class Engine:
    """Workers are named by their job's number in the engine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.submitit = folder, import_module("submitit")
        self.cluster = os.environ.get("SSLVIZ_SLURM_CLUSTER", "slurm")
        self.jobs: dict[str, Any] = {}
        try:
            wanted = json.loads(os.environ.get("SSLVIZ_SLURM") or "{}")
            self.executor = self.submitit.AutoExecutor(folder / "engine", cluster=self.cluster)
            self.executor.update_parameters(**USUAL | wanted)
        except Exception as error:
            raise Refusal(
                "Slurm could not be reached ({reason}).", reason=str(error)[:200] or "slurm"
            ) from error

    def width(self) -> int:
        words = os.environ.get("SSLVIZ_SLURM_JOBS", "")
        return max(1, int(words)) if words.isdecimal() else places()

    def submit(self, job: str) -> str:
        made = self.executor.submit(carry, command(self.folder, job), HOUSE)
        self.jobs[made.job_id] = made
        return made.job_id

    def poll(self, name: str) -> str:
        job = self._job(name)
        if job is None or job.done():
            return "over"
        return WORDS.get(job.state, "over" if self.cluster == "slurm" else "running")

    def cancel(self, name: str) -> None:
        job = self._job(name)
        if job is not None:
            job.cancel()

    def list(self) -> list[str]:
        return [name for name in self.jobs if self.poll(name) != "over"]

    def close(self) -> None:
        return None

    def _job(self, name: str) -> Any:
        """The engine's own job, also of an earlier process; None where it keeps none."""
        if name not in self.jobs and self.cluster == "slurm" and name.replace("_", "").isdecimal():
            kind = self.submitit.SlurmJob
            self.jobs[name] = kind(self.folder / "engine", name)
        return self.jobs.get(name)

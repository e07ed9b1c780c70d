"""Small sweeps for tests: real ones that train in seconds, and made ones that trained nothing."""

from collections.abc import Callable
from pathlib import Path

from sslviz.config import RunConfig
from sslviz.runs.store import RunWriter
from sslviz.sweeps.axes import Axis
from sslviz.sweeps.folder import create_sweep, member_run
from sslviz.sweeps.sweep import Sweep, unfold

TINY = {"steps": 4, "batch_size": 16, "train_images": 96, "image_size": 16, "device": "cpu"}
TINY |= {"probes": 200}


def small(*axes: Axis, seeds: tuple[int, ...] = (0,), **settings: object) -> Sweep:
    return Sweep(RunConfig().with_settings(TINY | settings), axes, seeds)


def made(root: Path, sweep: Sweep, value: Callable[[float, int], float], leave: int = 0) -> Path:
    """A sweep's folder whose runs say they have finished, but for the last `leave`.

    `value(first label, seed)` is what each reached as knn_h.
    """
    folder = create_sweep(sweep, root)
    members = unfold(sweep)
    for member in members[: len(members) - leave]:
        writer = RunWriter(member_run(folder, sweep, member))
        knn = value(float(member.cell.labels[0]), member.seed)
        writer.metrics({"step": member.config.steps, "loss": 1.0, "seconds": 2.0, "knn_h": knn})
        writer.status(state="finished", step=member.config.steps)
        writer.release()
    return folder

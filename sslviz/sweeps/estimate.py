"""How long a sweep will take, from what runs on this machine took."""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs.queue import places
from sslviz.runs.read import newest_values, read_config, read_metrics
from sslviz.runs.status import list_runs
from sslviz.sweeps.sweep import Member
from sslviz.sweeps.table import work

NEWEST = 30  # runs that are looked at
LIKE = ("backbone", "image_size", "method")  # what decides how long an image takes, most first


def seconds_an_image(root: Path) -> list[tuple[RunConfig, float]]:
    """(config, seconds) of the newest runs that have trained a while."""
    found = []
    for run in list_runs(root)[:NEWEST]:
        if run["step"] < 2 or run["state"] == "broken":
            continue
        try:
            folder = Path(run["folder"])
            config, values = read_config(folder), newest_values(read_metrics(folder))
        except Refusal:
            continue
        seconds, step = values.get("seconds"), values.get("step", 0)
        if isinstance(seconds, int | float) and step:
            found.append((config, seconds / (step * config.batch_size)))
    return found


def seconds_of(
    members: Sequence[Member], known: Sequence[tuple[RunConfig, float]]
) -> tuple[float | None, bool]:
    """(seconds until all have trained, whether runs just like them were known); the seconds are
    None where no run of that backbone and image size has trained here."""
    total, sure = 0.0, True
    for member in members:
        config = member.config
        for alike in (3, 2):
            costs = [
                cost
                for other, cost in known
                if all(getattr(other, name) == getattr(config, name) for name in LIKE[:alike])
            ]
            if costs:
                break
        else:
            return None, False
        sure = sure and alike == 3
        total += work(member) * fmean(costs)
    return total / min(places(), max(1, len(members))), sure

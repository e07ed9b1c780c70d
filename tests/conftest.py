"""For all tests: one thread a process, the same examples every time, long files first."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# before torch is imported; the cores are shared with the processes that the tests start
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("SSLVIZ_WARM", "0")  # the tests of the warm worker start theirs themselves

settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.load_profile("same")

# whose files start browsers, apps and workers; at the end of the queue one would go on alone
LONG = ("browser", "benchmarks", "sweeps", "training", "cli", "runs", "methods", "layout")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The rooms whose files take longest come first."""
    here = Path(__file__).parent
    rank = {room: number for number, room in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path.relative_to(here).parts[0], len(LONG)))

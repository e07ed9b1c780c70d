"""One contract for all engines; those that are not installed are skipped."""

import os
from pathlib import Path

import pytest

from sslviz.refusal import Refusal
from sslviz.runs.store import read_status
from sslviz.sweeps.axes import parse_axis
from sslviz.sweeps.conduct import conducted, start_conducting, stop_sweep
from sslviz.sweeps.executors import EXECUTORS, check_executor, open_executor
from sslviz.sweeps.folder import create_sweep, members
from sslviz.sweeps.table import read_table
from tests.sweeps.made import small
from tests.waiting import until


@pytest.fixture(params=EXECUTORS)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SSLVIZ_SLURM_CLUSTER", "local")
    monkeypatch.setenv("SSLVIZ_MAX_RUNS", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    try:
        check_executor(request.param)
    except Refusal as refusal:
        pytest.skip(str(refusal))
    return request.param


def test_workers_are_submitted_polled_listed_and_cancelled(engine: str, tmp_path: Path) -> None:
    folder = create_sweep(small(parse_axis("method.tau=0.1,0.5")), tmp_path, engine)
    opened = open_executor(engine, folder)
    assert opened.width() >= 1 and opened.poll("12345") == "over"
    name = opened.submit("one")
    assert opened.poll(name) in ("waiting", "running") and opened.list() == [name]
    until(lambda: opened.poll(name) == "over")
    assert [row.state for row in read_table(folder).rows] == ["finished"] * 2
    assert opened.list() == []
    opened.close()

    folder = create_sweep(small(steps=1_000_000), tmp_path, engine)
    opened = open_executor(engine, folder)
    name = opened.submit("two")
    until(lambda: [row.state for row in read_table(folder).rows] == ["training"])
    opened.cancel(name)
    until(lambda: opened.poll(name) == "over")
    opened.close()
    (run,) = members(folder).values()
    until(lambda: read_status(run)["state"] in ("stopped", "interrupted"))
    step = read_status(run)["step"]

    start_conducting(folder)  # nothing is lost: it goes on from there
    until(lambda: read_status(run)["state"] == "training" and read_status(run)["step"] > step)
    stop_sweep(folder)
    until(lambda: not conducted(folder))
    assert read_status(run)["state"] == "stopped"


def test_an_engine_that_is_not_there_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal, match="executor is 'abacus'; it must be one of local, ray, slurm"):
        check_executor("abacus")
    monkeypatch.setitem(os.environ, "PYTHONPATH", "")
    monkeypatch.setattr("sslviz.sweeps.executors.on_ray.NEEDS", ("no_such_module",))
    with pytest.raises(Refusal, match="The executor ray is not installed here"):
        check_executor("ray")

"""Every public reader of a run folder, called one after the other."""

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.routing import Match

from sslviz.__main__ import main
from sslviz.evaluate.records import list_evaluations, read_evaluation, wrong_tiles
from sslviz.feed.bundle import bundle
from sslviz.feed.rows import MetricsTail, thinned
from sslviz.refusal import Refusal
from sslviz.runs import read
from sslviz.runs.about import read_about
from sslviz.runs.changes import config_now, read_plan, recorded
from sslviz.runs.checkpoint import checkpoints, newest_checkpoint
from sslviz.runs.ended import read_end
from sslviz.runs.files import dumps
from sslviz.runs.launch import lost_by_resuming
from sslviz.runs.lease import read_lease
from sslviz.runs.paired import paired
from sslviz.runs.presses import run_of_press
from sslviz.runs.process import busy
from sslviz.runs.queue import advance, waiting
from sslviz.runs.status import list_runs, read_status
from sslviz.ui.evaluate.rows import rows_of
from sslviz.ui.routes import routes
from tests.runs.damage import STEPS


def get(path: str) -> tuple[int, bytes]:
    """Status and body of a GET to the app's own routes, without a server and its threads."""
    where, _, query = path.partition("?")
    scope = {"type": "http", "method": "GET", "path": where, "headers": []}
    scope |= {"query_string": query.encode()}
    for route in routes:
        fits, more = route.matches(scope)
        if fits is Match.FULL:
            answer = route.endpoint(Request(scope | more))
            return answer.status_code, bytes(answer.body)
    raise AssertionError(f"no route for {path}")


def of_folder(folder: Path) -> list[Callable[[], Any]]:
    """The readers of one run, which answer or refuse."""
    names = [path.stem for path in (folder / "evaluations").glob("[0-9]*.json")]
    steps = {*STEPS, *read.snapshot_steps(folder)[:3]}
    return [
        lambda: read.read_config(folder),
        lambda: read.newer_settings(folder),
        lambda: thinned(read.read_metrics(folder)),
        lambda: read.newest_values(read.read_metrics(folder)),
        lambda: read.read_events(folder),
        lambda: read.read_images(folder),
        lambda: [read.read_snapshot(folder, step) for step in steps],
        lambda: read_status(folder),
        lambda: read_about(folder),
        lambda: read_plan(folder),
        lambda: (recorded(folder), config_now(folder)),
        lambda: (checkpoints(folder), newest_checkpoint(folder)),
        lambda: read_end(folder, 1),
        lambda: lost_by_resuming(folder),
        lambda: (read_lease(folder / "lease.json"), busy(folder)),
        lambda: list_evaluations(folder),
        lambda: rows_of([folder.name], "knn", folder.parent),
        *[lambda name=name: read_evaluation(folder, name) for name in names],
        *[lambda name=name: wrong_tiles(folder, name) for name in names],
        lambda: bundle(folder),
        lambda: MetricsTail(folder / "metrics.jsonl").read(),
    ]


def read_all(root: Path, folder: Path, healthy: Path) -> None:
    """Reads everything of a damaged run and of what lies around it. Raises what no reader may."""
    for reader in of_folder(folder):
        with contextlib.suppress(Refusal):
            reader()
    waiting(root)
    advance(root)
    run_of_press(root, "a press")
    with contextlib.suppress(Refusal):
        paired(healthy, folder)
    runs = {run["id"]: run for run in list_runs(root)}
    dumps(list(runs.values()))
    assert runs[healthy.name]["state"] == "finished"
    if folder.name in runs and runs[folder.name]["state"] == "broken":
        assert str(runs[folder.name]["error"]).strip()
    base = f"/sslviz/runs/{folder.name}"
    for path in ("feed", "feed?after=5&lang=ko", "probe", "probe.webp", "views.webp"):
        assert_answered(get(f"{base}/{path}"))
    for step in STEPS:
        assert_answered(get(f"{base}/snapshots/{step}"))
    for step in (7, 15):
        assert_answered(get(f"{base}/glances/{step}"))
    assert get(f"/sslviz/runs/{healthy.name}/feed")[0] == 200


def assert_answered(answer: tuple[int, bytes]) -> None:
    status, body = answer
    assert status in (200, 404), answer
    if status == 404:
        assert json.loads(body)["error"].strip()


def command_line(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `python -m sslviz` in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(arguments))
    return code, out.getvalue(), err.getvalue()

"""What breaks what: each what-if switch beside the intact method, on `shapes`, same seed.

`python -m benchmarks.switches` trains every method's preset for `--steps` steps, then again with
one of the changes that its .toml rehearses, and prints what the app's panels would show at the end.
`--record`: for the page Methods to show; methods that are not named keep the rows they have there.
"""

import argparse
import json
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.recording import record
from sslviz.methods import METHODS
from sslviz.methods.about import about
from sslviz.presets.catalogue import PRESETS

SHOWN = (
    "loss", "knn_h", "feature_std_z", "effective_rank_h", "effective_rank_z", "alignment",
    "verdict",
)  # fmt: skip
KEPT = ("total_variance_h", "total_variance_z")


def measured(
    job: tuple[str, dict[str, Any]], steps: int, settings: dict[str, str]
) -> dict[str, Any]:
    import torch

    from sslviz.runs import store
    from sslviz.training.worker import run

    torch.set_num_threads(1)
    name, moved = job
    config = PRESETS[name].config.with_settings(
        {"device": "cpu", "steps": steps, **settings, **moved}
    )
    with tempfile.TemporaryDirectory() as root:
        folder = store.create_run(config, Path(root), name)
        run(folder)
        rows = store.read_metrics(folder)
    newest = store.newest_values(rows)
    row = {"method": name, "settings": moved}
    row |= {key: newest[key] for key in (*SHOWN, *KEPT)}
    return row | {f"start_{key}": rows[0][key] for key in (*SHOWN[1:5], *KEPT)}


def cells(row: dict[str, Any]) -> str:
    numbers = [v if isinstance(v := row[key], str) else f"{v:.3g}" for key in SHOWN]
    moved = json.dumps(row["settings"])[1:-1] or "intact"
    return " | ".join(["", row["method"], moved, *numbers, ""]).strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    known = [name for name in METHODS if about(name).rehearsed.changes]
    parser.add_argument(
        "methods", nargs="*", metavar="METHOD", help=f"all if none is named: {', '.join(known)}"
    )
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="of every run")
    parser.add_argument("--record", action="store_true", help="write what the page Methods shows")
    asked = parser.parse_args()
    for unknown in set(asked.methods) - set(known):
        parser.error(f"nothing is rehearsed of {unknown}; choose among: {', '.join(known)}")
    changes = {m: about(m).rehearsed.changes for m in asked.methods or known}
    jobs = [(m, dict(moved)) for m, some in changes.items() for moved in ({}, *some)]
    settings = dict(entry.split("=", 1) for entry in asked.set)
    print("|", " | ".join(("method", "switch", *SHOWN)), "|")
    print("|" + "---|" * (2 + len(SHOWN)))
    rows = []
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        for row in pool.map(partial(measured, steps=asked.steps, settings=settings), jobs):
            rows.append(row)
            print(cells(row), flush=True)
    if asked.record:
        record("switches", rows, asked.set, steps=asked.steps)


if __name__ == "__main__":
    main()

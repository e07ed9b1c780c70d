"""Every method on `shapes`, measured alike: `python -m benchmarks.methods --seeds 0 1 2`.

Trains each method's preset with the real worker, then asks the app's own protocols: kNN and a
linear probe from h, each on 4,096 training and 1,024 test images. Runs stand side by side, one core
each; minutes are those a core worked on training and snapshots. Finished rows are kept in `--out`,
so that a broken-off measurement goes on where it was. `--record`: for the page Methods to show;
methods that are not named keep the rows they have there.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, stdev
from time import process_time
from typing import Any

from benchmarks.recording import record
from sslviz.methods import METHODS
from sslviz.presets.catalogue import PRESETS

SHOWN = {
    "knn": "kNN from h", "linear": "linear probe", "probe_bg_hue_h": "background hue",
    "probe_pos_x_h": "position", "effective_rank_h": "effective rank of h", "minutes": "minutes",
}  # fmt: skip
KEPT = (
    "knn_h", "probe_bg_hue_h", "probe_pos_x_h", "effective_rank_h", "effective_rank_z",
    "feature_std_z", "total_variance_h", "total_variance_z",
)  # fmt: skip


def measured(name: str, seed: int, settings: dict[str, str]) -> dict[str, Any]:
    import torch

    from sslviz.evaluate.bench import RUN, open_bench
    from sslviz.evaluate.protocols import EvaluationConfig
    from sslviz.runs import store
    from sslviz.training.worker import run

    started = process_time()
    torch.set_num_threads(1)
    config = PRESETS[name].config.with_settings({"seed": seed, "device": "cpu", **settings})
    with tempfile.TemporaryDirectory() as root:
        folder = store.create_run(config, Path(root), name)
        run(folder)
        minutes = (process_time() - started) / 60
        rows = store.read_metrics(folder)
        newest = store.newest_values(rows)
        row = {"method": name, "seed": seed, "steps": config.steps, "verdict": newest["verdict"]}
        row["minutes"] = minutes
        row |= {key: newest[key] for key in KEPT}
        row |= {f"start_{key}": rows[0][key] for key in KEPT}
        for protocol in ("knn", "linear"):
            asked = EvaluationConfig(protocol=protocol)
            everything = replace(config, train_images=0)
            bench = open_bench(folder, everything, asked, torch.device("cpu"), lambda *_: None)
            outcome = RUN[protocol](bench, 1.0, 0, lambda _: None)
            right = outcome.predictions == bench.test.labels
            row[protocol] = right.double().mean().item()
    return row


def table(rows: list[dict[str, Any]]) -> Iterable[str]:
    yield "| method | steps | seeds | " + " | ".join(SHOWN.values()) + " |"
    yield "|---" * (3 + len(SHOWN)) + "|"
    for name in METHODS:
        mine = [row for row in rows if row["method"] == name]
        if mine:
            cells = " | ".join(_cell(key, [row[key] for row in mine]) for key in SHOWN)
            yield f"| {name} | {mine[0]['steps']} | {len(mine)} | {cells} |"


def summary(rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """A row a method, in the order of METHODS: its data, steps, and each number over the seeds."""
    for name in METHODS:
        mine = sorted((r for r in rows if r["method"] == name), key=lambda row: row["seed"])
        if mine:
            config = PRESETS[name].config
            row = {"method": name, "data": config.data, "steps": mine[0]["steps"]}
            row["seeds"] = [r["seed"] for r in mine]
            yield row | {key: [round(r[key], 4) for r in mine] for key in SHOWN}


def _cell(key: str, values: list[float]) -> str:
    if key == "minutes":
        return f"{fmean(values):.1f}"
    digits = 0 if key.startswith("effective") else 2
    spread = f" ± {stdev(values):.{digits}f}" if len(values) > 1 else ""
    return f"{fmean(values):.{digits}f}{spread}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("methods", nargs="*", metavar="METHOD", help="all of them if none is named")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("rows.jsonl"))
    asked = parser.parse_args()
    settings = dict(entry.split("=", 1) for entry in asked.set)
    rows = [json.loads(line) for line in asked.out.open()] if asked.out.exists() else []
    known = {(row["method"], row["seed"]) for row in rows}
    wanted = [(name, seed) for seed in asked.seeds for name in asked.methods or METHODS]
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool, asked.out.open("a") as out:
        open_jobs = [pool.submit(measured, *job, settings) for job in wanted if job not in known]
        for job in as_completed(open_jobs):
            rows.append(job.result())
            print(json.dumps(rows[-1]), file=out, flush=True)
    print("\n".join(table(rows)))
    if asked.record:
        record("methods", list(summary(rows)), asked.set)


if __name__ == "__main__":
    main()

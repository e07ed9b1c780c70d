"""The classic experiments, run for the page that shows them: `python -m benchmarks.classics`.

Without --record it says what is recorded and what is missing. `--record` trains what is missing,
`--places` runs side by side, each in a process that trains one after the other, and writes a line
to `--out` as each run ends. It can be stopped at any moment and goes on where it stopped. A run
that fails is written down with its error and tried again the next time.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks.parts.hands import Hands
from sslviz.config import RunConfig
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.sweeps.classics import CLASSICS
from sslviz.sweeps.classics.classic import Asked
from sslviz.sweeps.classics.recorded import FILE, complete, key, own_settings, read_lines, wanted

KEPT = (
    "loss", "knn_h", "knn_z", "contrastive_accuracy", "alignment", "uniformity",
    "positive_cosine", "negative_cosine", "feature_std_h", "feature_std_z", "effective_rank_h",
    "effective_rank_z", "total_variance_h", "total_variance_z", "probe_rotation_h",
    "probe_rotation_z", "probe_bg_hue_h", "probe_bg_hue_z", "probe_fg_hue_h", "probe_fg_hue_z",
    "seconds",
)  # fmt: skip
AT_START = ("knn_h", "knn_z", "alignment", "uniformity", "effective_rank_h", "effective_rank_z")
TRACKED = ("step", "alignment", "uniformity", "knn_h")
LOOKS = 4  # snapshots after the first
TUNED = 300  # steps that an evaluation takes for each share of the labels
Job = dict[str, Any]


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="train what is missing")
    parser.add_argument("--only", nargs="+", choices=CLASSICS, default=list(CLASSICS))
    parser.add_argument("--seeds", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--places", type=int, default=1, help="runs side by side")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--minutes", type=float, default=600.0, help="ends after these")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    if asked.work:
        return work()
    known = read_lines(asked.out)
    jobs = list(missing(asked.only, tuple(asked.seeds or (0, 1, 2)), asked.device, known))
    print(f"{len(known)} runs are recorded in {asked.out}, {len(jobs)} are missing.", flush=True)
    if asked.record and jobs:
        failed = record(jobs, asked.out, asked.places, asked.minutes)
        return 1 if failed else 0
    return 0


def missing(only: list[str], seeds: tuple[int, ...], device: str, known: Any) -> Iterator[Job]:
    """Every run that is not recorded, with its device and what it is to be measured by."""
    for config, asks in wanted([CLASSICS[name] for name in only], seeds):
        settings = own_settings(config)
        if not complete(known.get(key(settings, config.seed)), asks):
            shares = sum(len(asked.labels) for asked in asks)
            yield {
                "settings": settings, "seed": config.seed, "device": device,
                "asks": [vars(asked) for asked in asks], "work": config.steps + TUNED * shares,
            }  # fmt: skip


def record(jobs: list[Job], out: Path, places: int, minutes: float) -> int:
    """Has all jobs done, and writes down each as it ends. Returns how many have failed."""
    jobs = sorted(jobs, key=lambda job: (job["seed"], -job["work"]))  # the longest first
    began, failed = monotonic(), 0
    out.parent.mkdir(parents=True, exist_ok=True)
    end_torn_line(out)
    with out.open("a", encoding="utf-8") as file, Hands(places, began + 60 * minutes) as hands:
        for number, row in enumerate(hands.results(jobs), 1):
            file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())
            failed += "error" in row
            said = row.get("error") or f"kNN {row['metrics']['knn_h']:.3f}, {row['verdict']}"
            at = f"{monotonic() - began:6.0f} s  {number}/{len(jobs)}"
            print(at, row["seed"], json.dumps(row["settings"])[:90], said, flush=True)
    return failed


def end_torn_line(out: Path) -> None:
    """A line that a stop has torn gets its end, so that the next one is not glued to it."""
    if out.exists() and (content := out.read_bytes()) and not content.endswith(b"\n"):
        with out.open("ab") as file:
            file.write(b"\n")


def work() -> int:
    """A process that does one job a line of its input, until that ends."""
    import torch

    torch.set_num_threads(1)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody else's words among the answers
    for line in sys.stdin:
        job = json.loads(line)
        row = {"settings": job["settings"], "seed": job["seed"]}
        try:
            row |= measured(job)
        except Exception as error:  # a run that fails is a result, too
            row["error"] = f"{type(error).__name__}: {error}"[:300]
        answers.write(json.dumps(row) + "\n")
        answers.flush()
    return 0


def measured(job: Job) -> dict[str, Any]:
    """Trains one run, measures it, and returns its line. Raises RuntimeError where it failed."""
    import torch

    from sslviz.runs import store
    from sslviz.training.worker import run

    plain = RunConfig().with_settings(job["settings"])
    every = max(1, plain.steps // LOOKS)
    config = plain.with_settings(
        {"seed": job["seed"], "device": job["device"], "snapshot_every": every}
    )
    with tempfile.TemporaryDirectory() as root:
        folder = store.create_run(config, Path(root), "classic")
        code = run(folder, maps=False)
        status = store.read_status(folder)
        if code or status["state"] != "finished":
            raise RuntimeError(str(status["error"] or status["state"]))
        rows = store.read_metrics(folder)
        evaluated = {}
        for asked in job["asks"]:
            own = Asked(asked["protocol"], asked["layer"], tuple(asked["labels"]))
            evaluated |= evaluation(folder, config, own, status["device"])
    newest = store.newest_values(rows)
    looks = [row for row in rows if row.get("snapshot")]
    numbers = {name: newest[name] for name in KEPT if name in newest}
    numbers |= {f"start_{name}": looks[0][name] for name in AT_START if name in looks[0]}
    return {
        "steps": config.steps,
        "metrics": {name: short(value) for name, value in (numbers | evaluated).items()},
        "verdict": newest["verdict"],
        "track": [[short(row.get(name)) for name in TRACKED] for row in looks],
        "device": status["device_name"],
        "precision": status["precision"],
        "torch": torch.__version__.split("+")[0],
        "date": date.today().isoformat(),
    }


def evaluation(folder: Path, config: RunConfig, asked: Asked, device: str) -> dict[str, float]:
    """Accuracy on the test images for each share of the labels, drawn by the run's own seed."""
    import torch

    from sslviz.evaluate.bench import RUN, open_bench

    settings: dict[str, Any] = {"protocol": asked.protocol, "layer": asked.layer}
    if asked.protocol != "knn":
        settings["labels"] = list(asked.labels)
    protocol = EvaluationConfig.from_json(settings)
    bench = open_bench(folder, config, protocol, torch.device(device), lambda *_: None)
    found = {}
    for share in asked.labels:
        outcome = RUN[asked.protocol](bench, share, config.seed, lambda _: None)
        right = outcome.predictions == bench.test.labels
        found[asked.metric(share)] = float(right.double().mean())
    return found


def short(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())

"""One evaluation in its own process: `python -m sslviz.evaluate.worker RUN_FOLDER EVALUATION_ID`.

It reads the run and writes only `evaluations/` in its folder. One evaluation works at a time; the
others wait before they load anything heavy.
"""

import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from sslviz.evaluate.protocols import PROTOCOLS, EvaluationConfig
from sslviz.evaluate.records import EvaluationWriter
from sslviz.refusal import Refusal, Sentence, say
from sslviz.runs.files import locked
from sslviz.runs.room import trouble
from sslviz.runs.store import read_config

TILES = 60
HEARTBEAT = 0.5  # seconds


def evaluate(folder: Path, evaluation: str) -> int:
    """Runs the evaluation to its end. Returns the exit code.

    0: finished; 1: failed unexpectedly; 2: it cannot be run. The reason stands in the record, in
    one sentence. Raises Refusal where there is no such evaluation or another process runs it.
    """
    writer = EvaluationWriter(folder, evaluation)
    try:
        with locked(folder.parent / ".queue" / "evaluation"):
            writer.write(state="running", started_at=time.time(), message=say("Loading the data"))
            _run(folder, writer)
        return 0
    except Refusal as refusal:
        return _failed(writer, refusal.sentence, 2)
    except KeyboardInterrupt:
        return _failed(writer, say("The evaluation was stopped."), 130)
    except OSError as error:
        traceback.print_exc()
        return _failed(writer, trouble(error, folder), 1)
    except Exception as error:
        traceback.print_exc()
        sentence = say(
            "The evaluation stopped on an error that sslviz does not know; its log says more "
            "({detail}).",
            detail=f"{type(error).__name__}: {str(error)[:400]}",
        )
        return _failed(writer, sentence, 1)


def _run(folder: Path, writer: EvaluationWriter) -> None:
    from sslviz.evaluate.bench import RUN, confusion, open_bench, wrong
    from sslviz.training.prepare import chosen_device, device_name

    config = EvaluationConfig.from_json(writer.record["settings"])
    device = chosen_device("auto")
    bench = open_bench(
        folder, read_config(folder), config, device, lambda text, _: writer.write(message=text)
    )
    facts = {"class_names": bench.test.class_names, "n_test": len(bench.test)}
    writer.write(
        device=device_name(device), n_train=len(bench.train), chance=1 / bench.n_classes, **facts
    )
    jobs = [(share, seed) for share in config.labels for seed in config.repeats(share)]
    clock = Clock(writer, len(jobs))
    results: dict[float, list[dict[str, Any]]] = {}
    for number, (share, seed) in enumerate(jobs):
        writer.write(message=None, job=number + 1, jobs=len(jobs))
        outcome = RUN[config.protocol](bench, share, seed, clock.job(number))
        accuracy = float((outcome.predictions == bench.test.labels).float().mean())
        row = {"seed": seed, "accuracy": accuracy} | vars(outcome)
        results.setdefault(share, []).append(row)
        writer.write(results=[summary(share, rows) for share, rows in results.items()])
        if seed == config.seeds[0]:
            missed = wrong(outcome.predictions, bench.test.labels)
            tiles = bench.test.images[missed["index"][:TILES]].permute(0, 2, 3, 1)
            writer.arrays(tiles=tiles.cpu().numpy())
            matrix = confusion(outcome.predictions, bench.test.labels, bench.n_classes)
            writer.write(confusion=matrix, wrong=missed, shown={"labels": share, "seed": seed})
    words = in_words(writer.record)
    writer.write(
        state="finished", progress=1.0, eta_seconds=0.0, step=bench.step, words=words, message=None
    )


def summary(share: float, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One share of the labels over its seeds; `std` (n - 1) is null for a single one.

    `extra` holds a list for each further measurement (nmi, teacher).
    """
    accuracies = [row["accuracy"] for row in rows]
    return {
        "labels": share,
        "n_labels": round(fmean(row["n_labels"] for row in rows)),
        "seeds": [row["seed"] for row in rows],
        "accuracies": accuracies,
        "mean": fmean(accuracies),
        "std": stdev(accuracies) if len(accuracies) > 1 else None,
        "extra": {name: [row["extra"][name] for row in rows] for name in rows[0]["extra"]},
    }


def in_words(record: dict[str, Any]) -> str:
    """The protocol with its numbers, in English."""
    text = PROTOCOLS[record["protocol"]].words
    return text.format(**record["settings"] | {k: record[k] for k in ("n_train", "n_test")})


class Clock:
    """Progress over all jobs and the time left, written at most every HEARTBEAT seconds."""

    def __init__(self, writer: EvaluationWriter, jobs: int) -> None:
        self.writer, self.jobs = writer, jobs
        self.began = self.written = time.monotonic()

    def job(self, number: int) -> Any:
        """The report function of one job: takes its share done, 0 to 1."""

        def report(share: float) -> None:
            now = time.monotonic()
            if now - self.written < HEARTBEAT:
                return
            self.written = now
            done = max(1e-6, (number + share) / self.jobs)
            left = (now - self.began) * (1 - done) / done
            self.writer.write(progress=done, eta_seconds=left)

        return report


def _failed(writer: EvaluationWriter, sentence: Sentence, code: int) -> int:
    with suppress(OSError):
        print(sentence, file=sys.stderr)
    writer.write(state="failed", error=sentence, eta_seconds=None, message=None)
    return code


if __name__ == "__main__":
    try:
        sys.exit(evaluate(Path(sys.argv[1]).absolute(), sys.argv[2]))
    except Refusal as refusal:
        sys.exit(str(refusal))

"""`python -m sslviz evaluate RUN`: its flags, and what it prints. Loads torch only to work."""

import argparse
from pathlib import Path
from typing import Any

from sslviz.cli.progress import Progress
from sslviz.data.catalogue import DATASETS
from sslviz.evaluate.protocols import PROTOCOLS, EvaluationConfig
from sslviz.evaluate.records import create_evaluation, read_evaluation, start_evaluation
from sslviz.knobs import knobs
from sslviz.runs.files import dumps


def add_evaluate(command: argparse.ArgumentParser) -> None:
    """One flag a setting of `EvaluationConfig`."""
    about = [f"  {p.name:<9} {p.help}" for p in PROTOCOLS.values()]
    command.epilog = "\n".join(["protocols", *about])
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    for name, entry in knobs(EvaluationConfig).items():
        words = f"{entry.help} {str(entry.allowed()).capitalize()}."
        command.add_argument(
            f"--{name.replace('_', '-')}", metavar=name.upper(), help=words.replace("%", "%%")
        )
    command.add_argument("--labels", metavar="SHARES", help="shares of the labels, as 0.01,0.1,1.0")
    command.add_argument("--seeds", metavar="SEEDS", help="one repeat each, as 0,1,2")
    command.add_argument("--json", action="store_true", help="the whole record as JSON")
    command.add_argument("--background", action="store_true", help="start a process and return")


def evaluate(args: argparse.Namespace, folder: Path) -> int:
    """Evaluates in this process, or starts one. Raises Refusal."""
    names = (*knobs(EvaluationConfig), "labels", "seeds")
    settings = {name: value for name in names if (value := getattr(args, name)) is not None}
    data = settings.get("data", "")
    if data and data not in DATASETS and Path(data).exists():
        settings["data"] = str(Path(data).absolute())
    config = EvaluationConfig.from_json(settings)
    if args.background:
        evaluation = start_evaluation(folder, config)
        record = {"run": folder.name, "evaluation": evaluation}
        print(dumps(record).decode() if args.json else evaluation)
        return 0
    evaluation = create_evaluation(folder, config)
    with Progress(lambda: under_way(read_evaluation(folder, evaluation)), stays=False):
        from sslviz.evaluate.worker import evaluate as work

        code = work(folder, evaluation)
    if code == 0:
        record = read_evaluation(folder, evaluation)
        print(dumps(record, indent=1).decode() if args.json else in_lines(record))
    return code


def in_lines(record: dict[str, Any]) -> str:
    """`labels 10% (408): accuracy 71.2% ± 1.1% (3 seeds)`, a line a share, then the protocol."""
    lines = []
    for row in record["results"]:
        n = len(row["seeds"])
        spread = "" if row["std"] is None else f" ± {row['std']:.1%} (sd, {n} seeds)"
        extra = "".join(
            f", {name} {sum(values) / len(values):.3f}" for name, values in row["extra"].items()
        )
        labels = f"labels {row['labels']:.3g} ({row['n_labels']}): " if row["n_labels"] else ""
        lines.append(f"{labels}accuracy {row['mean']:.1%}{spread}{extra}")
    return "\n".join([*lines, f"chance {record['chance']:.1%}. {record['words']}"])


def under_way(record: dict[str, Any]) -> str:
    """`running  40%  12 s left`, or what it does before it can tell how long it takes."""
    words = f"{record['state']}  {record['progress'] or 0.0:.0%}"
    if record["eta_seconds"]:
        return f"{words}  {record['eta_seconds']:.0f} s left"
    return f"{words}  {record.get('message') or ''}".rstrip()

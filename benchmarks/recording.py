"""Where a measurement was taken, written beside it: what the page Methods shows as recorded."""

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import torch

from sslviz.methods import METHODS

RECORDED = Path(__file__).parents[1] / "assets" / "recorded"


def record(
    name: str, rows: list[dict[str, Any]], settings: Iterable[str] = (), **facts: Any
) -> None:
    """Writes `assets/recorded/<name>.json`: a row a line, under the machine and the day.

    Methods that have no new row keep theirs, and the head stays that of the kept; then each new row
    says itself where it was `measured`. `settings` (KEY=VALUE) were given to every run. ValueError
    where the kept rows were measured with other `facts`.
    """
    file = RECORDED / f"{name}.json"
    here = place(settings)
    before = json.loads(file.read_text()) if file.exists() else {"rows": []}
    new = {row["method"] for row in rows}
    kept = [row for row in before["rows"] if row["method"] not in new]
    head = here | facts
    if kept:
        head = {key: value for key, value in before.items() if key != "rows"}
        if facts != {key: head.get(key) for key in facts}:
            raise ValueError(f"{file.name} was measured with other facts than {facts}.")
        rows = [row | {"measured": here} for row in rows]
    rows = sorted(kept + rows, key=lambda row: list(METHODS).index(row["method"]))
    top = "".join(f" {json.dumps(k)}: {json.dumps(v)},\n" for k, v in head.items())
    lines = ",\n".join(f"  {json.dumps(short(row))}" for row in rows)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'{{\n{top} "rows": [\n{lines}\n ]\n}}\n')


def place(settings: Iterable[str]) -> dict[str, str]:
    """This machine, torch and day; `settings` that every run was given stand with the machine."""
    machine = ", ".join([processor(), f"{os.cpu_count()} cores", "no GPU", *settings])
    version = torch.__version__.split("+")[0]
    return {"machine": machine, "torch": version, "date": date.today().isoformat()}


def short(row: dict[str, Any]) -> dict[str, Any]:
    return {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in row.items()}


def processor() -> str:
    """The processor's own name, where the system tells it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown processor"

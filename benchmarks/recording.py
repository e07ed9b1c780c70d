"""Where a measurement was taken, written beside it: what the page Methods shows as recorded."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import torch

RECORDED = Path(__file__).parents[1] / "assets" / "recorded"


def record(name: str, rows: list[dict[str, Any]], **facts: Any) -> None:
    """Writes `assets/recorded/<name>.json`: a row a line, under the machine and the day."""
    where = {
        "machine": f"{processor()}, {os.cpu_count()} cores, no GPU",
        "torch": torch.__version__.split("+")[0],
        "date": date.today().isoformat(),
    }
    head = "".join(f" {json.dumps(k)}: {json.dumps(v)},\n" for k, v in (where | facts).items())
    lines = ",\n".join(f"  {json.dumps(short(row))}" for row in rows)
    RECORDED.mkdir(parents=True, exist_ok=True)
    (RECORDED / f"{name}.json").write_text(f'{{\n{head} "rows": [\n{lines}\n ]\n}}\n')


def short(row: dict[str, Any]) -> dict[str, Any]:
    return {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in row.items()}


def processor() -> str:
    """The processor's own name, where the system tells it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown processor"

"""A sweep as a file for other programs: CSV, Parquet, or what TensorBoard reads."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sslviz.export.tables import as_parquet
from sslviz.export.tensorboard import events
from sslviz.refusal import Refusal
from sslviz.runs.files import replaced
from sslviz.runs.read import read_metrics
from sslviz.runs.room import CannotWrite
from sslviz.sweeps.rows import Row
from sslviz.sweeps.table import Table

FIRST = ("run", "cell")
LAST = ("seed", "state", "step")


def flat(table: Table, every_step: bool = False) -> list[dict[str, Any]]:
    """A flat row a run, with `run`, `cell`, the axes, `seed`, `state`, `step` and its metrics.

    `every_step`: a row for each step that was written down. What a row has not is missing in it.
    """
    return [row for run in table.rows for row in _flat(table, run, every_step)]


def _flat(table: Table, row: Row, every_step: bool) -> Iterator[dict[str, Any]]:
    facts = table.row_json(row)
    named = {name: facts[name] for name in FIRST} | facts["axes"]
    named |= {name: facts[name] for name in LAST}
    if not every_step:
        yield named | facts["metrics"]
    elif row.run:
        for line in read_metrics(table.folder.parent.parent / row.run):
            yield named | {k: v for k, v in line.items() if _is_number(v)}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def csv_text(table: Table, every_step: bool = False) -> str:
    """CSV with one heading; an empty field where a run has no such number."""
    rows = flat(table, every_step)
    file = io.StringIO()
    writer = csv.DictWriter(file, _columns(table, rows), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
    return file.getvalue()


def _columns(table: Table, rows: list[dict[str, Any]]) -> list[str]:
    first = [*FIRST, *(axis.name for axis in table.sweep.axes), *LAST]
    return list(dict.fromkeys([*first, *(name for row in rows for name in row)]))


def _csv(table: Table, out: Path, every_step: bool) -> None:
    text = csv_text(table, every_step)
    replaced(out, lambda file: _write(file, text))


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def _parquet(table: Table, out: Path, every_step: bool) -> None:
    rows = flat(table, every_step)
    body = as_parquet({name: [row.get(name) for row in rows] for name in _columns(table, rows)})
    replaced(out, lambda file: _write_bytes(file, body))


def _write_bytes(file: Path, body: bytes) -> None:
    file.write_bytes(body)


def _tensorboard(table: Table, out: Path, every_step: bool) -> None:
    """A folder of event files, one a run, which always hold all steps."""
    for row in [row for row in table.rows if row.run]:
        place = out / _folder(table, row)
        place.mkdir(parents=True, exist_ok=True)
        rows = read_metrics(table.folder.parent.parent / row.run)
        (place / f"events.out.tfevents.0.{row.run}").write_bytes(events(rows))


def _folder(table: Table, row: Row) -> str:
    """`method.tau=0.1,batch_size=32,seed=0`, as TensorBoard names a run by its folder."""
    words = table.axes(row) | {"seed": row.member.seed}
    return ",".join(f"{k}={v}" for k, v in words.items()).replace("/", "_")[:200]


FORMATS: dict[str, Callable[[Table, Path, bool], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "tensorboard": _tensorboard,
}


def export(table: Table, kind: str, out: Path, every_step: bool = False) -> None:
    """Writes the table to `out`: a file, or a folder for TensorBoard. Raises Refusal."""
    if kind not in FORMATS:
        raise Refusal(
            "to is {kind}; it must be one of {allowed}.",
            kind=repr(kind)[:80],
            allowed=", ".join(FORMATS),
        )
    try:
        FORMATS[kind](table, out, every_step)
    except OSError as error:
        raise CannotWrite(error, out) from error

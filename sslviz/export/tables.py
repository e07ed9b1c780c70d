"""A run's numbers as tables for other programs: metrics, and coordinates with their labels."""

import csv
from io import BytesIO, StringIO
from typing import Any

from sslviz.export.arrays import Recorded
from sslviz.refusal import Refusal

Columns = dict[str, list[Any]]


def metrics(run: Recorded) -> Columns:
    """Name -> one value a step, None where it was not measured; `step` first."""
    names = dict.fromkeys(["step", *(name for row in run.rows for name in row)])
    return {name: [row.get(name) for row in run.rows] for name in names}


def coordinates(run: Recorded, step: int | None) -> Columns:
    """One line a probe image: its label, its factors, its place in every layout of the snapshot."""
    found, arrays = run.snapshot(step)
    probe = run.probe
    n, labels, names = probe["n"], probe["labels"], probe["class_names"]
    columns: Columns = {"image": list(range(n)), "step": [found] * n}
    if len(labels) == n:
        columns["label"] = labels
        columns["class"] = [names[i] if 0 <= i < len(names) else "" for i in labels]
    for name, factor in probe["factors"].items():
        if len(factor["values"]) == n:
            columns[name] = [_said(factor, value) for value in factor["values"]]
    for name, array in arrays.items():
        if name.startswith("layout_"):
            for axis, letter in zip(array.T.astype(float).tolist(), "xyz", strict=False):
                columns[f"{name.removeprefix('layout_')}_{letter}"] = axis
    return columns


def _said(factor: dict[str, Any], value: Any) -> Any:
    """A name, or a number in the factor's own range; None where nothing is known."""
    names, kind = factor["names"], factor["kind"]
    if value < 0:
        return None
    if kind == "categorical":
        return names[value] if isinstance(value, int) and value < len(names) else value
    if len(names) == 2:
        low, high = map(float, names)
        return low + value * (high - low)
    return value


def as_csv(columns: Columns) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it; a text that a spreadsheet would take for a
    formula is shown as text."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(map(_plain, columns))
    writer.writerows(
        [[_plain(value) for value in row] for row in zip(*columns.values(), strict=True)]
    )
    return file.getvalue().encode("utf-8-sig")


def as_tsv(columns: Columns) -> bytes:
    """What TensorBoard's projector takes: no quotes, so tabs and ends of lines become spaces."""
    lines = [columns.keys(), *zip(*columns.values(), strict=True)]
    clean = [[" ".join(str(value).split()) for value in line] for line in lines]
    return "".join("\t".join(line) + "\n" for line in clean).encode()


def _plain(value: Any) -> Any:
    risky = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if risky else value


def as_parquet(columns: Columns) -> bytes:
    """Raises Refusal without pyarrow."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise Refusal("Parquet files need pyarrow: pip install pyarrow.") from None
    file = BytesIO()
    parquet.write_table(pa.table({name: _one_kind(v) for name, v in columns.items()}), file)
    return file.getvalue()


def _one_kind(values: list[Any]) -> list[Any]:
    """A column of a table has one type: whatever mixes texts and numbers becomes texts."""
    kinds = {str if isinstance(v, str | dict | list) else float for v in values if v is not None}
    return [None if v is None else str(v) for v in values] if len(kinds) > 1 else values

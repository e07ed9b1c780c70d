"""Which press of a button made which run, so that one press never makes two."""

from hashlib import sha256
from pathlib import Path

from sslviz.refusal import Refusal
from sslviz.runs.files import read_json, write_json
from sslviz.runs.read import find_run

MOST_PRESSES = 1000  # the newest are remembered


def run_of_press(root: Path, key: str) -> Path | None:
    """The folder of the run that the press with this key made, while it is there."""
    made = dict(_presses(root)).get(_digest(key), "")
    try:
        return find_run(made, root)
    except Refusal:
        return None


def note_press(root: Path, key: str, run: str) -> None:
    """Remembers that the press with this key made `run`. Call it under the lock of presses."""
    known = [*_presses(root), (_digest(key), run)]
    write_json(_file(root), {"presses": known[-MOST_PRESSES:]}, sync=False)


def _presses(root: Path) -> list[tuple[str, str]]:
    try:
        rows = read_json(_file(root)).get("presses")
    except Refusal:
        return []
    pairs = rows if isinstance(rows, list) else []
    return [
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)
    ]


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()[:24]


def _file(root: Path) -> Path:
    return root / ".queue" / "presses.json"

"""A run as a replay file holds it: a bundle, thinned until it is small, zipped, in letters."""

import base64
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sslviz.feed.bundle import MOST_SNAPSHOTS, Bundle, bundle, read_bundle
from sslviz.feed.checked import check
from sslviz.refusal import Refusal
from sslviz.runs.read import snapshot_steps

MOST_BYTES = 1_620_000  # letters of the runs in a file; the page itself takes about 350,000
FEWEST_SNAPSHOTS = 8
MOST_RUNS = 4  # of a replay
MARK = "sslviz-replay"  # what a file is known by when it is handed back in


@dataclass(frozen=True)
class Packed:
    """`letters`: base64 of gzip of the bundle; `all_snapshots`: how many the run itself has."""

    run: str
    letters: str
    held: Bundle
    all_snapshots: int


def packed(
    folder: Path,
    most: int = MOST_BYTES,
    told: Callable[[Any], str] = str,
    snapshots: int = MOST_SNAPSHOTS,
) -> Packed:
    """The run in `folder` with as many of its snapshots, up to `snapshots`, as `most` letters hold,
    but never fewer than FEWEST_SNAPSHOTS. Raises Refusal for a run that cannot be read."""
    known = len(snapshot_steps(folder))
    count = min(snapshots, known)
    while True:
        whole = bundle(folder, count, told, small=True)
        held = read_bundle(whole)
        if known and not held.snapshots:
            raise Refusal("The run {run} has no snapshot that can be read.", run=folder.name)
        letters = _letters(whole)
        if len(letters) <= most or count <= FEWEST_SNAPSHOTS:
            return Packed(folder.name, letters, held, known)
        # the pictures stay whatever is left out, so aim at what the snapshots alone may take
        share = most / len(letters)
        count = max(FEWEST_SNAPSHOTS, min(count - 1, int(count * share)))


def packed_bundle(run: str, data: bytes) -> Packed:
    """A bundle that was handed back in. Raises Refusal for anything else."""
    held = read_bundle(data)
    check(held)
    return Packed(run, _letters(data), held, len(held.snapshots))


def _letters(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii")


def zipped_bundle(folder: Path, most: int = MOST_BYTES) -> bytes:
    """The bundle of a run as small as `packed` makes it, as a file: for talks. Raises Refusal."""
    return base64.b64decode(packed(folder, most).letters)

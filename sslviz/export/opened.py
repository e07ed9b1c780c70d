"""A replay handed back in: the bundles of an HTML file or a bare bundle, and nothing else of it.

The file is text that anybody may have written. Only its bundles are taken, each is checked as every
bundle is, and they are shown by a page made anew: no script or word of the file is used.
"""

import base64
import gzip
import re
import zlib
from io import BytesIO

from sslviz.export.packed import MARK, MOST_RUNS, Packed, packed_bundle
from sslviz.feed.bundle import MAGIC
from sslviz.refusal import Refusal
from sslviz.runs.read import is_name

GZIP = b"\x1f\x8b"
MOST_FILE = 64 << 20  # bytes of a file
MOST_UNPACKED = 256 << 20  # bytes of a bundle
RUN = re.compile(
    rb'<script type="application/octet-stream" id="run-\d" data-run="([^"<>]{1,200})">'
    rb"([A-Za-z0-9+/=\s]*)(</script>)?"
)


def opened(data: bytes, name: str = "replay") -> list[Packed]:
    """The runs in a replay. Raises Refusal with one sentence for anything else."""
    if len(data) > MOST_FILE:
        raise Refusal("A replay has at most {most} MB.", most=MOST_FILE >> 20)
    if data.startswith(GZIP):
        data = _unzipped(data)
    if data.startswith(MAGIC[:-1]):
        return [packed_bundle(name, data)]
    if f'data-kind="{MARK}"'.encode() not in data[:1000]:
        raise Refusal("This is not a replay of sslviz.")
    found = RUN.findall(data)
    if not found or any(not end for _name, _letters, end in found):
        raise Refusal("This replay is cut off.")
    some = found[:MOST_RUNS]
    return [packed_bundle(_safe(run), _unzipped(_bytes(letters))) for run, letters, _ in some]


def _safe(run: bytes) -> str:
    name = run.decode("utf-8", "replace")
    return name if is_name(name) else "replay"


def _bytes(letters: bytes) -> bytes:
    try:
        return base64.b64decode(letters, validate=False)
    except ValueError:
        raise _damaged() from None


def _damaged() -> Refusal:
    return Refusal("This replay is damaged: a run in it cannot be unpacked.")


def _unzipped(packed: bytes) -> bytes:
    try:
        with gzip.open(BytesIO(packed)) as file:
            data = file.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, ValueError, zlib.error):
        raise _damaged() from None
    if len(data) > MOST_UNPACKED:
        raise Refusal("A replay unpacks to at most {most} MB.", most=MOST_UNPACKED >> 20)
    return data

"""A whole run in one piece, to be shown without a server: the source of a replay.

    14 bytes  "sslviz replay" and a zero
    uint16    number of the format, little endian like all that follows
    uint32    bytes of the header
    uint32    bytes of the whole bundle
    JSON      config, status, rows, events, probe: as the feed's routes send them
              snapshots: [{step, offset, length}], ascending
              pictures: {"probe": {offset, length}, "views": {offset, length}}
    parts     snapshot packets (see packets.py) and WebP atlases, each at a multiple of 4 bytes;
              offsets count from the end of the header

Of the pictures only snapshots: glances would be many times as much for what lies between them. Of
more probe images than the core (see `runs.core`) only the core, which a note says.

Data only, never code. `assets/feed/replay.js` reads it in the browser and refuses the same.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sslviz.feed.packets import snapshot_packet
from sslviz.feed.pictures import atlas, probe_facts
from sslviz.feed.rows import thinned
from sslviz.refusal import Refusal, say
from sslviz.runs.files import dumps, loads
from sslviz.runs.read import read_config, read_events, read_metrics, snapshot_path, snapshot_steps
from sslviz.runs.states import STATES
from sslviz.runs.status import read_status

MAGIC = b"sslviz replay\0"
FORMAT = 1
START = struct.Struct("<14sHII")
PICTURES = ("probe", "views")
MOST_SNAPSHOTS = 40


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds. `snapshots`: step -> packet; `pictures`: "probe" and "views" -> WebP."""

    config: dict[str, Any]
    status: dict[str, Any]
    rows: list[dict[str, Any]]
    events: list[dict[str, Any]]
    probe: dict[str, Any]
    snapshots: dict[int, bytes]
    pictures: dict[str, bytes]


def bundle(
    folder: Path,
    snapshots: int = MOST_SNAPSHOTS,
    told: Callable[[Any], str] = str,
    small: bool = False,
) -> bytes:
    """The run in `folder` with at most `snapshots` of its snapshots, the first and last among them.

    Damaged snapshots are left out, which a note says. `told` puts the worker's sentences into the
    viewer's language; `small`: the pictures are lossy. Raises Refusal where the run or one of its
    other files cannot be read.
    """
    images = _version(folder / "images.npz")
    probe = loads(probe_facts(folder, images, core=True))
    header: dict[str, Any] = {
        "config": read_config(folder).to_json(),
        "status": _over(read_status(folder), told),
        "rows": thinned(read_metrics(folder)),
        "events": [_event(event, told) for event in read_events(folder)],
        "probe": probe,
        "snapshots": [],
        "pictures": {},
    }
    parts: list[bytes] = []

    def put(data: bytes) -> dict[str, int]:
        place = {"offset": sum(map(len, parts)), "length": len(data)}
        parts.append(data + bytes(-len(data) % 4))
        return place

    if probe["n"] < probe["all"]:
        thin = say(
            "This replay shows the first {n} of {all} probe images; its numbers are of all.",
            n=probe["n"],
            all=probe["all"],
        )
        header["status"]["notes"].append(told(thin))
    packets, damaged = _packets(
        folder, spread(snapshot_steps(folder), snapshots), probe["n"] < probe["all"]
    )
    if damaged:
        note = say("{n} damaged snapshots of this run are left out.", n=damaged)
        header["status"]["notes"].append(told(note))
    for step, packet in packets.items():
        header["snapshots"].append({"step": step} | put(packet))
    for kind in PICTURES:
        header["pictures"][kind] = put(atlas(folder, kind, images, small, core=True))
    text = dumps(header)
    text += b" " * (-(START.size + len(text)) % 4)
    size = START.size + len(text) + sum(map(len, parts))
    return b"".join([START.pack(MAGIC, FORMAT, len(text), size), text, *parts])


def _packets(folder: Path, steps: list[int], core: bool) -> tuple[dict[int, bytes], int]:
    """Step -> packet of the snapshots that are whole, and how many are not."""
    packets: dict[int, bytes] = {}
    for step in steps:
        path = snapshot_path(folder, step)
        try:
            packets[step] = snapshot_packet(path, step, _version(path), core)
        except Refusal:
            continue
    return packets, len(steps) - len(packets)


def _over(status: dict[str, Any], told: Callable[[Any], str]) -> dict[str, Any]:
    """The status of a run that nobody waits for any more."""
    words = {name: told(status[name]) for name in ("error", "message") if status[name]}
    over = status["state"] if STATES[status["state"]].over else "stopped"
    notes = [told(note) for note in status["notes"]]
    return status | words | {"state": over, "live": False, "notes": notes}


def _event(event: dict[str, Any], told: Callable[[Any], str]) -> dict[str, Any]:
    return event | {"message": told(event["message"])} if "message" in event else event


def spread(steps: list[int], most: int) -> list[int]:
    """At most `most` of them, evenly chosen, the first and the last among them."""
    if len(steps) <= most:
        return steps
    last = len(steps) - 1
    return [steps[round(i * last / max(1, most - 1))] for i in range(most)]


def _version(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def read_bundle(data: bytes) -> Bundle:
    """What `bundle` wrote. Raises Refusal with one sentence for anything else: another file,
    another format, a part of a bundle, a header that does not fit."""
    if len(data) < START.size or not data.startswith(MAGIC[:-1]):
        raise Refusal("This is not a replay of sslviz.")
    _magic, version, length, size = START.unpack_from(data)
    if version != FORMAT:
        raise Refusal(
            "This replay has format {format}; this version reads format {known}.",
            format=version,
            known=FORMAT,
        )
    if len(data) < size:
        raise Refusal(
            "This replay is cut off: {here} of its {size} bytes are here.",
            here=len(data),
            size=size,
        )
    header = _header(data[START.size : START.size + length])
    parts = data[START.size + length :]
    snapshots: dict[int, bytes] = {}
    for place in header["snapshots"]:
        step = place.get("step")
        if type(step) is not int or step <= max(snapshots, default=-1):
            raise _damaged()
        snapshots[step] = _cut(parts, place)
    known = header["pictures"]
    pictures = {kind: _cut(parts, known[kind]) for kind in PICTURES if kind in known}
    names = ("config", "status", "rows", "events", "probe")
    own = {name: header[name] for name in names}
    return Bundle(**own, snapshots=snapshots, pictures=pictures)


def _header(text: bytes) -> dict[str, Any]:
    try:
        header = loads(text.decode("utf-8"))
    except ValueError:
        raise _damaged() from None
    tables = ("config", "status", "probe", "pictures")
    lists = ("rows", "events", "snapshots")
    fits = (
        isinstance(header, dict)
        and all(isinstance(header.get(name), dict) for name in tables)
        and all(isinstance(header.get(name), list) for name in lists)
        and all(isinstance(row, dict) for name in lists for row in header[name])
        and all(type(row.get("step")) is int for row in header["rows"] + header["events"])
    )
    if not fits:
        raise _damaged()
    return header


def _damaged() -> Refusal:
    return Refusal("The head of this replay is damaged.")


def _cut(parts: bytes, place: Any) -> bytes:
    known = place if isinstance(place, Mapping) else {}
    offset, length = known.get("offset"), known.get("length")
    if type(offset) is not int or type(length) is not int or min(offset, length) < 0:
        raise _damaged()
    if offset + length > len(parts):
        raise _damaged()
    return parts[offset : offset + length]

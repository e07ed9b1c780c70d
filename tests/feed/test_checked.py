"""A bundle that was handed in: what no run writes is one sentence, wherever it stands."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recorded import made_run

from sslviz.feed.bundle import MAGIC, START, bundle, read_bundle
from sslviz.feed.checked import check
from sslviz.feed.packets import read_packet, snapshot_packet
from sslviz.refusal import Refusal
from sslviz.runs.read import read_snapshot, snapshot_path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("runs"))


class Parts:
    """A bundle taken apart, to be put together with one thing changed."""

    def __init__(self, data: bytes) -> None:
        _magic, _version, length, _size = START.unpack_from(data)
        self.header = json.loads(data[START.size : START.size + length])
        self.parts = data[START.size + length :]
        place = self.header["snapshots"][-1]
        packet = self.parts[place["offset"] : place["offset"] + place["length"]]
        (size,) = struct.unpack_from("<I", packet)
        self.packet, self.body = json.loads(packet[4 : 4 + size]), packet[4 + size :]

    def built(self, header: dict[str, Any], more: bytes = b"") -> bytes:
        text = json.dumps(header).encode()
        text += b" " * (-(START.size + len(text)) % 4)
        body = self.parts + more
        size = START.size + len(text) + len(body)
        return START.pack(MAGIC, 1, len(text), size) + text + body

    def table(self, name: str, **fields: Any) -> bytes:
        return self.built(self.header | {name: self.header[name] | fields})

    def rows(self, *rows: dict[str, Any], name: str = "rows") -> bytes:
        return self.built(self.header | {name: list(rows)})

    def snapshot(self, packet: bytes) -> bytes:
        place = {"step": 40, "offset": len(self.parts), "length": len(packet)}
        snapshots = [*self.header["snapshots"][:-1], place]
        return self.built(self.header | {"snapshots": snapshots}, packet)

    def arrays(self, arrays: Any, body: bytes | None = None, step: int = 40) -> bytes:
        text = json.dumps({"step": step, "arrays": arrays}).encode()
        whole = self.body if body is None else body
        return self.snapshot(struct.pack("<I", len(text)) + text + whole)

    def array(self, **facts: Any) -> bytes:
        known = self.packet["arrays"]
        return self.arrays(known | {"layout_h_pca": known["layout_h_pca"] | facts})


def hostile(b: Parts) -> dict[str, bytes]:
    place = {"offset": 0, "length": 8}
    factors = b.header["probe"]["factors"]
    return {
        "a state that there is not": b.table("status", state="<b>"),
        "a state that is a list": b.table("status", state=[]),
        "a device that is a table": b.table("status", device={"a": 1}),
        "a time without a calendar": b.table("status", updated_at=1e300),
        "notes that are a word": b.table("status", notes="abc"),
        "no status at all": b.built(b.header | {"status": {}}),
        "a step before the first": b.rows({"step": -5}),
        "a step after the last": b.rows({"step": 10**12}),
        "an event before the first": b.rows({"step": -1}, name="events"),
        "a loss in words": b.rows({"step": 1, "loss": "<b>low</b>"}),
        "a loss that is a table": b.rows({"step": 1, "loss": {"a": 1}}),
        "a verdict that is a number": b.rows({"step": 1, "verdict": 3}),
        "an event with a list": b.rows({"step": 1, "knob": ["a"]}, name="events"),
        "more images than any run": b.table("probe", n=10**9),
        "a number of images in words": b.table("probe", n="many"),
        "fewer labels than images": b.table("probe", labels=[1, 2]),
        "labels in words": b.table("probe", labels=["a"] * 24),
        "a name of 300,000 letters": b.table("probe", class_names=["<b>" * 100_000]),
        "names that are numbers": b.table("probe", class_names=[1, None]),
        "factors that are none": b.table("probe", factors={"size": None}),
        "factors of other images": b.table(
            "probe", factors={"size": factors["size"] | {"values": [1.0]}}
        ),
        "pictures that are none": b.table("pictures", probe=place),
        "an empty snapshot": b.snapshot(b""),
        "a snapshot of noise": b.snapshot(b"\xff" * 64),
        "a deep snapshot": b.snapshot(struct.pack("<I", 200_000) + b"[" * 200_000),
        "a snapshot that is a list": b.arrays([1]),
        "a snapshot of another step": b.arrays(b.packet["arrays"], step=20),
        "a snapshot of nothing": b.arrays({}),
        "a huge shape": b.array(shape=[10**12, 3]),
        "a negative shape": b.array(shape=[-24, 3]),
        "a shape in words": b.array(shape="ab"),
        "a hundred axes": b.array(shape=[1] * 100),
        "fewer points than images": b.array(shape=[3, 2]),
        "a type that is not sent": b.array(dtype="float64"),
        "a type of objects": b.array(dtype="object"),
        "an array before the start": b.array(offset=-4),
        "an array past the end": b.array(offset=1 << 40),
        "an array between two numbers": b.array(offset=1),
        "an array with more to say": b.array(evil=1),
        "places that are no numbers": b.arrays(
            b.packet["arrays"], np.full(len(b.body) // 4, np.nan, np.float32).tobytes()
        ),
    }


def test_what_no_run_writes_is_one_sentence(folder: Path):
    whole = bundle(folder)
    check(read_bundle(whole))
    for name, data in hostile(Parts(whole)).items():
        with pytest.raises(Refusal) as refused:
            check(read_bundle(data))
        said = str(refused.value)
        assert "damaged" in said and len(said) < 200 and "<b>" not in said, name


def test_a_packet_reads_back(folder: Path):
    path = snapshot_path(folder, 20)
    step, arrays = read_packet(snapshot_packet(path, 20, 0))
    written = read_snapshot(folder, 20)
    assert step == 20 and arrays.keys() == written.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, written[name])

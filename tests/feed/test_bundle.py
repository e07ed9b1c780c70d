"""A run in one piece: what it holds, and how both its readers refuse what is none."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from node import ROOT, node

from sslviz.config import RunConfig
from sslviz.feed.bundle import START, bundle, read_bundle
from sslviz.feed.packets import snapshot_packet
from sslviz.refusal import Refusal
from sslviz.runs.read import snapshot_path
from sslviz.runs.store import RunWriter, create_run

# tells of each file what the browser's reader makes of it
READER = """
import { readFileSync } from "node:fs";
import { readBundle, replaySource } from "%s";
import { readPacket } from "%s";
const told = process.argv.slice(1).map((path) => {
  try {
    const buffer = new Uint8Array(readFileSync(path)).buffer;
    const { snapshots, pictures, ...rest } = readBundle(buffer);
    const numbers = (packet) => [...readPacket(packet).arrays.a.data];
    const arrays = [...snapshots].map(([step, packet]) => [step, numbers(packet)]);
    return { ...rest, arrays, pictures: Object.values(pictures).map((data) => data.byteLength) };
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify(told));
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    writer = RunWriter(create_run(RunConfig(seed=3), tmp_path))
    tiles = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), dtype=np.uint8)
    writer.images({"probe": tiles, "views": tiles[:4], "labels": np.zeros(6, np.int16)})
    for step in range(0, 50, 10):
        writer.metrics({"step": step, "loss": 1.0, "snapshot": True})
        writer.snapshot(step, {"a": np.array([step, -1, 2], np.int16)})
    writer.event("set", 4, knob="method.tau", old=0.2, new=0.3)
    writer.event("error", 5, message="Lost.")
    writer.status(state="training", step=40)
    writer.release()
    return writer.folder


def in_browser(tmp_path: Path, *bundles: bytes) -> list:
    """What replay.js reads of each, or its sentence."""
    paths = [tmp_path / f"{i}.bundle" for i in range(len(bundles))]
    for path, data in zip(paths, bundles, strict=True):
        path.write_bytes(data)
    modules = [(ROOT / "assets" / "feed" / name).as_uri() for name in ("replay.js", "packets.js")]
    script = READER % tuple(modules)
    done = node("--input-type=module", "-e", script, *map(str, paths))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_bundle_holds_the_run_and_both_readers_find_it(folder: Path, tmp_path: Path):
    data = bundle(folder)
    read = read_bundle(data)
    assert read.config == RunConfig(seed=3).to_json()
    assert read.status["state"] == "interrupted" and read.status["live"] is False
    assert [row["step"] for row in read.rows] == [0, 10, 20, 30, 40]
    assert [event["kind"] for event in read.events] == ["set", "error"]
    assert read.probe["n"] == 6
    assert list(read.snapshots) == [0, 10, 20, 30, 40]
    path = snapshot_path(folder, 20)
    assert read.snapshots[20] == snapshot_packet(path, 20, 0)
    assert all(picture.startswith(b"RIFF") for picture in read.pictures.values())
    (seen,) = in_browser(tmp_path, data)
    assert seen["arrays"] == [[step, [step, -1, 2]] for step in (0, 10, 20, 30, 40)]
    for name in ("config", "status", "rows", "events", "probe"):
        assert seen[name] == getattr(read, name)
    assert seen["pictures"] == [len(picture) for picture in read.pictures.values()]


def test_of_many_probe_images_a_replay_shows_the_core_and_says_so(tmp_path: Path):
    writer = RunWriter(create_run(RunConfig(probes=1200), tmp_path))
    tiles = np.arange(1200, dtype=np.uint8)[:, None, None, None].repeat(8, 1).repeat(8, 2)
    hue = np.linspace(0, 1, 1200, dtype=np.float32)
    own = {"probe": tiles.repeat(3, 3), "views": np.zeros((4, 8, 8, 3), np.uint8)}
    writer.images(own | {"labels": np.arange(1200) % 7, "factor_hue": hue})
    places = np.arange(2400, dtype=np.float16).reshape(1200, 2) % 100
    near = np.full((1200, 10), 1199, np.int16)
    writer.metrics({"step": 0, "snapshot": True})
    whole = {"layout_h_pca": places, "neighbours_h": near, "core_neighbours_h": near[:1000] - 200}
    writer.snapshot(0, whole)
    writer.snapshot(1, {name: whole[name] for name in ("layout_h_pca", "neighbours_h")})
    writer.release()
    read = read_bundle(bundle(writer.folder))
    assert (read.probe["n"], read.probe["all"], len(read.probe["labels"])) == (1000, 1200, 1000)
    assert np.array_equal(np.float32(read.probe["factors"]["hue"]["values"]), hue[:1000])
    (step, packet), *rest = read.snapshots.items()
    header = json.loads(packet[4 : 4 + struct.unpack_from("<I", packet)[0]])["arrays"]
    assert {name: facts["shape"] for name, facts in header.items()} == {
        "layout_h_pca": [1000, 2],
        "neighbours_h": [1000, 10],
    }
    near_at = 4 + struct.unpack_from("<I", packet)[0] + header["neighbours_h"]["offset"]
    assert struct.unpack_from("<h", packet, near_at) == (999,)
    notes = " ".join(read.status["notes"])
    assert step == 0 and not rest and "1 damaged snapshots" in notes
    assert "This replay shows the first 1000 of 1200 probe images; its numbers are of all" in notes


def test_few_snapshots_are_spread_from_first_to_last(folder: Path):
    assert list(read_bundle(bundle(folder, snapshots=3)).snapshots) == [0, 20, 40]
    assert list(read_bundle(bundle(folder, snapshots=1)).snapshots) == [0]


def test_sentences_come_in_the_viewers_words(folder: Path):
    read = read_bundle(bundle(folder, told=lambda text: f"<{text}>"))
    assert read.events[1]["message"] == "<Lost.>"


def with_header(data: bytes, text: bytes) -> bytes:
    magic, version, length, _size = START.unpack_from(data)
    parts = data[START.size + length :]
    size = START.size + len(text) + len(parts)
    return START.pack(magic, version, len(text), size) + text + parts


def hostile(data: bytes) -> dict[str, bytes]:
    _magic, _version, length, _size = START.unpack_from(data)
    header = json.loads(data[START.size : START.size + length])

    def changed(**fields) -> bytes:
        return with_header(data, json.dumps(header | fields).encode())

    place = header["snapshots"][0]
    return {
        "nothing": b"",
        "another file": b"PK\x03\x04" + data[4:],
        "only the start": data[:20],
        "another format": data[:14] + struct.pack("<H", 9) + data[16:],
        "half": data[: len(data) // 2],
        "all but a byte": data[:-1],
        "no JSON": with_header(data, b"{" * 500),
        "deep JSON": with_header(data, b"[" * 200_000),
        "bad letters": with_header(data, b'{"config": "\xff\xfe"}'),
        "a list": with_header(data, b"[1, 2]"),
        "a name": with_header(data, b'"config"'),
        "no rows": changed(rows=None),
        "rows without steps": changed(rows=[{"loss": 1}]),
        "rows of lists": changed(rows=[[1]]),
        "past the end": changed(snapshots=[place | {"length": 1 << 40}]),
        "before the start": changed(snapshots=[place | {"offset": -1}]),
        "words for numbers": changed(snapshots=[place | {"offset": "0"}]),
        "the same step twice": changed(snapshots=[place, place]),
        "no place": changed(pictures={"probe": None}),
        "a header longer than the file": data[:16] + struct.pack("<I", 0xFFFFFFF0) + data[20:],
    }


def test_what_is_no_bundle_is_one_sentence_the_same_in_both_readers(folder: Path, tmp_path: Path):
    cases = hostile(bundle(folder))
    sentences = {}
    for name, data in cases.items():
        with pytest.raises(Refusal) as refused:
            read_bundle(data)
        sentences[name] = str(refused.value)
    assert dict(zip(cases, in_browser(tmp_path, *cases.values()), strict=True)) == sentences
    assert sentences["another format"] == "This replay has format 9; this version reads format 1."
    assert sentences["half"].startswith("This replay is cut off: ")
    assert sentences["nothing"] == "This is not a replay of sslviz."
    assert all(text.count(". ") == 0 and text.endswith(".") for text in sentences.values())

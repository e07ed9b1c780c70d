"""The HTTP routes, asked over a real socket, for real run folders."""

import gzip
import json
import struct
import time
from http.client import HTTPConnection
from io import BytesIO
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from sslviz.config import RunConfig
from sslviz.refusal import say
from sslviz.runs.store import RunWriter, create_run


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))


@pytest.fixture
def get(port: int):
    def ask(path: str, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        reply = connection.getresponse()
        answer = Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        connection.close()
        return answer

    return ask


@pytest.fixture
def writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path))
    writer = RunWriter(create_run(RunConfig(seed=5), tmp_path))
    yield writer
    writer.release()


@pytest.fixture
def base(writer: RunWriter) -> str:
    return f"/sslviz/runs/{writer.folder.name}"


def pictures(writer: RunWriter, n: int = 10, side: int = 8) -> dict[str, np.ndarray]:
    dice = np.random.default_rng(0)
    info = {"class_names": ["disc", "<b>"], "factors": {"hue": {"kind": "circular", "names": []}}}
    arrays = {
        "probe": dice.integers(0, 256, (n, side, side, 3), np.uint8),
        "views": dice.integers(0, 256, (6, side, side, 3), np.uint8),
        "labels": np.arange(n, dtype=np.int16) % 2,
        "diag_labels": np.array([0, 1, 0], np.int16),
        "factor_hue": np.linspace(0, 1, n, dtype=np.float32),
        "info": np.array(json.dumps(info)),
    }
    writer.images(arrays)
    return arrays


def test_the_feed_gives_what_is_new(get, writer: RunWriter, base: str):
    for step in range(5):
        writer.metrics({"step": step, "loss": float("nan") if step == 2 else 1.0})
    writer.snapshot(3, {"a": np.zeros(1)})
    writer.event("set", 4, knob="method.tau", old=0.2, new=0.3)
    writer.status(state="training", step=4)
    feed = get(f"{base}/feed").json()
    assert feed["run"] == writer.folder.name
    assert feed["status"]["state"] == "training" and feed["status"]["attempt"] == 1
    assert feed["config"] == RunConfig(seed=5).to_json()
    assert [row["step"] for row in feed["rows"]] == [0, 1, 2, 3, 4]
    assert feed["rows"][2]["loss"] is None
    assert feed["snapshots"] == [3] and feed["events"][0]["new"] == 0.3
    writer.metrics({"step": 5, "loss": 0.5})
    assert get(f"{base}/feed?after=4").json()["rows"] == [{"step": 5, "loss": 0.5}]
    writer.rewind(2)
    writer.metrics({"step": 3, "loss": 0.1})
    again = get(f"{base}/feed").json()
    assert [row["step"] for row in again["rows"]] == [0, 1, 2, 3]
    assert again["rows"][3]["loss"] == 0.1 and again["snapshots"] == []


def test_glances_are_listed_and_sent_like_snapshots(get, writer: RunWriter, base: str):
    layout = np.random.default_rng(0).normal(size=(3, 3)).astype(np.float16)
    writer.snapshot(0, {"layout_h_pca": np.zeros((10, 3), np.float16)})
    writer.glance(4, {"part": np.array([1, 4], np.int16), "layout_h_pca": layout})
    feed = get(f"{base}/feed")
    assert (feed.json()["snapshots"], feed.json()["glances"]) == ([0], [4])
    body = get(f"{base}/glances/4").body
    (length,) = struct.unpack_from("<I", body)
    facts = json.loads(body[4 : 4 + length])["arrays"]
    sent = np.frombuffer(body[4 + length :], "<f4", 9, facts["layout_h_pca"]["offset"])
    np.testing.assert_array_equal(sent, layout.astype(np.float32).ravel())
    writer.glance(5, {"part": np.array([4, 4])})
    assert get(f"{base}/feed", If_None_Match=feed.headers["etag"]).json()["glances"] == [4, 5]
    assert "part" in get(f"{base}/glances/5").json()["error"]
    for path in ("glances/6", "snapshots/4", "aside/4", "x/4"):
        assert "no picture of step" in get(f"{base}/{path}").json()["error"]


def test_only_pages_that_watch_a_run_that_goes_on_say_so(get, writer: RunWriter, base: str):
    watched = writer.folder / "watched"
    get(f"{base}/feed")
    assert not watched.exists()
    get(f"{base}/feed?after=3&watching=1")
    assert watched.is_file()
    watched.unlink()
    writer.status(state="finished")
    get(f"{base}/feed?watching=1")
    assert not watched.exists()


def test_a_workers_sentences_come_in_the_language_of_the_page(get, writer: RunWriter, base: str):
    image, note = say("There is no run {run}.", run="{run}"), "3 images were left out."
    inner = say("There is no run {run}.", run="b")
    error = say("The config of {run} is damaged: {reason}", run="a", reason=inner)
    writer.status(state="failed", error=error, notes=[image, note])
    writer.event("error", 0, message=say("There is no run {run}.", run="a"))
    plain = get(f"{base}/feed").json()
    assert plain["status"]["error"] == "The config of a is damaged: There is no run b."
    assert plain["status"]["notes"] == ["There is no run {run}.", note]
    assert plain["events"][-1]["message"] == "There is no run a."
    korean = get(f"{base}/feed?lang=ko").json()
    assert korean["status"]["error"] == "a의 설정(config)이 손상되었습니다: 실행 b이(가) 없습니다."
    assert korean["status"]["notes"] == ["실행 {run}이(가) 없습니다.", note]  # older: as it is
    assert korean["events"][-1]["message"] == "실행 a이(가) 없습니다."
    assert get(f"{base}/feed").json() == plain
    assert "없습니다" in get("/sslviz/runs/nothing/feed?lang=ko").json()["error"]
    assert get(f"{base}/feed?lang=../x").json()["status"]["notes"][1] == note


def test_the_state_is_derived_anew_for_each_answer(get, writer: RunWriter, base: str):
    writer.status(state="training")
    assert get(f"{base}/feed").json()["status"]["state"] == "training"
    writer.release()
    assert get(f"{base}/feed").json()["status"]["state"] == "interrupted"


def test_an_unchanged_feed_is_not_sent_again(get, writer: RunWriter, base: str):
    writer.metrics({"step": 0, "loss": 1.0})
    writer.status(state="finished")
    first = get(f"{base}/feed", Accept_Encoding="gzip")
    assert first.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(first.body)) == get(f"{base}/feed").json()
    same = get(f"{base}/feed", If_None_Match=first.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    writer.metrics({"step": 1, "loss": 1.0})
    assert get(f"{base}/feed", If_None_Match=first.headers["etag"]).status == 200


@pytest.mark.parametrize("after", ["", "x", "1e9", "-", "--1", "9" * 40, "%00", "-1&after=2"])
def test_odd_queries_are_answered(get, writer: RunWriter, base: str, after: str):
    writer.metrics({"step": 0, "loss": 1.0})
    assert get(f"{base}/feed?after={after}").status == 200


def test_a_snapshot_travels_bit_for_bit(get, writer: RunWriter, base: str):
    dice = np.random.default_rng(1)
    arrays = {
        "half": dice.normal(size=(7, 3)).astype(np.float16),
        "short": dice.integers(-5, 900, (3, 5)).astype(np.int16),
        "bytes": dice.integers(0, 256, (3, 3), np.uint8),
        "long": np.array([1, -2, 2**31 - 1]),
        "double": np.array([[np.pi]]),
        "empty": np.zeros((0, 2), np.float32),
        "words": np.array(["not", "sent"]),
    }
    writer.snapshot(42, arrays)
    body = get(f"{base}/snapshots/42").body
    (length,) = struct.unpack_from("<I", body)
    header, data = json.loads(body[4 : 4 + length]), body[4 + length :]
    assert header["step"] == 42 and set(header["arrays"]) == set(arrays) - {"words"}
    for name, facts in header["arrays"].items():
        assert facts["offset"] % 4 == 0
        count = int(np.prod(facts["shape"]))
        back = np.frombuffer(data, facts["dtype"], count, facts["offset"]).reshape(facts["shape"])
        assert facts["dtype"] in ("float32", "int16", "int32", "uint8")
        np.testing.assert_array_equal(back, arrays[name].astype(facts["dtype"]))


def test_a_rewritten_snapshot_is_sent_anew(get, writer: RunWriter, base: str):
    writer.snapshot(1, {"a": np.zeros(1)})
    first = get(f"{base}/snapshots/1")
    etag = first.headers["etag"]
    assert get(f"{base}/snapshots/1", If_None_Match=etag).status == 304
    time.sleep(0.02)
    writer.snapshot(1, {"a": np.ones(1)})
    second = get(f"{base}/snapshots/1", If_None_Match=etag)
    assert second.status == 200 and second.body != first.body


def test_the_probe_says_what_the_atlas_shows(get, writer: RunWriter, base: str):
    arrays = pictures(writer)
    facts = get(f"{base}/probe").json()
    assert (facts["n"], facts["tile"], facts["columns"], facts["views_n"]) == (10, 8, 4, 6)
    assert facts["class_names"] == ["disc", "<b>"]
    assert facts["labels"] == arrays["labels"].tolist() and facts["diag_labels"] == [0, 1, 0]
    assert facts["factors"]["hue"]["kind"] == "circular"
    np.testing.assert_allclose(facts["factors"]["hue"]["values"], arrays["factor_hue"])
    for kind in ("probe", "views"):
        answer = get(f"{base}/{kind}.webp")
        assert answer.headers["content-type"] == "image/webp"
        image = np.asarray(Image.open(BytesIO(answer.body), formats=["WEBP"]).convert("RGB"))
        assert image.shape[1] == facts["columns"] * 8
        for i, tile in enumerate(arrays[kind]):
            row, column = divmod(i, facts["columns"])
            cut = image[row * 8 : row * 8 + 8, column * 8 : column * 8 + 8]
            np.testing.assert_array_equal(cut, tile)


@pytest.mark.parametrize(
    "path",
    ["nope/feed", "%2e%2e/feed", "..%2fx/feed", ".queue/feed", "%00/feed", "x" * 300 + "/probe"],
)
def test_unknown_runs_are_a_404_with_a_sentence(get, writer: RunWriter, path: str):
    answer = get(f"/sslviz/runs/{path}")
    assert answer.status == 404
    if answer.headers["content-type"] == "application/json":
        assert answer.json()["error"].startswith("There is no run")


@pytest.mark.parametrize(
    "path",
    ["snapshots/7", "snapshots/x", "snapshots/-1", "snapshots/٣", "snapshots/" + "9" * 99]
    + ["probe", "probe.webp", "lease.webp"],
)
def test_what_a_run_does_not_have_is_a_404_with_a_sentence(get, base: str, path: str):
    answer = get(f"{base}/{path}".replace("٣", "%D9%A3"))
    assert answer.status == 404 and len(answer.json()["error"].split()) > 3


def test_damaged_files_are_a_404_with_a_sentence(get, writer: RunWriter, base: str):
    writer.snapshot(1, {"a": np.zeros(100)})
    path = writer.folder / "snapshots" / "00000001.npz"
    path.write_bytes(path.read_bytes()[:100])
    assert "damaged" in get(f"{base}/snapshots/1").json()["error"]
    writer.images({"probe": np.zeros((3, 4, 4), np.float32), "views": np.zeros(3)})
    assert "tiles" in get(f"{base}/probe").json()["error"]
    (writer.folder / "config.json").write_text("{")
    answer = get(f"{base}/feed")
    assert answer.status == 404 and "config" in answer.json()["error"]


def test_plotly_comes_from_the_package_whole_and_zipped(get):
    plain = get("/sslviz/plotly.min.js")
    assert plain.headers["content-type"].startswith("text/javascript")
    assert plain.body[:200].lower().count(b"plotly") and len(plain.body) > 1_000_000
    zipped = get("/sslviz/plotly.min.js", Accept_Encoding="gzip")
    assert gzip.decompress(zipped.body) == plain.body


def test_a_server_below_a_base_path_answers_too(get, writer: RunWriter, base: str):
    assert get(f"/class/7{base}/feed").status == 200


def test_thirty_viewers_of_a_growing_run_all_see_whole_rows(get, writer: RunWriter, base: str):
    pictures(writer)

    def watch(_: int) -> list[int]:
        steps: list[int] = []
        while not steps or steps[-1] < 199:
            after = steps[-1] if steps else -1
            steps += [row["step"] for row in get(f"{base}/feed?after={after}").json()["rows"]]
            get(f"{base}/probe.webp")
        return steps

    with ThreadPool(30) as pool:
        views = pool.map_async(watch, range(30))
        for step in range(200):
            writer.metrics({"step": step, "loss": 1.0, "text": "x" * 500})
            time.sleep(0.002)
        assert all(steps == list(range(200)) for steps in views.get(60))

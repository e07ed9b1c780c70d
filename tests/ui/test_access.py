"""Over a network: looking is free, acting needs the code, data comes from one place."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers

from sslviz.config import RunConfig
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.refusal import Refusal
from sslviz.runs.launch import OnlyFromTheStart
from sslviz.runs.store import create_run, list_runs
from sslviz.ui import access, acting
from sslviz.ui.routes import routes


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Bound to every address; `code`: what was set, `kept`: what the browser has typed."""
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("SSLVIZ_DATA", str(tmp_path / "data"))

    def begin(code: str | None, kept: str | None = None) -> None:
        monkeypatch.setattr(access, "beyond_loopback", lambda: True)
        if code is None:
            monkeypatch.delenv("SSLVIZ_CODE", raising=False)
        else:
            monkeypatch.setenv("SSLVIZ_CODE", code)
        cookies = {} if kept is None else {access.COOKIE: access._seal(kept)}
        context = type("Context", (), {"cookies": cookies})
        monkeypatch.setattr(access.st, "context", context)

    return begin


def acts(folder: Path) -> list[Callable[[], Any]]:
    """Everything that a page can do to runs."""
    return [
        lambda: acting.start(RunConfig(), folder.parent, "a press"),
        lambda: acting.pause(folder),
        lambda: acting.resume(folder),
        lambda: acting.from_the_start(folder),
        lambda: acting.stop(folder),
        lambda: acting.rename(folder, "a name"),
        lambda: acting.pin(folder, True),
        lambda: acting.delete(folder),
        lambda: acting.restore(folder.name, folder.parent),
        lambda: acting.snapshot(folder),
        lambda: acting.change(folder, {"lr": 0.1}),
        lambda: acting.start_evaluation(folder, EvaluationConfig(encoder="random")),
        lambda: acting.stop_evaluation(folder, "20260101-000000-knn-aaaaaa"),
    ]


@pytest.mark.parametrize(
    ("code", "kept", "words"),
    [
        (None, None, "whoever starts the app has to set SSLVIZ_CODE"),
        ("", "", "whoever starts the app has to set SSLVIZ_CODE"),
        ("frog", None, "until the code is typed"),
        ("frog", "toad", "until the code is typed"),
        ("frog", "", "until the code is typed"),
    ],
)
def test_without_the_code_nothing_is_touched(network, tmp_path, code, kept, words) -> None:
    network(code, kept)
    folder = create_run(RunConfig(), tmp_path / "runs")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    for act in acts(folder):
        with pytest.raises(Refusal, match=words):
            act()
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_with_the_code_one_may_act(network, tmp_path: Path) -> None:
    network("frog", "frog")
    folder = create_run(RunConfig(), tmp_path / "runs")
    for act in (acting.pause, acting.stop, acting.snapshot):
        with pytest.raises(Refusal, match="is not training"):
            act(folder)


def test_on_loopback_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SSLVIZ_CODE", raising=False)
    assert access.may_act()
    assert access.reachable(str(tmp_path)) == tmp_path


def test_data_is_read_below_one_folder_only(network, tmp_path: Path, monkeypatch) -> None:
    network("frog", "frog")
    inside, outside = tmp_path / "data" / "pets", tmp_path / "secret"
    for folder in (inside, outside, tmp_path / "data-of-others", tmp_path / "runs" / "uploads"):
        folder.mkdir(parents=True)
    (tmp_path / "data" / "way-out").symlink_to(outside)
    assert access.reachable(f'"{inside}"') == inside
    assert access.reachable(str(tmp_path / "runs" / "uploads")).name == "uploads"
    told = set()
    for path in (
        *(outside, tmp_path / "nowhere", tmp_path / "data-of-others", "/etc", "/etc/passwd"),
        *("~root", "~nobody-of-that-name", "/", "..", "a\0b", "x" * 5000, inside / ".." / ".."),
        *(tmp_path / "data" / "way-out", tmp_path / "runs", "file:///etc", ""),
    ):
        with pytest.raises(Refusal) as refusal:
            access.reachable(str(path))
        told.add(refusal.value.sentence.template)
    assert len(told) == 1, "what is elsewhere cannot be told from what is nowhere"
    for act in (
        lambda: acting.start(RunConfig(data=str(outside)), tmp_path / "runs", "a press"),
        lambda: acting.resume(create_run(RunConfig(data=str(outside)), tmp_path / "runs")),
    ):
        with pytest.raises(Refusal, match="below SSLVIZ_DATA"):
            act()
    run = create_run(RunConfig(data=str(inside)), tmp_path / "runs")
    (run / "metrics.jsonl").write_text('{"step": 3}\n')
    with pytest.raises(OnlyFromTheStart):
        acting.resume(run)
    assert all(run["state"] == "stopped" for run in list_runs(tmp_path / "runs"))


def post(body: bytes, before: str = "") -> tuple[int, Headers]:
    """Status and headers of the answer to the form; `before`: the page it stood on."""
    sent: list[dict[str, Any]] = []
    headers = [(b"host", b"lab"), (b"referer", before.encode())]
    scope = {"type": "http", "method": "POST", "path": "/sslviz/code", "headers": headers}
    scope |= {"query_string": b"", "scheme": "http", "client": ("10.0.0.7", 1), "raw_path": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Starlette(routes=routes)(scope, receive, send))
    return sent[0]["status"], Headers(raw=sent[0]["headers"])


def test_the_code_is_kept_by_the_browser_and_no_script_reads_it(network) -> None:
    network("frog 7")
    page = "http://lab/train_live?lang=ko&run=a&code=wrong"
    status, headers = post(b"code=toad", page)
    assert status == 303 and "set-cookie" not in headers
    assert headers["location"] == "/train_live?lang=ko&run=a&code=wrong"
    status, headers = post(b"code=+frog%207+", page)
    assert headers["location"] == "/train_live?lang=ko&run=a"
    kept = headers["set-cookie"]
    assert "HttpOnly" in kept and "SameSite=strict" in kept and "frog" not in kept
    network("frog 7", "frog 7")
    assert kept.split(";")[0] == f"{access.COOKIE}={access.st.context.cookies[access.COOKIE]}"
    assert access.may_act()
    network("another", "frog 7")
    assert not access.may_act()


@pytest.mark.parametrize(
    "before", ["http://evil.example/x", "//evil.example", "http://lab//evil.example/x", "", "\\x"]
)
def test_the_way_back_never_leads_elsewhere(network, before: str) -> None:
    network("frog")
    status, headers = post(b"code=frog", before)
    assert status == 303 and headers["location"] in ("/", "/evil.example/x")


def test_no_code_is_right_where_none_is_set_and_guessing_is_slow(network) -> None:
    network("")
    assert "set-cookie" not in post(b"code=")[1]
    network("frog")
    access._wrong.clear()
    for _ in range(access.MOST_WRONG):
        assert "set-cookie" not in post(b"code=toad")[1]
    assert "set-cookie" not in post(b"code=frog")[1]
    access._wrong.clear()
    assert "set-cookie" in post(b"code=frog")[1]
    for odd in (b"code=frog&" + b"x" * 9999, b"", b"\xff", b"code", b"code=%ff%00"):
        assert "set-cookie" not in post(odd)[1]

"""Talks as the app serves them: what is there, what a slide may start, and who may not."""

import json
import os
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from sslviz.export.talk import live_config, read_talk, runs_of
from sslviz.runs import launch
from sslviz.ui import access
from sslviz.ui.present.talks import SHIPPED, live_configs, talk_file, talks
from sslviz.ui.replay.make import talk as one_file

Ask = Callable[..., tuple[int, str]]
START = "/sslviz/talks/seminar/start"


@pytest.fixture
def ask(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Status and body of an answer over a real socket; with `body` it is a POST."""
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path / "runs"))

    def asked(path: str, body: Any = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body)
        connection.request("GET" if body is None else "POST", path, sent)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, text

    return asked


def test_the_seminar_is_served_with_its_live_slide(ask: Ask):
    status, page = ask("/sslviz/talks/seminar?lang=ko")
    assert status == 200 and page.startswith('<!doctype html>\n<html lang="ko"')
    assert "script-src 'self'" in page and "seminar/start" in page
    status, page = ask("/sslviz/talks/none")
    assert status == 404 and "There is no talk" in page
    assert "notes.js" in ask("/sslviz/notes")[1]


def test_a_file_starts_nothing_and_says_so():
    body = one_file(SHIPPED / "seminar.toml", SHIPPED, "en").decode()
    assert "seminar/start" not in body and "connect-src" not in body
    assert "trains live when the talk is given from the app" in body


def test_a_live_slide_is_the_recorded_recipe_on_this_machine():
    (config,) = live_configs("seminar").values()
    recorded = next(run for run in runs_of_seminar() if run.run == "collapse")
    assert config == live_config(recorded)
    assert config.method_knobs["stop_gradient"] is False and config.device == "auto"


def runs_of_seminar():
    file = talk_file("seminar")
    return runs_of(read_talk(file), file, SHIPPED)


def test_only_what_the_talk_names_is_started_and_only_once(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
):
    (slide,) = live_configs("seminar")
    begun = []
    monkeypatch.setattr(launch, "_begin", lambda folder: begun.append(folder.name))
    for _time in range(2):
        status, body = ask(START, {"slide": slide, "press": "p"})
        assert status == 200 and json.loads(body) == {"run": begun[0]}
    assert len(begun) == 1
    for asked, code in (
        ({"slide": 0, "press": "p"}, 403),
        ({"slide": "x", "press": "p"}, 400),
        ({}, 400),
        ([], 400),
        (b"{" * 10_000, 400),
    ):
        status, body = ask(START, asked)
        assert status == code and json.loads(body)["error"]
    assert len(begun) == 1


def test_who_may_only_look_starts_nothing(ask: Ask, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(access, "beyond_loopback", lambda: True)
    monkeypatch.setenv("SSLVIZ_CODE", "secret")
    (slide,) = live_configs("seminar")
    status, body = ask(START, {"slide": slide, "press": "p", "lang": "ko"})
    assert status == 403 and not (tmp_path / "runs").exists()
    assert json.loads(body)["error"]


def test_own_talks_stand_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "mine.toml").write_text("title = {", encoding="utf-8")
    monkeypatch.setitem(os.environ, "SSLVIZ_TALKS", str(tmp_path))
    assert list(talks()) == ["seminar", "mine"]

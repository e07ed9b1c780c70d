"""Which names and which pages the server answers, over HTTP and over the WebSocket."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit import config

from sslviz.ui.hosts import Guard, beyond_loopback


@pytest.fixture
def options() -> Iterator[Any]:
    """Sets options of the server; all are put back."""
    names = ("server.address", "server.allowedHosts", "server.corsAllowedOrigins")
    before = {name: st.get_option(name) for name in names}

    def put(address: str | None, hosts: tuple[str, ...] = (), origins: tuple[str, ...] = ()):
        for name, value in zip(names, (address, list(hosts), list(origins)), strict=True):
            config.set_option(name, value)

    yield put
    for name, value in before.items():
        config.set_option(name, value)


def ask(kind: str, *headers: tuple[str, str], at: str = "127.0.0.1") -> tuple[int, str]:
    """(status, body) of the guard's answer; (200, "inner") where it let the request pass."""
    sent: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start if kind == "http" else {"type": "websocket.accept"})
        await send({"type": "http.response.body", "body": b"inner"})

    async def receive() -> dict[str, str]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    scope = {"type": kind, "headers": raw, "server": (at, 8501), "method": "GET", "path": "/"}
    asyncio.run(Guard(inner)(scope, receive, send))
    if sent[0]["type"] == "websocket.close":
        return 403, ""
    for name, value in sent[0].get("headers", []):
        if name == b"content-security-policy":
            assert b"default-src 'self'" in value and b"ws://" + headers[0][1].encode() in value
    return sent[0].get("status", 200), sent[-1].get("body", b"").decode()


LOCAL = ("localhost", "LOCALHOST:8501", "127.0.0.1:8501", "127.9.9.9", "[::1]:8501", "localhost.")
FOREIGN = (
    *("evil.example", "evil.example:8501", "192.168.1.5:8501", "8.8.8.8", "0.0.0.0", "[::]", ""),
    *("localhost.evil.example", "evil-localhost", "localhost@evil.example", "localhost/x", "[::1"),
    *("127.0.0.1.evil.example", "localhost:99999", "localhost:x", "a b", "localhost,evil", "é"),
)


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_on_loopback_only_its_own_names_are_answered(options, kind: str) -> None:
    options("127.0.0.1")
    assert not beyond_loopback()
    for host in LOCAL:
        assert ask(kind, ("host", host))[0] == 200, host
    for host in FOREIGN:
        status, body = ask(kind, ("host", host))
        assert status == 403 and body.count("\n") == (kind == "http"), host
    assert ask(kind)[0] == ask(kind, ("host", "localhost"), ("host", "evil.example"))[0] == 403


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_over_a_network_the_address_itself_and_named_hosts_are_answered(options, kind) -> None:
    options("0.0.0.0", ("class.example.org", "*.Lab.example"))
    assert beyond_loopback()
    for host in (*LOCAL, "192.168.1.5:8501", "Class.Example.org", "a.lab.example:80"):
        assert ask(kind, ("host", host), at="192.168.1.5")[0] == 200, host
    for host in (
        "evil.example",
        "192.168.1.6",
        "xlab.example",
        "lab.example",
        "x.class.example.org",
    ):
        assert ask(kind, ("host", host), at="192.168.1.5")[0] == 403, host
    assert ask(kind, ("host", "[fe80::1]:1"), at="fe80::1%eth0")[0] == 200
    assert ask(kind, ("host", "10.0.0.1"), at="::ffff:10.0.0.1")[0] == 200


def test_an_app_for_this_machine_alone_answers_at_no_other_address(options) -> None:
    """Whatever else bound it there: `uvicorn app:app --host 0.0.0.0` knows no setting of ours."""
    options("127.0.0.1")
    assert ask("http", ("host", "localhost"), at="192.168.1.5")[0] == 403
    options("127.0.0.1", ("class.example.org",))  # behind a proxy
    assert beyond_loopback()
    assert ask("http", ("host", "class.example.org"))[0] == 200


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.5", "class.example"])
def test_every_other_address_is_beyond_loopback(options, address: str | None) -> None:
    options(address)
    assert beyond_loopback()


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_only_its_own_pages_may_ask(options, kind: str) -> None:
    options("127.0.0.1", (), ("https://lab.example",))
    host = ("host", "localhost:8501")
    for origin in ("http://localhost:8501", "https://localhost:8501", "https://lab.example"):
        assert ask(kind, host, ("origin", origin))[0] == 200, origin
    for origin in (
        *("http://localhost:3000", "http://localhost", "http://127.0.0.1:8501", "null", ""),
        *("http://evil.example", "http://localhost:8501.evil.example", "file://", "lab.example"),
    ):
        assert ask(kind, host, ("origin", origin))[0] == 403, origin


def test_the_refusal_is_in_the_visitors_language(options) -> None:
    options("127.0.0.1")
    body = ask("http", ("host", "evil.example"), ("accept-language", "ko-KR,en"))[1]
    assert "evil.example" in body and "이름" in body

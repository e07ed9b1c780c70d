"""Who may talk to the server: requests to a name that is its own, from pages that are its own.

A foreign page can send a browser anywhere. With a name of its own that leads here (DNS rebinding)
it would count as this app, so the name must be known; and a page may open a WebSocket to anywhere,
so its origin must be this app's. Both are checked for every request, WebSockets included.
"""

import socket
from collections.abc import Iterator
from functools import cache
from ipaddress import ip_address
from re import fullmatch
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sslviz.refusal import Refusal
from sslviz.ui.text import LANGUAGES, told

# What a page may load: nothing of other servers, whatever text reached it. Streamlit's own scripts
# are partly inline, and components' run from blob: addresses.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob: "
    "ws://{host} wss://{host}; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)


def is_loopback(name: str) -> bool:
    """Whether a host name or address leads to this machine alone."""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def beyond_loopback() -> bool:
    """Whether the app is meant for other machines: by its address, or by names of its own."""
    return not all(map(is_loopback, [st.get_option("server.address") or "", *_named()]))


def _named() -> list[str]:
    """What server.allowedHosts names, lower case."""
    return [name.strip().lower().strip("[].") for name in st.get_option("server.allowedHosts")]


def name_of(host: str) -> str | None:
    """The name in a Host header, lower case and without port; None where it is none."""
    if not fullmatch(r"[A-Za-z0-9.:\[\]_-]+", host):
        return None
    try:
        parts = urlsplit(f"//{host}")
        return parts.hostname.rstrip(".") if parts.hostname and parts.port != 0 else None
    except ValueError:  # the port, or an address in brackets, is none
        return None


def is_known(host: str, own_address: str) -> bool:
    """Whether a Host header names this app; `own_address`: at which the connection arrived.

    An app that is meant for this machine alone has no other address, whoever else bound it to one.
    """
    name = name_of(host)
    if name is None or not (beyond_loopback() or is_loopback(own_address)):
        return False
    return is_loopback(name) or any(
        known in ("*", name) or (known[:2] == "*." and name.endswith(known[1:]))
        for known in _own_names(own_address)
    )


def _own_names(own_address: str) -> Iterator[str]:
    yield from _named()
    if not is_loopback(st.get_option("server.address") or ""):
        yield from _machine()
        yield own_address


@cache
def _machine() -> tuple[str, ...]:
    name = socket.gethostname().lower()
    return name, f"{name}.local", (st.get_option("browser.serverAddress") or name).lower()


def is_own(origin: str, host: str) -> bool:
    """Whether a page of this origin is one of the app's own, or named in corsAllowedOrigins."""
    allowed = [name.strip() for name in st.get_option("server.corsAllowedOrigins")]
    return origin in allowed or (
        origin.startswith(("http://", "https://"))
        and origin.partition("://")[2].lower() == host.lower()
    )


class Guard:
    """ASGI: passes on what is meant for this app; refuses the rest in one sentence (403)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        try:
            _check(headers, scope)
        except Refusal as refusal:
            return await _refuse(refusal, headers, scope, receive, send)

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = POLICY.format(host=headers["host"])
                MutableHeaders(scope=message).setdefault("Content-Security-Policy", policy)
            await send(message)

        await self.app(scope, receive, with_policy if scope["type"] == "http" else send)


def _check(headers: Headers, scope: Scope) -> None:
    """Raises Refusal for a foreign name or a foreign page."""
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    address = str((scope.get("server") or ("localhost",))[0]).partition("%")[0]
    if len(hosts) != 1 or not is_known(hosts[0], address.removeprefix("::ffff:")):
        raise Refusal(
            "{host} is not a name of this app; where it is one, whoever starts the app adds it to "
            "server.allowedHosts.",
            host=", ".join(hosts)[:80] or "?",
        )
    if len(origins) > 1 or (origins and not is_own(origins[0], hosts[0])):
        raise Refusal(
            "Only pages of this app may use it, not those of {origin}.",
            origin=", ".join(origins)[:80],
        )


async def _refuse(
    refusal: Refusal, headers: Headers, scope: Scope, receive: Receive, send: Send
) -> None:
    if scope["type"] == "websocket":
        await receive()
        return await send({"type": "websocket.close", "code": 1008})
    asked = headers.get("accept-language", "").partition(",")[0].partition("-")[0].strip().lower()
    sentence = told(refusal, asked if asked in LANGUAGES else "en")
    await PlainTextResponse(f"{sentence}\n", 403)(scope, receive, send)

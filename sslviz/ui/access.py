"""What a visitor may do: on one's own machine all of it; over a network with the code.

Whoever starts the app for others sets SSLVIZ_CODE and tells it to those who may change something.
Typed once it stays in the browser, as a cookie that no script can read.
"""

import os
from collections import defaultdict, deque
from collections.abc import Mapping
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from time import monotonic
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sslviz.data.cache import cache_folder
from sslviz.data.catalogue import DATASETS
from sslviz.data.names import printable
from sslviz.data.paths import located
from sslviz.refusal import Refusal
from sslviz.runs.read import runs_root
from sslviz.ui.hosts import beyond_loopback

COOKIE = "sslviz_code"
KEPT_SECONDS = 180 * 86400
MOST_WRONG, WITHIN = 10, 60.0  # wrong codes from one address, and the seconds they count
MOST_ADDRESSES, MOST_FORM = 10_000, 4000  # bytes of a form

_wrong: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_WRONG))


def code() -> str:
    return os.environ.get("SSLVIZ_CODE", "").strip()


def _seal(text: str) -> str:
    """What the browser keeps of a code: another code makes it worthless."""
    sealed = blake2b(text.encode("utf-8", "replace"), person=b"sslviz code", digest_size=24)
    return sealed.hexdigest()


def may_act(cookies: Mapping[str, str] | None = None) -> bool:
    """Whether this visitor may start, change, stop or delete something. `cookies`: those of a
    request that is no page of Streamlit's."""
    if not beyond_loopback():
        return True
    kept = (st.context.cookies if cookies is None else cookies).get(COOKIE, "")
    return code() != "" and compare_digest(kept.encode(), _seal(code()).encode())


def require(cookies: Mapping[str, str] | None = None) -> None:
    """Raises Refusal where this visitor may only look; `cookies` as for `may_act`."""
    if may_act(cookies):
        return
    if not code():
        raise Refusal(
            "Here one may only look: whoever starts the app has to set SSLVIZ_CODE before anything "
            "can be started or changed over a network."
        )
    raise Refusal("Here one may only look until the code is typed; its field is at the top right.")


def reachable(text: str) -> Path:
    """`located`, which over a network finds nothing but what lies below SSLVIZ_DATA, and uploads.

    Raises Refusal; the same for what is elsewhere and for what is nowhere.
    """
    if not beyond_loopback():
        return located(text)
    try:
        found = located(text)
        places = (cache_folder(), runs_root() / "uploads")
        if any(found.resolve().is_relative_to(place.resolve()) for place in places):
            return found
    except (Refusal, OSError, RuntimeError):
        pass
    raise Refusal(
        "There is no folder or zip at {path} below SSLVIZ_DATA, the only place from which the app "
        "reads data over a network.",
        path=printable(text.strip())[:400],
    )


def require_data(data: str) -> None:
    """Raises Refusal for data that this visitor may not have read."""
    if data not in DATASETS and beyond_loopback():
        reachable(data)


async def entered(request: Request) -> Response:
    """POST of the form with the code: keeps it in the browser and goes back to the page."""
    address = request.client.host if request.client else ""
    right = _is_right(await _typed(request), address)
    answer = RedirectResponse(_page_before(request, right), 303, {"Cache-Control": "no-store"})
    if right:
        secure = request.url.scheme == "https"
        keep = {"max_age": KEPT_SECONDS, "httponly": True, "secure": secure}
        answer.set_cookie(COOKIE, _seal(code()), samesite="strict", **keep)
    return answer


async def _typed(request: Request) -> str:
    """The field `code` of a form; what is too long for one is not read."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_FORM:
            return ""
    return parse_qs(body.decode("utf-8", "replace")).get("code", [""])[0]


def _is_right(text: str, address: str) -> bool:
    """Whether it is the code; an address that has just sent many wrong ones must wait."""
    if len(_wrong) > MOST_ADDRESSES:
        _wrong.clear()
    wrong = _wrong[address]
    if len(wrong) == MOST_WRONG and monotonic() - wrong[0] < WITHIN:
        return False
    right = code() != "" and compare_digest(_seal(text.strip()), _seal(code()))
    if not right:
        wrong.append(monotonic())
    return right


def _page_before(request: Request, right: bool) -> str:
    """The page on which the form stood, on this server; `code=wrong` tells it what came of it."""
    before = urlsplit(request.headers.get("referer", ""))
    own = before.netloc == request.headers.get("host")
    path, asked = (before.path, before.query) if own else ("", "")
    kept = [part for part in asked.split("&") if part and not part.startswith("code=")]
    query = "&".join(kept if right else [*kept, urlencode({"code": "wrong"})])
    return f"/{path.lstrip('/')}{'?' if query else ''}{query}"

"""Routes of talks below /sslviz: the talk itself, the runs that slides start, the speaker's notes.

A slide starts nothing but what the talk's file says, and only for those who may start runs.
"""

import json
from contextlib import suppress
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sslviz.export.page import SERVED
from sslviz.refusal import Refusal
from sslviz.runs import warm
from sslviz.ui.access import may_act
from sslviz.ui.assets import digest
from sslviz.ui.present.talks import document, live_configs, start
from sslviz.ui.text import LANGUAGES, _, speaking, told

MOST_BODY = 4000  # bytes of what a slide sends
KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
NOTES = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
</head>
<body><script type="module" src="assets/{digest}/replay/notes.js"></script></body>
</html>
"""


def language_of(request: Request, asked: object = None) -> str:
    """The language asked for; English where it names none that there is."""
    asked = request.query_params.get("lang", "") if asked is None else asked
    return asked if isinstance(asked, str) and asked in LANGUAGES else "en"


def shown(request: Request) -> Response:
    """The talk as one page; a process gets ready for its first live slide."""
    language, name = language_of(request), request.path_params["talk"]
    try:
        body = document(name, language)
    except Refusal as refusal:
        return HTMLResponse(f"<!doctype html><p>{escape(told(refusal, language))}</p>", 404, KEPT)
    with suppress(Refusal):
        configs = list(live_configs(name).values())
        if configs and may_act(request.cookies):
            warm.STOVE.ready(configs[0])
    return HTMLResponse(body, headers=KEPT)


async def started(request: Request) -> Response:
    """POST {slide, press, lang}: {run} that trains now, or {error} in the page's language."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BODY:
            break
    try:
        asked = json.loads(body[:MOST_BODY])
        slide, press, language = int(asked["slide"]), str(asked["press"]), asked.get("lang")
    except (ValueError, TypeError, KeyError, AttributeError):
        return JSONResponse({"error": "slide and press are missing"}, 400, KEPT)
    name, cookies = request.path_params["talk"], request.cookies
    try:
        folder = await run_in_threadpool(start, name, slide, press, cookies)
    except Refusal as refusal:
        sentence = told(refusal, language_of(request, language))
        return JSONResponse({"error": sentence}, 403, KEPT)
    return JSONResponse({"run": folder.name}, headers=KEPT)


def notes(request: Request) -> Response:
    """The speaker's second window; the page that is shown tells it what to say."""
    language = language_of(request)
    with speaking(language):
        title = escape(_("Notes"))
    facts = {"language": language, "policy": SERVED, "title": title, "digest": digest()}
    return HTMLResponse(NOTES.format(**facts), headers=KEPT)


def below(prefix: str) -> list[Route]:
    return [
        Route(f"{prefix}/talks/{{talk}}/start", started, methods=["POST"]),
        Route(f"{prefix}/talks/{{talk}}", shown),
        Route(f"{prefix}/notes", notes),
    ]

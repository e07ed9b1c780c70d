"""HTTP routes below /sslviz: feed, snapshots, glances, pictures, plotly, talks; the code's form.

They only read; but for a page that says `watching` they tell the run that somebody looks, and a
talk's slide may start what it names.

Handlers are plain functions, so Starlette runs them in its thread pool. What is sent depends on
the run's files alone, so it is built once for all viewers and answered with 304 while unchanged.
"""

import gzip
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sslviz.feed.marks import Marks, mark, marks_of
from sslviz.feed.packets import snapshot_packet
from sslviz.feed.pictures import atlas, zipped_facts
from sslviz.feed.rows import MetricsTail, thinned
from sslviz.refusal import Refusal, say
from sslviz.runs.aside import PICTURES
from sslviz.runs.files import dumps, loads
from sslviz.runs.looks import GLANCES, look_path, look_steps
from sslviz.runs.queue import advance
from sslviz.runs.read import beyond, counted_events
from sslviz.runs.room import trouble
from sslviz.runs.states import STATES
from sslviz.runs.store import (
    find_run,
    read_config,
    read_events,
    read_status,
    runs_root,
    snapshot_steps,
)
from sslviz.runs.watched import note_watched
from sslviz.ui.access import entered
from sslviz.ui.assets import asset
from sslviz.ui.present.routes import below as talks_below
from sslviz.ui.text import LANGUAGES, told

CHECK = "private, no-cache"  # keep it, but ask each time whether it is still right
KEEP = "private, max-age=86400"
Handler = Callable[[Request], Response]


@lru_cache(maxsize=32)
def _tail(folder: Path, attempt: int) -> MetricsTail:
    return MetricsTail(folder / "metrics.jsonl")


def _refusing(handler: Handler) -> Handler:
    @wraps(handler)
    def answer(request: Request) -> Response:
        try:
            return handler(request)
        except Refusal as error:
            sentence, code = told(error, _language(request)), 404
        except OSError as error:  # no file can be opened just now
            sentence, code = told(trouble(error, runs_root()), _language(request)), 503
        return JSONResponse({"error": sentence}, code, {"Cache-Control": "no-store"})

    return answer


def _language(request: Request) -> str:
    """The language of the page that asks; English where it names none that there is."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else "en"


def _sent(
    request: Request, body: bytes, kind: str, version: str, cache: str, zipped: bool = False
) -> Response:
    """`body`, or 304 where the browser has this version already. `zipped`: `body` is gzip."""
    headers = {"Cache-Control": cache, "ETag": f'"{version}"', "X-Content-Type-Options": "nosniff"}
    if f'"{version}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if zipped:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
        else:
            body = gzip.decompress(body)
    return Response(body, media_type=kind, headers=headers)


@_refusing
def feed(request: Request) -> Response:
    """Everything about a run that may have changed; `after`: the last step the viewer has.

    What the worker wrote in sentences comes in the language `lang`. `watching`: somebody looks.
    """
    root = runs_root()
    folder = find_run(request.path_params["run"], root)
    advance(root)
    asked = request.query_params.get("after", "-1")
    after = int(asked) if asked.removeprefix("-").isdecimal() and len(asked) < 16 else -1
    language = _language(request)
    known = _status(folder, language)
    if known["live"] and "watching" in request.query_params:
        note_watched(folder)
    status = dumps(known)
    marks = marks_of(folder)
    seen = (status, after, marks, language)
    version = blake2b(repr(seen).encode(), digest_size=12).hexdigest()
    body = _feed_body(folder, after, status, marks, language)
    return _sent(request, body, "application/json", version, CHECK, zipped=True)


def _status(folder: Path, language: str) -> dict[str, Any]:
    status = read_status(folder)
    tail = _tail(folder, status["attempt"])
    tail.read()
    damaged = tail.damaged + _damaged_events(folder, marks_of(folder))
    if damaged:
        text = say("{n} damaged lines of metrics and events were passed over.", n=damaged)
        status["notes"].append(text)
    status["live"] = STATES[status["state"]].live
    sentences = {name: told(status[name], language) or None for name in ("error", "message")}
    return status | sentences | {"notes": [told(note, language) for note in status["notes"]]}


@lru_cache(maxsize=64)
def _damaged_events(folder: Path, marks: Marks) -> int:
    return counted_events(folder)[1]


@lru_cache(maxsize=64)
def _feed_body(folder: Path, after: int, status_json: bytes, marks: Marks, language: str) -> bytes:
    status = loads(status_json)
    rows = _tail(folder, status["attempt"]).read()
    rows += beyond(folder, rows)
    news = rows[bisect_right(rows, after, key=lambda row: row["step"]) :]
    answer = {
        "run": folder.name,
        "status": status,
        "config": read_config(folder).to_json(),
        "rows": thinned(news),
        "snapshots": snapshot_steps(folder),
        "glances": look_steps(folder, GLANCES),
        "events": [_event(event, language) for event in read_events(folder)],
    }
    return gzip.compress(dumps(answer), 4, mtime=0)


def _event(event: dict[str, Any], language: str) -> dict[str, Any]:
    return event | {"message": told(event["message"], language)} if "message" in event else event


@_refusing
def look(request: Request) -> Response:
    """The packet of a snapshot or a glance."""
    folder = find_run(request.path_params["run"])
    kind, asked = request.path_params["kind"], request.path_params["step"]
    step = int(asked) if asked.isdecimal() and len(asked) < 9 else -1
    path = look_path(folder, kind, step) if kind in PICTURES else None
    if path is None or not path.is_file():
        raise Refusal(
            "The run {run} has no picture of step {step}.", run=folder.name, step=repr(asked[:20])
        )
    version = mark(path)[0]
    body = snapshot_packet(path, step, version)
    return _sent(request, body, "application/octet-stream", str(version), CHECK)


@_refusing
def probe(request: Request) -> Response:
    folder = find_run(request.path_params["run"])
    version = mark(folder / "images.npz")[0]
    facts = zipped_facts(folder, version)
    return _sent(request, facts, "application/json", str(version), CHECK, zipped=True)


@_refusing
def picture(request: Request) -> Response:
    folder = find_run(request.path_params["run"])
    version = mark(folder / "images.npz")[0]
    kind = request.path_params["kind"]
    if kind not in ("probe", "views"):
        raise Refusal(
            "There is no picture {kind}; there are probe and views.", kind=repr(kind[:40])
        )
    return _sent(request, atlas(folder, kind, version), "image/webp", str(version), KEEP)


def plotly(request: Request) -> Response:
    body, version = _plotly()
    return _sent(request, body, "text/javascript", version, KEEP, zipped=True)


@lru_cache(maxsize=1)
def _plotly() -> tuple[bytes, str]:
    spec = find_spec("plotly")
    assert spec is not None and spec.origin is not None
    script = (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_bytes()
    return gzip.compress(script, 6, mtime=0), blake2b(script, digest_size=12).hexdigest()


def _below(prefix: str) -> list[Route]:
    return [
        Route(f"{prefix}/assets/{{digest}}/{{path:path}}", asset),
        Route(f"{prefix}/plotly.min.js", plotly),
        Route(f"{prefix}/code", entered, methods=["POST"]),
        *talks_below(prefix),
        Route(f"{prefix}/runs/{{run}}/feed", feed),
        Route(f"{prefix}/runs/{{run}}/{{kind}}/{{step}}", look),
        Route(f"{prefix}/runs/{{run}}/probe", probe),
        Route(f"{prefix}/runs/{{run}}/{{kind}}.webp", picture),
    ]


routes: list[Route] = [*_below("/sslviz"), *_below("/{base:path}/sslviz")]

"""One HTML file that plays runs back: opened from disk, asking nobody for anything."""

import json
from base64 import b64encode
from dataclasses import asdict, dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from sslviz.export.lesson import html_of
from sslviz.export.packed import MARK, Packed
from sslviz.export.script import one_script
from sslviz.export.talk import Talk
from sslviz.feed.scripts import files, styles
from sslviz.methods import METHODS, card
from sslviz.runs.files import replaced
from sslviz.runs.room import CannotWrite

PAGE = "replay/page.js"
TALK = "replay/talk.js"
INSTEAD = {"kit/plotly.js": "replay/plot.js", "feed/server.js": "replay/nowhere.js"}
PANELS = ("status", "embedding", "matrix", "histogram", "collapse", "task", "curves")

# Only the page's own script runs, and nothing is asked for: whatever a run's files hold.
POLICY = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
    "img-src blob:; base-uri 'none'; form-action 'none'"
)
# In the app a page takes its scripts from the server, and asks it about the runs that it starts.
SERVED = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)
HTML = """<!doctype html>
<html lang="{language}" data-kind="{mark}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header></header>
<main></main>
{templates}
<script type="application/json" id="replay">{facts}</script>
{runs}
{script}
</body>
</html>
"""


@dataclass(frozen=True)
class Served:
    """Where the app has the scripts, and where a live run is asked for; as the page's links."""

    scripts: str
    start: str


def page(
    runs: list[Packed], facts: list[dict[str, Any]], languages: dict[str, Any], colours: Any
) -> bytes:
    """The file that shows `runs`. `facts` has what the page says of each; `languages`: language ->
    its own name and words; `colours` as the panels take them. The first language is shown first."""
    known = {"runs": facts, "languages": languages, "colours": colours}
    title = ", ".join(run.run for run in runs)
    return _document(PAGE, title, _lessons(runs, list(languages)), known, runs)


def talk_page(
    talk: Talk,
    runs: list[Packed],
    facts: list[dict[str, Any]],
    languages: dict[str, Any],
    colours: Any,
    served: Served | None = None,
) -> bytes:
    """The file that gives `talk`, or with `served` a page of the app; the rest as for `page`."""
    places = {fact["id"]: i for i, fact in enumerate(facts)}
    slides = [asdict(slide) | {"text": None, "run": places.get(slide.run)} for slide in talk.slides]
    texts = [
        f'<template id="slide-{i}-{language}">{html_of(getattr(slide.text, language))}</template>\n'
        for i, slide in enumerate(talk.slides)
        for language in languages
        if slide.text
    ]
    known = {"talk": {"title": asdict(talk.title), "slides": slides}, "runs": facts}
    known |= {"languages": languages, "colours": colours}
    known |= {"live": served.start} if served else {}
    return _document(TALK, talk.title.en, texts, known, runs, served)


def _document(
    root: str,
    title: str,
    templates: list[str],
    known: dict[str, Any],
    runs: list[Packed],
    served: Served | None = None,
) -> bytes:
    script, policy = _script(root, served)
    first = next(iter(known["languages"]))
    bodies = [
        f'<script type="application/octet-stream" id="run-{i}" data-run="{escape(run.run)}">'
        f"{run.letters}</script>"
        for i, run in enumerate(runs)
    ]
    sheets = ["replay/replay.css"] + (["replay/talk.css"] if root == TALK else [])
    return HTML.format(
        language=first,
        mark=MARK,
        policy=policy,
        title=escape(title),
        style="\n".join(files()[path].decode() for path in sheets),
        templates="".join(templates),
        facts=_quoted(known | {"first": first, "styles": _styles()}),
        runs="\n".join(bodies),
        script=script,
    ).encode()


def _script(root: str, served: Served | None) -> tuple[str, str]:
    """The element with the page's script, and the policy under which it runs."""
    if served:
        return f'<script type="module" src="{escape(served.scripts)}/{root}"></script>', SERVED
    script = one_script(root, INSTEAD)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return f'<script type="module">{script}</script>', POLICY.format(digest=digest)


def _styles() -> dict[str, str]:
    kit = styles("", framed=True)
    return {"kit": kit} | {name: styles(name, framed=False) for name in PANELS}


def _quoted(value: Any) -> str:
    """JSON that no text in it can end: neither the element nor the line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _lessons(runs: list[Packed], languages: list[str]) -> list[str]:
    methods = {str(run.held.config.get("method")) for run in runs} & set(METHODS)
    return [
        f'<template id="lesson-{method}-{language}"><h2>{escape(card(method).title)}</h2>'
        f"{html_of(card(method).told(language))}</template>\n"
        for method in sorted(methods)
        for language in languages
    ]


def write_page(file: Path, body: bytes) -> None:
    """Puts the file where it is wanted; readers see the old one or the whole new one. Raises
    CannotWrite."""

    def write(temporary: Path) -> None:
        temporary.write_bytes(body)

    try:
        replaced(file, write, sync=False)
    except OSError as error:  # which names the temporary file, that nobody has heard of
        raise CannotWrite(error, file) from None

"""How fast the table of a sweep sorts and filters, in headless Chromium without a GPU.

    python benchmarks/table.py --rows 500

Prints the milliseconds from the press of a key or a button until the next frame with the table as
asked is on screen. Needs playwright and a Chromium (CHROMIUM, else /usr/bin/chromium).
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import plotly  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from sslviz.feed.scripts import styles  # noqa: E402
from sslviz.ui.ablations.picture import picture_words  # noqa: E402
from sslviz.ui.text import speaking  # noqa: E402
from sslviz.ui.theme import colours  # noqa: E402

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
NUMBERS = ("knn_h", "knn_z", "loss", "effective_rank_h", "alignment", "seconds")
BUILD = """
async ([data, style]) => {
  document.body.innerHTML = "<div id=place style='width:1200px'></div>";
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const panel = (await import("/panels/ablation/index.js")).default;
  window.shown_ = panel(document.getElementById("place"), null, data);
  window.shown_.take(data.now);
}
"""
ACT = """
(what) => new Promise((done) => {
  const start = performance.now();
  if (what.sort) document.querySelectorAll(".ablation th button")[what.sort].click();
  else {
    const field = document.querySelector("input[type=search]");
    field.value = what.find;
    field.dispatchEvent(new Event("input"));
  }
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})
"""


class Quiet(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        return str(PLOTLY) if path == "/plotly.min.js" else super().translate_path(path)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def sweep(rows: int) -> dict[str, Any]:
    """Made-up facts of a sweep over three axes, as the page hands them to the browser."""
    axes = [
        {"label": f"axis {i}", "numeric": True, "values": [_choice(v) for v in range(5)]}
        for i in range(3)
    ]
    metrics = [{"name": name, "label": name, "percent": name[:3] == "knn"} for name in NUMBERS]
    made = [_row(i) for i in range(rows)]
    known = {"id": "made", "axes": axes, "unordered": False, "metric": metrics[0], "cells": []}
    return known | {"columns": metrics, "rows": made, "compare": "?runs=", "most_compared": 6}


def _choice(value: int) -> dict[str, Any]:
    return {"value": value, "label": str(value)}


def _row(i: int) -> dict[str, Any]:
    at = [i % 5, i // 5 % 5, i // 25 % 5]
    numbers = {name: (i * 7919 % 1000 + k) / 1000 for k, name in enumerate(NUMBERS)}
    facts = {"run": f"run-{i}", "name": f"SimCLR · seed {i % 4} · no. {i}", "href": f"?run={i}"}
    facts |= {"cell": i // 4, "at": at, "labels": list(map(str, at)), "seed": i % 4}
    own = {"value": numbers["knn_h"], "loss": numbers["loss"], "knn": numbers["knn_h"]}
    return facts | own | {"word": "Finished", "finished": True, "numbers": numbers}


@contextmanager
def opened(rows: int) -> Iterator[Page]:
    """A page with the panel alone, of a made-up sweep of so many rows."""
    with speaking("en"):
        data = {
            "strings": picture_words(),
            "colours": colours(),
            "file": "made",
            "now": sweep(rows),
        }
    serve = partial(Quiet, directory=str(ROOT / "assets"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), serve)
    Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"http://127.0.0.1:{server.server_port}/kit/panel.css")
        page.evaluate(BUILD, [data, styles("ablation", framed=True)])
        page.wait_for_selector(".scatter .main-svg")
        yield page
        browser.close()
    server.shutdown()


def measured(rows: int) -> dict[str, list[float]]:
    """Milliseconds of each sort and of each filter."""
    with opened(rows) as page:
        sorts = [page.evaluate(ACT, {"sort": k}) for k in (6, 6, 8, 1, 4, 7)]
        finds = [page.evaluate(ACT, {"find": text}) for text in ("1", "1 2", "", "seed 3", "")]
    return {"sort": sorts, "filter": finds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500)
    asked = parser.parse_args()
    found = measured(asked.rows)
    told = {name: {"median": median(v), "worst": max(v)} for name, v in found.items()}
    print(json.dumps({"rows": asked.rows} | told))


if __name__ == "__main__":
    main()

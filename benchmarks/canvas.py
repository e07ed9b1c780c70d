"""How fast the embedding canvas is, in headless Chromium without a GPU, behind the real server.

    python benchmarks/canvas.py --points 5000

Prints frames a second while the run is played back, and the time from a written snapshot file to
the first frame that shows it. Needs playwright and a Chromium (CHROMIUM, else /usr/bin/chromium).
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from made_run import STEPS, MadeRun  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
HISTORY = (0, 10, 20, 40, 60, 80, 100, 150, 200, 250, 300, 350, 400)
FRESH = range(450, STEPS + 1, 50)

APP = """
import streamlit as st
from sslviz.ui.routes import routes
app = st.App({page!r}, routes=routes)
"""
PAGE = """
import streamlit as st
from sslviz.ui.panels.embedding import embedding_view
st.set_page_config(layout="wide")
embedding_view(st.query_params["run"], key="embedding", height=600)
"""
COUNT_FRAMES = """
() => {
  window.frames_ = [];
  const count = (time) => { window.frames_.push(time); requestAnimationFrame(count); };
  requestAnimationFrame(count);
}
"""
NOTE_STEPS = """
(canvas) => {
  window.steps_ = {};
  const note = () => { window.steps_[canvas.dataset.step] ??= Date.now() / 1000; };
  new MutationObserver(note).observe(canvas, { attributeFilter: ["data-step"] });
}
"""


@contextmanager
def server(folder: Path, runs: Path, script: str = PAGE) -> Iterator[str]:
    """A Streamlit server of one page and the app's HTTP routes; yields its address."""
    page, app = folder / "page.py", folder / "app.py"
    page.write_text(script)
    app.write_text(APP.format(page=str(page)))
    with served(app, folder, {"SSLVIZ_RUNS": str(runs), "PYTHONPATH": str(ROOT)}) as address:
        yield address


@contextmanager
def served(app: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """`app` as a visitor starts it, with its log in `folder`; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = [f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    command = [sys.executable, "-m", "streamlit", "run", str(app), *flags]
    own = os.environ | dict(environment)
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(command, cwd=ROOT, env=own, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The Streamlit server did not answer at {url}.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium that draws in software."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


def opened(browser: Browser, address: str, run: MadeRun) -> Page:
    """A page on which the run's points are drawn and at rest."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{address}/?run={run.folder.name}")
    page.wait_for_selector("canvas.overlay[data-moving=false]", timeout=60_000)
    return page


def frame_rate(page: Page) -> tuple[float, float]:
    """(median frames a second, slowest 5% frame in ms) while all snapshots are played back."""
    canvas = page.locator("canvas.overlay")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(600)
    page.evaluate(COUNT_FRAMES)
    page.wait_for_timeout(4500)
    times = page.evaluate("window.frames_")
    assert canvas.get_attribute("data-step") != str(HISTORY[0]), "playback does not move"
    gaps = sorted(b - a for a, b in zip(times, times[1:], strict=False))
    return 1000 * len(gaps) / (times[-1] - times[0]), gaps[int(0.95 * len(gaps))]


def latencies(page: Page, run: MadeRun) -> list[float]:
    """Seconds from a snapshot's file being written to its first frame, for each fresh snapshot."""
    page.get_by_role("button", name="Live").click()
    page.locator("canvas.overlay").evaluate(NOTE_STEPS)
    found = []
    for step in FRESH:
        written = run.snapshot(step)
        page.wait_for_selector(f"canvas.overlay[data-step='{step}']", timeout=20_000)
        found.append(page.evaluate("window.steps_")[str(step)] - written)
        page.wait_for_timeout(700)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=5000)
    points = parser.parse_args().points
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs"
        run = MadeRun(runs, points)
        for step in HISTORY:
            run.snapshot(step)
        with server(Path(folder), runs) as address, chromium() as browser:
            page = opened(browser, address, run)
            rate, slow = frame_rate(page)
            waits = latencies(page, run)
    print(f"{points} points: {rate:.0f} frames/s while playing, 95% of frames within {slow:.0f} ms")
    print(
        f"snapshot written -> on screen: median {median(waits):.2f} s, most {max(waits):.2f} s "
        f"({len(waits)} snapshots)"
    )


if __name__ == "__main__":
    main()

"""Whether live is live: how soon and how often the page moves once Train is pressed, what it costs.

    python benchmarks/motion.py [--seconds 45] [--steps 200] [--rounds 1]

Starts the app and a page in headless Chromium, leaves it open for 20 s, presses Train with the
recipe that is there; it compares all canvases ten times a second. Then the same recipe, shorter,
trains from first to last step without a page: watched (the file is touched), unwatched, and
without any looks, one after the other. Run it on a quiet machine: all else that runs is in the
numbers, least in those of processor time. Needs playwright and a Chromium (CHROMIUM, else
/usr/bin/chromium).
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from canvas import chromium, wait_for  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402
from recording import processor  # noqa: E402

from sslviz.config import RunConfig  # noqa: E402
from sslviz.presets.catalogue import default  # noqa: E402
from sslviz.runs import launch  # noqa: E402
from sslviz.runs.looks import GLANCES, SNAPSHOTS, look_steps  # noqa: E402
from sslviz.runs.states import STATES  # noqa: E402
from sslviz.runs.status import read_status  # noqa: E402
from sslviz.runs.watched import note_watched  # noqa: E402

IDLE, FROM = 20.0, 8.0  # seconds before Train; seconds after it from which speed is measured
STILL = 0.25  # seconds without a change after which the next one is a new movement

# every 100 ms: [ms, whether any canvas differs from before, the step on the embedding's canvas]
WATCH = """
() => {
  window.seen_ = [];
  const small = new OffscreenCanvas(160, 100).getContext("2d", { willReadFrequently: true });
  const before = new WeakMap();
  const within = (root) => [...root.querySelectorAll("*")].flatMap((node) => [
    ...(node.tagName === "CANVAS" && node.clientWidth > 100 ? [node] : []),
    ...(node.shadowRoot ? within(node.shadowRoot) : []),
  ]);
  let canvases = [];
  const find = () => { canvases = within(document); };
  const changed = (canvas) => {
    if (!canvas.width || !canvas.height) return false;
    small.clearRect(0, 0, 160, 100);
    small.drawImage(canvas, 0, 0, 160, 100);
    const pixels = new Uint32Array(small.getImageData(0, 0, 160, 100).data.buffer);
    const known = before.get(canvas);
    before.set(canvas, pixels);
    return !known || pixels.some((pixel, i) => pixel !== known[i]);
  };
  const look = () => {
    const moved = canvases.filter(changed).length > 0;
    const step = canvases.find((canvas) => canvas.dataset.step)?.dataset.step ?? null;
    window.seen_.push([performance.now(), moved, step === null ? null : Number(step)]);
  };
  setInterval(find, 500);
  setInterval(look, 100);
  document.addEventListener("click", () => { window.pressed_ ??= performance.now(); }, true);
}
"""


@contextmanager
def app(folder: Path) -> Iterator[str]:
    """The app as a visitor starts it, with `folder` for its runs; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = [f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *flags]
    log = (folder / "server.log").open("w")
    places = {"SSLVIZ_RUNS": str(folder)}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | places, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def on_the_page(browser: Browser, address: str, runs: Path, seconds: float) -> dict[str, Any]:
    """What moved on the page for `seconds` after Train was pressed, and how fast it trained."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{address}/train_live?lang=en")
    button = page.locator(".st-key-recipe-start button")
    button.wait_for(timeout=120_000)
    page.evaluate(WATCH)
    page.wait_for_timeout(1000 * IDLE)
    button.click(timeout=60_000)
    began = time.monotonic()
    page.wait_for_url("**run=**", timeout=60_000)
    found = re.search(r"[?&]run=([^&]+)", page.url)
    assert found, page.url
    folder = runs / found[1]
    page.wait_for_timeout(1000 * max(0.0, FROM - (time.monotonic() - began)))
    first = mark(folder)
    page.wait_for_timeout(1000 * max(0.0, seconds - (time.monotonic() - began)))
    last = mark(folder)
    pressed, seen = page.evaluate("[window.pressed_, window.seen_]")
    page.close()
    looks = {kind: len(look_steps(folder, kind)) for kind in (SNAPSHOTS, GLANCES)}
    share = read_status(folder)["looking_share"]
    ended(folder)
    return moved(pressed, seen, seconds) | looks | {"speed": speed(first, last), "looking": share}


def moved(pressed: float, seen: list[Any], seconds: float) -> dict[str, float]:
    """Seconds from the press to the first picture and the first motion, and between changes."""
    after = [((ms - pressed) / 1000, change, step) for ms, change, step in seen if ms >= pressed]
    after = [tick for tick in after if tick[0] <= seconds]
    picture, first_step = next((at, step) for at, _, step in after if step is not None)
    motion = next((at for at, c, step in after if c and step not in (None, first_step)), seconds)
    changes = [picture, *(at for at, change, _ in after if change and at > picture)]
    stills = [b - a for a, b in zip(changes, [*changes[1:], seconds], strict=True)]
    starts = [b for a, b in zip(changes, changes[1:], strict=False) if b - a > STILL]
    ticks = [b[0] - a[0] for a, b in zip(after, after[1:], strict=False)]
    return {
        "picture": picture,
        "motion": motion,
        "standstill": max(stills),
        "between": median(b - a for a, b in zip(starts, starts[1:], strict=False)),
        "pictures": len({step for _, _, step in after if step is not None}),
        "slowest tick": max(ticks),
    }


def mark(folder: Path) -> tuple[float, int]:
    """(seconds, step): now and where the run is."""
    return time.monotonic(), read_status(folder)["step"]


def speed(first: tuple[float, int], last: tuple[float, int]) -> float:
    return (last[1] - first[1]) / (last[0] - first[0])


def alone(config: RunConfig, runs: Path, watched: bool) -> float:
    """Steps a second of a whole run without any page, `watched` or not."""
    folder = launch.start(config, runs)
    first = None
    while not STATES[read_status(folder)["state"]].over:
        if watched:
            note_watched(folder)
        if first is None and read_status(folder)["step"] > 0:
            first = mark(folder)
        time.sleep(0.05)
    last, status = mark(folder), read_status(folder)
    if status["state"] != "finished" or first is None:
        raise RuntimeError(f"{folder.name} is {status['state']}: {status['error']}")
    return speed(first, last)


def ended(folder: Path) -> None:
    if STATES[read_status(folder)["state"]].can_stop:
        launch.stop(folder)
    while not STATES[read_status(folder)["state"]].over:
        time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=45.0)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    usual = default().with_settings({"steps": asked.steps})
    blind = usual.with_settings({"snapshot_every": asked.steps})
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        runs = Path(place)
        print(f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
        for _ in range(asked.rounds):
            with app(runs) as address:
                page = on_the_page(browser, address, runs, asked.seconds)
            watched = alone(usual, runs, watched=True)
            unwatched = alone(usual, runs, watched=False)
            nothing = alone(blind, runs, watched=False)
            tell(page, watched, unwatched, nothing)


def tell(page: dict[str, Any], watched: float, unwatched: float, nothing: float) -> None:
    print(f"Train -> first picture {page['picture']:.1f} s, first motion {page['motion']:.1f} s")
    print(
        f"longest standstill {page['standstill']:.1f} s, median between movements "
        f"{page['between']:.2f} s ({page['pictures']} pictures: {page[SNAPSHOTS]} snapshots and "
        f"{page[GLANCES]} glances; the page itself was late by up to {page['slowest tick']:.1f} s)"
    )
    print(
        f"steps/s: {nothing:.2f} without looks, {unwatched:.2f} unwatched, {watched:.2f} watched, "
        f"{page['speed']:.2f} with the page"
    )
    books = page["looking"] / (1 + page["looking"])
    print(
        f"lost: unwatched {1 - unwatched / nothing:.0%}, watched {1 - watched / nothing:.0%}, with "
        f"the page in all {1 - page['speed'] / nothing:.0%} ({books:.0%} to looking by its books)"
    )


if __name__ == "__main__":
    main()

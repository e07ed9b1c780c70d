"""Whether live is live: how soon and how often the page moves once Train is pressed, what it costs.

    python benchmarks/motion.py [--seconds 45] [--steps 200] [--rounds 1]

Starts the app and a page in headless Chromium, leaves it open for 20 s, presses Train with the
recipe that is there, and compares all canvases ten times a second. Then the same recipe, shorter,
trains from its first to its last step without a page: without any looks, unwatched, and watched
(the file is touched), one after the other, in every round; the costs are medians over the rounds.
Run it on a quiet machine: all else that runs there is in the numbers, though little in those of
processor time. Needs playwright and a Chromium (CHROMIUM, else /usr/bin/chromium).
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from canvas import chromium, served  # noqa: E402
from pace import Pace, alone, ended, mark, pace  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402
from recording import processor  # noqa: E402

from sslviz.presets.catalogue import default  # noqa: E402
from sslviz.runs.looks import GLANCES, SNAPSHOTS, look_steps  # noqa: E402
from sslviz.runs.status import read_status  # noqa: E402

IDLE, FROM = 20.0, 8.0  # seconds before Train; seconds after it from which speed is measured
STILL = 0.25  # seconds without a change after which the next one is a new movement

# [ms, whether any canvas differs from before, the step on the embedding's canvas]: every 40 ms
# until there is a picture, then every 100 ms, for comparing costs the page's own time
WATCH = """
() => {
  window.seen_ = [];
  const small = new OffscreenCanvas(160, 100).getContext("2d", { willReadFrequently: true });
  const before = new WeakMap();
  const within = (root, found = []) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.tagName === "CANVAS" && node.clientWidth > 100) found.push(node);
      if (node.shadowRoot) within(node.shadowRoot, found);
    }
    return found;
  };
  let canvases = [];
  const changed = (canvas) => {
    if (!canvas.width || !canvas.height) return false;
    small.clearRect(0, 0, 160, 100);
    small.drawImage(canvas, 0, 0, 160, 100);
    const pixels = new Uint32Array(small.getImageData(0, 0, 160, 100).data.buffer);
    const known = before.get(canvas);
    before.set(canvas, pixels);
    return !known || pixels.some((pixel, i) => pixel !== known[i]);
  };
  const shown = () => canvases.find((canvas) => canvas.dataset.step)?.dataset.step ?? null;
  let looks = 0;
  const look = () => {
    const begins = shown() === null;
    if (begins || looks++ % 5 === 0) canvases = within(document);
    const moved = shown() !== null && canvases.filter(changed).length > 0;
    window.seen_.push([performance.now(), moved, shown() === null ? null : Number(shown())]);
    setTimeout(look, shown() === null ? 40 : 100);
  };
  document.addEventListener("click", () => {
    if (window.pressed_) return;
    window.pressed_ = performance.now();
    look();
  }, true);
}
"""


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
    while time.monotonic() - began < FROM or read_status(folder)["step"] < 1:
        page.wait_for_timeout(100)
    first = mark(folder)
    page.wait_for_timeout(1000 * max(0.0, seconds - (time.monotonic() - began)))
    last = mark(folder)
    pressed, seen = page.evaluate("[window.pressed_, window.seen_]")
    page.close()
    looks = {kind: len(look_steps(folder, kind)) for kind in (SNAPSHOTS, GLANCES)}
    share = read_status(folder)["looking_share"]
    ended(folder)
    return moved(pressed, seen, seconds) | looks | {"pace": pace(first, last), "looking": share}


def moved(pressed: float, seen: list[Any], seconds: float) -> dict[str, float]:
    """Seconds from the press to the first picture and the first motion, and between changes."""
    after = [((ms - pressed) / 1000, change, step) for ms, change, step in seen if ms >= pressed]
    after = [tick for tick in after if tick[0] <= seconds]
    picture, first_step = next((at, step) for at, _, step in after if step is not None)
    motion = next((at for at, c, step in after if c and step not in (None, first_step)), seconds)
    changes = [picture, *(at for at, change, _ in after if change and at > picture)]
    gaps = list(zip(changes, [*changes[1:], seconds], strict=True))
    starts = [b for a, b in zip(changes, changes[1:], strict=False) if b - a > STILL]
    ticks = [b[0] - a[0] for a, b in zip(after, after[1:], strict=False)]
    return {
        "picture": picture,
        "motion": motion,
        "standstill": max(b - a for a, b in gaps),
        "still": max((b - a for a, b in gaps if a >= motion), default=0.0),
        "between": median(b - a for a, b in zip(starts, starts[1:], strict=False)),
        "pictures": len({step for _, _, step in after if step is not None}),
        "slowest tick": max(ticks),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=45.0)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    usual = default().with_settings({"steps": asked.steps})
    blind = usual.with_settings({"snapshot_every": asked.steps})
    rounds: list[dict[str, Pace]] = []
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        runs = Path(place)
        print(f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
        for _ in range(asked.rounds):
            with served(ROOT / "app.py", runs, {"SSLVIZ_RUNS": str(runs)}) as address:
                page = on_the_page(browser, address, runs, asked.seconds)
            tell(page)
            paces = {
                "without looks": alone(blind, runs, watched=False),
                "unwatched": alone(usual, runs, watched=False),
                "watched": alone(usual, runs, watched=True),
                "with the page": page["pace"],
            }
            rounds.append(paces)
    tell_costs(rounds)


def tell(page: dict[str, Any]) -> None:
    print(f"Train -> first picture {page['picture']:.1f} s, first motion {page['motion']:.1f} s")
    print(
        f"longest standstill {page['standstill']:.1f} s, {page['still']:.1f} s after the first "
        f"motion; median between movements {page['between']:.2f} s ({page['pictures']} pictures: "
        f"{page[SNAPSHOTS]} snapshots and {page[GLANCES]} glances; the page itself was late by up "
        f"to {page['slowest tick']:.1f} s)"
    )
    books = page["looking"] / (1 + page["looking"])
    print(f"with the page, by its own books, {books:.0%} of the time so far went to looking")


def tell_costs(rounds: list[dict[str, Pace]]) -> None:
    """Medians over the rounds, each pace beside that without looks of its own round."""
    for name in rounds[0]:
        pairs = [(paces[name], paces["without looks"]) for paces in rounds]
        lost = [1 - found.speed / nothing.speed for found, nothing in pairs]
        more = [found.processor / nothing.processor - 1 for found, nothing in pairs]
        print(
            f"{name}: {median(found.speed for found, _ in pairs):.2f} steps/s, loses "
            f"{median(lost):.0%} ({min(lost):.0%} to {max(lost):.0%}); "
            f"{1000 * median(found.processor for found, _ in pairs):.0f} ms of processor time a "
            f"step, {median(more):+.0%}"
        )


if __name__ == "__main__":
    main()

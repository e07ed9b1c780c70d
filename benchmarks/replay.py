"""How fast a replay of 200 snapshots is scrubbed, from disk, in Chromium that draws in software.

    python benchmarks/replay.py --points 1000

Moves the slider one snapshot a displayed frame, there and back, and prints frames and snapshots
drawn a second. Needs playwright and a Chromium (CHROMIUM, else /usr/bin/chromium).
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from canvas import chromium  # noqa: E402
from made_run import STEPS, MadeRun  # noqa: E402

from sslviz.ui.replay.make import replay  # noqa: E402

SNAPSHOTS = 200
SCRUB = """
async () => {
  const root = document.querySelector("[data-panel=embedding]").shadowRoot;
  const slider = root.querySelector(".scrubber input[type=range]");
  const canvas = root.querySelector("canvas.overlay");
  const last = Number(slider.max);
  const shown = new Set();
  const note = new MutationObserver(() => shown.add(canvas.dataset.step));
  note.observe(canvas, { attributeFilter: ["data-step"] });
  const frame = () => new Promise(requestAnimationFrame);
  const begin = performance.now();
  let frames = 0;
  for (const places of [[...Array(last + 1).keys()].reverse(), [...Array(last + 1).keys()]]) {
    for (const place of places) {
      slider.value = place;
      slider.dispatchEvent(new Event("input"));
      await frame();
      frames += 1;
    }
  }
  const seconds = (performance.now() - begin) / 1000;
  return [frames / seconds, shown.size];
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=1000)
    points = parser.parse_args().points
    with tempfile.TemporaryDirectory() as folder:
        run = MadeRun(Path(folder) / "runs", points)
        for i in range(SNAPSHOTS):
            run.snapshot(round(i * STEPS / (SNAPSHOTS - 1)), "finished")
        body = replay([run.folder], "en", snapshots=SNAPSHOTS, most=1 << 30)
        file = Path(folder) / "run.html"
        file.write_bytes(body)
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(file.as_uri())
            page.wait_for_selector("canvas.overlay[data-moving=false]", timeout=120_000)
            rate, shown = page.evaluate(SCRUB)
    print(f"{points} points, {SNAPSHOTS} snapshots, {len(body) / 1e6:.1f} MB:")
    print(f"{rate:.0f} frames a second while scrubbing, {shown} snapshots seen")


if __name__ == "__main__":
    main()

"""Whether two live runs side by side move as often as one: `python benchmarks/together.py`.

    python benchmarks/together.py [--seconds 45] [--steps 5000]

Trains the usual recipe alone with Train live open, then two of it at once with Compare open, and
tells for each map how often it showed another step and how long it stood still at most. Both pages
are opened anew and given 10 s. Needs playwright and a Chromium (CHROMIUM, else /usr/bin/chromium).
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from canvas import chromium, served  # noqa: E402
from pace import ended  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402
from recording import processor  # noqa: E402

from sslviz.presets.catalogue import default  # noqa: E402
from sslviz.runs import launch  # noqa: E402

SETTLED = 10_000  # ms until both runs and the page are under way

# for each map the times (ms) at which its step changed, in `seconds` of looking ten times a second
WATCH = """
(seconds) => new Promise((done) => {
  const within = (root) => [...root.querySelectorAll("*")].flatMap((node) => [
    ...(node.matches("canvas.overlay") ? [node] : []),
    ...(node.shadowRoot ? within(node.shadowRoot) : []),
  ]);
  const maps = within(document).map((node) => ({ node, step: node.dataset.step, at: [] }));
  const start = performance.now();
  const timer = setInterval(() => {
    const now = performance.now() - start;
    for (const map of maps) {
      if (map.node.dataset.step !== map.step) map.at.push(now);
      map.step = map.node.dataset.step;
    }
    if (now < 1000 * seconds) return;
    clearInterval(timer);
    done(maps.map(({ at }) => [0, ...at, now]));
  }, 100);
})
"""


def movements(browser: Browser, address: str, path: str, seconds: float) -> list[list[float]]:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{address}/{path}")
    page.locator("canvas.overlay[data-step]").first.wait_for(timeout=120_000)
    page.wait_for_timeout(SETTLED)
    found = page.evaluate(WATCH, seconds)
    page.close()
    return found


def tell(words: str, times: list[list[float]], seconds: float) -> None:
    for at in times:
        still = max(b - a for a, b in zip(at, at[1:], strict=False)) / 1000
        often = 60 * (len(at) - 2) / seconds
        print(f"{words}: {often:.0f} times a minute, still {still:.1f} s at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=45.0)
    parser.add_argument("--steps", type=int, default=5000)
    asked = parser.parse_args()
    config = default().with_settings({"steps": asked.steps, "batch_size": 64})
    print(f"{processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        runs = Path(place)
        own = {"SSLVIZ_RUNS": place, "SSLVIZ_MAX_RUNS": "2", "SSLVIZ_WARM": "0"}
        with served(ROOT / "app.py", runs, own) as address:
            alone = [launch.start(config, runs)]
            path = f"train_live?lang=en&run={alone[0].name}"
            found = movements(browser, address, path, asked.seconds)
            ended(alone[0])
            tell("one run on Train live", found, asked.seconds)
            both = [launch.start(config.with_settings({"method.tau": t}), runs) for t in (0.1, 0.5)]
            path = f"compare?lang=en&runs={','.join(run.name for run in both)}"
            found = movements(browser, address, path, asked.seconds)
            for run in both:
                ended(run)
            tell("two runs on Compare", found, asked.seconds)


if __name__ == "__main__":
    main()

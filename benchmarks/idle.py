"""What an idle page costs, and how long a press of Train takes to its first pictures.

    python benchmarks/idle.py

Prints the processor time, in percent of one core over 20 s, of the app's server and of headless
Chromium with all their processes while *Train live* shows no run and a finished one; then the
seconds from the press to the first picture and to the first other one, warm and cold. Needs
playwright, a Chromium (CHROMIUM, else /usr/bin/chromium) and /proc.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from canvas import HISTORY, chromium, served  # noqa: E402
from made_run import STEPS, MadeRun  # noqa: E402
from playwright.sync_api import Page  # noqa: E402

SETTLED, SECONDS = 8.0, 20.0
GONE = 180_000  # milliseconds after which nothing is waited for
TICKS = os.sysconf("SC_CLK_TCK")


def used() -> dict[str, float]:
    """Seconds of processor time so far, of the processes below this one: server and browser."""
    parents, spent, names = {}, {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = stat.read_text().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        row, pid = fields.split(), int(stat.parent.name)
        parents[pid], names[pid] = int(row[1]), name
        spent[pid] = (int(row[11]) + int(row[12])) / TICKS
    found = {"server": 0.0, "browser": 0.0}
    for pid in parents:
        line = [pid]
        while line[-1] in parents and line[-1] != os.getpid():
            line.append(parents[line[-1]])
        if line[-1] == os.getpid() and pid != os.getpid():
            found["browser" if "chrom" in names[pid] else "server"] += spent[pid]
    return found


def idle(page: Page, address: str, there: str) -> str:
    page.goto(address)
    page.wait_for_selector(there, timeout=GONE)
    page.wait_for_timeout(1000 * SETTLED)
    before, began = used(), time.monotonic()
    page.wait_for_timeout(1000 * SECONDS)
    after, seconds = used(), time.monotonic() - began
    parts = {name: 100 * (after[name] - before[name]) / seconds for name in after}
    total = f"{sum(parts.values()):.1f}% of a core"
    return f"{total} ({', '.join(f'{name} {part:.1f}%' for name, part in parts.items())})"


def pressed(page: Page, address: str, wait: float) -> str:
    """Seconds from the press of Train to the first picture, and to the first that differs."""
    page.goto(f"{address}/train_live")
    button = page.locator(".st-key-recipe-start button")
    button.wait_for(timeout=GONE)
    page.wait_for_timeout(1000 * wait)
    began = time.monotonic()
    button.click()
    picture = page.wait_for_selector("canvas.overlay[data-step]", timeout=GONE)
    first = time.monotonic() - began
    step = picture.get_attribute("data-step") if picture else None
    page.wait_for_selector(f"canvas.overlay[data-step]:not([data-step='{step}'])", timeout=GONE)
    moving = time.monotonic() - began
    page.locator(".st-key-live-top").get_by_role("button", name="Stop").click()
    page.wait_for_timeout(3000)
    return f"first picture {first:.1f} s, first motion {moving:.1f} s"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        runs = Path(folder)
        over = MadeRun(runs)
        for step in HISTORY:
            over.snapshot(step)
        over.snapshot(STEPS, "finished")
        over.writer.release()
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        print(f"load before anything runs: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        place = {"SSLVIZ_RUNS": str(runs)}
        with served(ROOT / "app.py", runs, place | {"SSLVIZ_WARM": "1"}) as address:
            print("no run:", idle(page, f"{address}/train_live", ".st-key-welcome"), flush=True)
            run = f"{address}/train_live?run={over.folder.name}"
            there = "canvas.overlay[data-moving=false]"
            print("a finished run:", idle(page, run, there), flush=True)
            print("warm:", pressed(page, address, 20.0), flush=True)
        with served(ROOT / "app.py", runs, place | {"SSLVIZ_WARM": "0"}) as address:
            print("cold:", pressed(page, address, 5.0), flush=True)


if __name__ == "__main__":
    main()

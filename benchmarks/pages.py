"""How every page looks: pictures at five sizes, two themes, two languages, and what is wrong.

    python benchmarks/pages.py --runs RUNS --out FOLDER [--pages train_live ...] [--sizes large ...]

Starts the app on the runs there are and shows one of them (`--run`, else the newest). Prints a line
for every page that scrolls sideways, cuts words without dots, writes a letter under 12 pixels (20
in large letters) or has a control that another element covers; leaves pictures in FOLDER. Needs
playwright and a Chromium (CHROMIUM, else /usr/bin/chromium).
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from canvas import chromium, served  # noqa: E402
from playwright.sync_api import Browser, Page, expect  # noqa: E402

PAGES = sorted(file.stem for file in (ROOT / "pages").glob("*/*.py"))
# window in CSS pixels, and how many pixels of the screen one of them is
SIZES = {
    "1400x900": (1400, 900, 1.0),
    "1280x720": (1280, 720, 1.0),
    "1024x768": (1024, 768, 1.0),
    "390x844": (390, 844, 1.0),
    "zoom150": (853, 480, 1.5),
}
LARGE = "large"  # 1280x720 in large letters
# what a page says it is still waiting for
WAITING = (
    "[data-testid=stSkeleton], [data-testid=stSpinner], "
    '.stApp:not([data-test-script-state="notRunning"])'
)

LOOK = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def looked_at(page: Page, least: float, file: Path) -> Iterator[tuple[str, str]]:
    """What is wrong on a page, from its top to its end; leaves its pictures."""
    main = page.get_by_test_id("stMain")
    height, window = main.evaluate("(m) => [m.scrollHeight, m.clientHeight]")
    for place in range(0, max(1, height - 20), max(200, window - 90)):
        main.evaluate("(m, y) => m.scrollTo(0, y)", place)
        page.wait_for_timeout(250)
        number = f"-{place // max(200, window - 90)}" if place else ""
        page.screenshot(path=file.with_name(f"{file.stem}{number}.png"))
        yield from ((what, where) for what, where in page.evaluate(LOOK, least))


def shown(name: str, runs: Path, run: str) -> str:
    """The part of a page's address that names what it shows."""
    others = [path.parent.name for path in sorted(runs.glob("2*/config.json"))]
    both = ",".join([run, *[other for other in others if other != run][:1]])
    return {"compare": f"runs={both}", "replay": f"replay={run}"}.get(name, f"run={run}")


def pictures(browser: Browser, address: str, run: str, asked: argparse.Namespace) -> int:
    """Goes through all pages in all manners asked for; returns how many lines it printed."""
    told: dict[tuple[str, str], list[str]] = {}
    for size, scheme, language in product(asked.sizes, asked.schemes, asked.languages):
        large = size == LARGE
        width, height, ratio = SIZES["1280x720" if large else size]
        context: dict[str, Any] = {"viewport": {"width": width, "height": height}}
        context |= {
            "color_scheme": scheme,
            "device_scale_factor": ratio,
            "reduced_motion": "reduce",
        }
        visitor = browser.new_context(**context)
        if large:
            visitor.add_cookies([{"name": "sslviz_large", "value": "1", "url": address}])
        page = visitor.new_page()
        for name in asked.pages:
            path = "" if name == "home" else name
            page.goto(f"{address}/{path}?lang={language}&{shown(name, asked.runs, run)}")
            page.locator(".st-key-frame-right").wait_for(timeout=120_000)
            expect(page.locator(WAITING)).to_have_count(0, timeout=120_000)
            page.wait_for_timeout(asked.settle)
            file = asked.out / f"{name}-{size}-{scheme}-{language}.png"
            for what, where in looked_at(page, 20 if large else 12, file):
                told.setdefault((name, f"{what}: {where}"), []).append(file.stem.partition("-")[2])
        visitor.close()
    for (name, words), places in told.items():
        print(f"{name}: {words}  [{len(set(places))}: {places[0]}]")
    return len(told)


def main() -> int:
    parser = argparse.ArgumentParser(description="How every page looks, and what is wrong.")
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--run", default="")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pages", nargs="*", default=PAGES, choices=PAGES)
    parser.add_argument("--sizes", nargs="*", default=[*SIZES, LARGE], choices=[*SIZES, LARGE])
    parser.add_argument("--schemes", nargs="*", default=["light", "dark"])
    parser.add_argument("--languages", nargs="*", default=["en", "ko"])
    parser.add_argument(
        "--settle", type=int, default=2500, help="milliseconds for a page to come to rest"
    )
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    run = asked.run or max(path.parent.name for path in asked.runs.glob("2*/config.json"))
    with (
        tempfile.TemporaryDirectory() as folder,
        served(ROOT / "app.py", Path(folder), {"SSLVIZ_RUNS": str(asked.runs)}) as address,
        chromium() as browser,
    ):
        wrong = pictures(browser, address, run, asked)
    print(f"{wrong} kinds of fault; the pictures lie in {asked.out}")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())

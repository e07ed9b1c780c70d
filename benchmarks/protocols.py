"""The first minutes as a visitor has them, in headless Chromium, with the clicks counted.

    python benchmarks/protocols.py [--only shortcut change images] [--manner mouse korean keys]

Three things a visitor must be able to do without help, at 1280x720: see the colour shortcut and
find both runs again; change a run while it trains, pause it, reload and find the change; upload own
images, train on them and read the verdict. `korean`: the same in Korean; `keys`: by keyboard
alone, where every key but Tab is counted as a click. Each ends by reading what it came for from the
page, and fails where that is not there. Needs playwright and a Chromium (CHROMIUM, else
/usr/bin/chromium).
"""

import argparse
import io
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from canvas import chromium, served  # noqa: E402
from playwright.sync_api import FilePayload, Page, expect  # noqa: E402
from visitor import SLOW, Visitor  # noqa: E402

from sslviz.presets.catalogue import PRESETS  # noqa: E402
from sslviz.ui.panels.collapse import reasons  # noqa: E402
from sslviz.ui.text import speaking  # noqa: E402

expect.set_options(timeout=SLOW)


def shortcut(visitor: Visitor) -> list[str]:
    """The usual run and one with crops alone, both found again by their names on Home."""
    page, say = visitor.page, visitor.say
    visitor.go_home()
    visitor.press(visitor.button("Start training"))
    page.locator(".embedding canvas[data-step]").wait_for()
    visitor.press(page.locator(".st-key-frame-pages").get_by_role("link", name=say("Train live")))
    first = run_of(page, "")
    visitor.choose("Start from", "Colour shortcut")
    description = PRESETS["colour_shortcut"].description
    expect(page.locator(".st-key-recipe")).to_contain_text(say(description))
    visitor.press(page.locator(".st-key-recipe-start button"))
    second = run_of(page, first)
    page.locator(".embedding canvas[data-step]").wait_for()
    visitor.press(page.locator(".st-key-frame-pages").get_by_role("link", name=say("Home")))
    rows = [page.locator(f".st-key-recent-{run}").get_by_role("link") for run in (first, second)]
    names = [row.inner_text().strip() for row in rows]
    assert len(set(names)) == 2, names
    return names


def run_of(page: Page, but: str) -> str:
    """The run in the address, once it is another than `but`."""
    asked = """(but) => {
        const run = new URL(location).searchParams.get("run");
        return run !== but && run;
    }"""
    return page.wait_for_function(asked, arg=but).json_value()


def change(visitor: Visitor) -> list[str]:
    """A change cut live, paused, reloaded, and found again: on the curves and in the settings."""
    page, say = visitor.page, visitor.say
    page.goto(f"{visitor.address}/train_live?lang={visitor.language}")
    visitor.press(page.locator(".st-key-recipe-start button"))
    run_of(page, "")
    page.locator(".embedding canvas[data-step]").wait_for()
    visitor.press(visitor.button("Change while it trains"))
    slider = page.locator("[data-testid=stPopoverBody] [data-testid=stSlider] input").first
    if visitor.by_keys:
        visitor.reach(slider)
    else:
        slider.focus()
    visitor.key("ArrowRight")
    expect(page.get_by_test_id("stPopoverBody")).to_contain_text("→")
    told = page.get_by_test_id("stPopoverBody").get_by_test_id("stCaptionContainer")
    made = told.filter(has_text="→").first.inner_text()
    page.keyboard.press("Escape")
    visitor.press(visitor.button("Pause"))
    expect(page.locator(".status .state strong")).to_have_text(say("Paused"))
    expect(page.locator(".embedding .note")).to_contain_text(
        say("paused: it stands still until Resume")
    )
    page.reload()
    expect(page.locator(".status .state strong")).to_have_text(say("Paused"))
    expect(page.locator(".st-key-live-loss .happening.set")).to_have_count(1)
    visitor.press(visitor.button("Settings of this run"))
    expect(page.get_by_test_id("stPopoverBody").last).to_contain_text(made)
    page.keyboard.press("Escape")
    visitor.press(visitor.button("Stop"))
    return [made]


def images(visitor: Visitor) -> list[str]:
    """Own images: counted before pressing, trained on, and judged with what they can show."""
    page = visitor.page
    page.goto(f"{visitor.address}/train_live?lang={visitor.language}")
    visitor.choose("Data", "Upload a zip…")
    upload = page.get_by_test_id("stFileUploader")
    if visitor.by_keys:
        visitor.reach(upload.get_by_test_id("stBaseButton-secondary"))
    file: FilePayload = {
        "name": "animals.zip",
        "mimeType": "application/zip",
        "buffer": zipped(),
    }
    upload.locator("input[type=file]").set_input_files(file)
    visitor.clicks += 2  # the button, and the file in the system's own window
    counted = page.locator(".own-samples")
    counted.wait_for()
    said = page.locator(".st-key-recipe").get_by_test_id("stCaptionContainer")
    before = [text for text in said.all_inner_texts() if "120" in text or "±" in text]
    visitor.press(page.locator(".st-key-recipe-start button"))
    run_of(page, "")
    verdict = page.locator(".collapse .verdict")
    expect(verdict).to_contain_text(too_few(visitor.language))
    judged = verdict.inner_text().replace("\n", ": ")
    assert len(before) >= 2, before
    return [*before, judged]


def too_few(language: str) -> str:
    """The reason that a verdict gives where there are too few images to tell."""
    with speaking(language):
        return reasons()["too_few"]


def zipped() -> bytes:
    """A zip of 120 noisy pictures in three classes: too few to say much."""
    draws, body = np.random.default_rng(0), io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for i in range(120):
            pixels = draws.integers(0, 90, (48, 48, 3), dtype=np.uint8)
            pixels[..., i % 3] += 120
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "PNG")
            archive.writestr(f"animals/{('cat', 'dog', 'owl')[i % 3]}/{i}.png", file.getvalue())
    return body.getvalue()


PROTOCOLS: dict[str, Callable[[Visitor], list[str]]] = {
    "shortcut": shortcut,
    "change": change,
    "images": images,
}
MANNERS = {"mouse": ("en", False), "korean": ("ko", False), "keys": ("en", True)}


def main() -> int:
    parser = argparse.ArgumentParser(description="The first minutes, with the clicks counted.")
    parser.add_argument("--only", nargs="*", default=list(PROTOCOLS), choices=PROTOCOLS)
    parser.add_argument("--manner", nargs="*", default=list(MANNERS), choices=MANNERS)
    asked = parser.parse_args()
    failed = 0
    for manner in asked.manner:
        language, by_keys = MANNERS[manner]
        for name in asked.only:
            with (
                tempfile.TemporaryDirectory() as folder,
                served(ROOT / "app.py", Path(folder), {"SSLVIZ_RUNS": f"{folder}/runs"}) as address,
                chromium() as browser,
            ):
                page = browser.new_page(viewport={"width": 1280, "height": 720})
                visitor = Visitor(page, address, language, by_keys)
                try:
                    found = PROTOCOLS[name](visitor)
                    tabs = f" and {visitor.tabs} Tabs" if by_keys else ""
                    print(f"{name}, {manner}: {visitor.clicks} clicks{tabs}; {' | '.join(found)}")
                except Exception as error:
                    failed += 1
                    page.screenshot(path=f"protocol-{name}-{manner}.png")
                    print(f"{name}, {manner}: FAILED after {visitor.clicks} clicks: {error}")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())

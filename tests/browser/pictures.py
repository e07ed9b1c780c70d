"""Takes the README's pictures of a running app: `tests/browser/pictures.py ADDRESS RUN`, and with
the run's FOLDER behind them its film."""

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from sslviz.export.arrays import Recorded
from sslviz.export.film import Film, frames
from sslviz.ui.theme import drawn_with

PICTURES = Path(__file__).parents[2] / "assets" / "pictures"


def film(folder: Path) -> None:
    """A small one: 600 x 400 pixels, three frames from each snapshot to the next."""
    drawn = frames(Recorded(folder), drawn_with("light"), Film(tween=3, hold=12))
    small = [frame.resize((600, 400), Image.Resampling.LANCZOS) for frame in drawn]
    how = {"save_all": True, "duration": 110, "loop": 0, "quality": 55, "method": 4}
    small[0].save(PICTURES / "learning.webp", append_images=small[1:], **how)


address, run = sys.argv[1:3]
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
    )
    page = browser.new_page(viewport={"width": 1400, "height": 900}, color_scheme="light")
    for name, place in (
        ("train_live", f"train_live?lang=en&run={run}"),
        ("augmentations", "augmentations?lang=en"),
    ):
        page.goto(f"{address}/{place}")
        page.wait_for_timeout(9000)
        page.screenshot(path=PICTURES / f"{name}.png")
    browser.close()
for folder in map(Path, sys.argv[3:4]):
    film(folder)

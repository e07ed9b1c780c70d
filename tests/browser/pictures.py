"""Takes the README's pictures of a running app: `tests/browser/pictures.py ADDRESS RUN`, and with
the run's FOLDER behind them its film."""

import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from sslviz.export.arrays import Recorded
from sslviz.export.film import Film, Scene, frames
from sslviz.ui.replay.film_words import film_words
from sslviz.ui.theme import drawn_with

PICTURES = Path(__file__).parents[2] / "assets" / "pictures"


def film(folder: Path) -> None:
    """A small one of the whole view: two frames from each snapshot to the next."""
    whole = Film(whole=True, tween=2, hold=10)
    scene = Scene(Recorded(folder), drawn_with("light"), film_words(folder, "en"), whole)
    small = [frame.resize((800, 450), Image.Resampling.LANCZOS) for frame in frames(scene)]
    how = {"save_all": True, "duration": 140, "loop": 0, "quality": 60, "method": 4}
    how |= {"kmin": 100, "kmax": 200}  # each frame holds only what has changed
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

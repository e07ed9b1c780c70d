"""Takes the README's pictures of a running app: `tests/browser/pictures.py ADDRESS RUN`."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).parents[2] / "assets" / "pictures"

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

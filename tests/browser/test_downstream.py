"""Evaluate in a real browser: an empty machine, then a run measured by one press."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402

from sslviz.config import RunConfig  # noqa: E402
from sslviz.runs.store import create_run  # noqa: E402

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
SLOW = 120_000
TINY = {"steps": 2, "batch_size": 16, "train_images": 96, "image_size": 16, "device": "cpu"}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        + ["--server.headless", "true", "--server.fileWatcherType", "none"],
        cwd=ROOT,
        env={**os.environ, "SSLVIZ_RUNS": str(tmp_path), "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(120):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2)
            break
        except OSError:
            time.sleep(0.25)
    yield address
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(20)


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 1280, "height": 720}, locale="en-US")
        browser.close()


def test_a_press_measures_a_run(page: Page, server: str, tmp_path: Path) -> None:
    from sslviz.training.worker import run

    page.goto(f"{server}/evaluate?lang=en")
    expect(page.get_by_text("Nothing to evaluate yet")).to_be_visible(timeout=SLOW)
    folder = create_run(RunConfig().with_settings(TINY), tmp_path)
    assert run(folder) == 0
    page.goto(f"{server}/evaluate?lang=en&runs={folder.name}&protocol=knn")
    expect(page.get_by_text("No result yet")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="From scratch").click()
    page.get_by_role("button", name="Evaluate", exact=True).click()
    tabs = page.get_by_role("tab")
    expect(tabs.first).to_be_visible(timeout=SLOW)
    panel = page.get_by_role("tabpanel").first
    expect(panel).to_contain_text("SimCLR · shapes · step 2", timeout=SLOW)
    expect(panel).to_contain_text("Random encoder (tiny) · shapes", timeout=SLOW)
    tabs.filter(has_text="Mistakes").click()
    expect(page.locator(".mistakes figure").first).to_contain_text("→")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert not [f for f in folder.glob("evaluations/*") if "scratch" in f.name]

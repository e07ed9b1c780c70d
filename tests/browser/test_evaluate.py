"""Evaluate in a real browser: an empty machine, then a run measured by one press."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sslviz.config import RunConfig
from sslviz.runs.store import create_run
from tests.browser.conftest import app

SLOW = 120_000
TINY = {"steps": 2, "batch_size": 16, "train_images": 96, "image_size": 16, "device": "cpu"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with app(tmp_path) as address:
        yield address


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
    expect(panel).to_contain_text("SimCLR · views: SimSiam (CIFAR-10)", timeout=SLOW)
    expect(panel).to_contain_text("Random encoder (tiny) · shapes", timeout=SLOW)
    tabs.filter(has_text="Mistakes").click()
    expect(page.locator(".mistakes figure").first).to_contain_text("→")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert not [f for f in folder.glob("evaluations/*") if "scratch" in f.name]

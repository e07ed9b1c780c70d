"""Ablations in a real browser: a paired copy beside its run, a sweep from the press to its CSV."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from sslviz.config import RunConfig
from sslviz.runs import launch
from sslviz.runs.store import list_runs, read_status
from sslviz.sweeps.folder import list_sweeps
from sslviz.sweeps.table import read_table
from sslviz.ui.recipe.draft import Draft
from tests.waiting import until

ROOT = Path(__file__).parents[2]
SLOW = 120_000
TINY = {"batch_size": 16, "train_images": 96, "image_size": 16, "device": "cpu", "probes": 200}


def test_a_copy_is_called_paired_once_it_is(page: Page, server: str, runs: Path) -> None:
    before = len(list_runs(runs))
    first = launch.start(RunConfig().with_settings(TINY | {"steps": 5}), runs)
    page.goto(f"{server}/train_live?lang=en&run={first.name}")
    until(lambda: read_status(first)["state"] == "finished")
    menu = page.locator(".st-key-live\\.paired, .st-key-live-paired").get_by_role("button").first
    menu.click(timeout=SLOW)
    tau = page.get_by_test_id("stPopoverBody").get_by_role("slider")
    expect(tau).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Start beside this run")).to_be_disabled()
    tau.focus()
    tau.press("ArrowRight")
    start = page.get_by_role("button", name="Start beside this run")
    expect(start).to_be_enabled(timeout=SLOW)
    start.click()
    until(lambda: len(list_runs(runs)) == before + 2)
    (copy,) = [run for run in list_runs(runs) if run["paired_with"]]
    assert copy["paired_with"] == first.name
    expect(page.get_by_text("Paired: Temperature tau").first).to_be_visible(timeout=SLOW)
    assert f"against={copy['id']}" in page.url

    way = page.get_by_test_id("stPopoverBody").get_by_role("link", name="Compare side by side")
    if not way.is_visible():
        menu.click(timeout=SLOW)
    way.click(timeout=SLOW)
    page.wait_for_url(re.compile(f"compare.*{first.name}(,|%2C){copy['id']}"), timeout=SLOW)
    maps = page.locator("canvas.overlay")
    expect(maps).to_have_count(2, timeout=SLOW)
    until(lambda: read_status(runs / copy["id"])["state"] == "finished")
    for i in range(2):
        expect(maps.nth(i)).to_have_attribute("data-step", "5", timeout=SLOW)
    expect(page.locator(".facts")).to_contain_text("A and B are paired", timeout=SLOW)
    maps.first.press("Home")
    for i in range(2):
        expect(maps.nth(i)).to_have_attribute("data-step", "0", timeout=SLOW)


def flattened(row: dict) -> dict:
    """A row of `sweep show --json` as one of the CSV."""
    facts = {name: value for name, value in row.items() if name not in ("axes", "metrics")}
    return facts | row["axes"] | row["metrics"]


def test_a_sweep_fills_its_cells_and_leads_to_its_runs(page: Page, server: str, runs: Path) -> None:
    recipe = Draft("", RunConfig().with_settings(TINY | {"steps": 2})).text()
    page.goto(f"{server}/ablations?lang=en&recipe={recipe}")
    expect(page.get_by_text("6 runs: 3 cells with 2 seeds each")).to_be_visible(timeout=SLOW)
    axes = page.get_by_role("combobox", name="Axes")
    axes.fill("Batch size")
    page.get_by_role("option", name="Batch size N").click()
    page.keyboard.press("Escape")  # an open menu hides everything else from roles
    values = page.get_by_role("textbox", name="Temperature tau")
    values.fill("0.1, 99")
    values.press("Enter")
    expect(page.get_by_text("must be a number from 0.02 to 2")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    values.fill("0.1, 0.5")
    values.press("Enter")
    sizes = page.get_by_role("textbox", name="Batch size N")
    sizes.fill("8, 16")
    sizes.press("Enter")
    expect(page.get_by_text("8 runs: 4 cells with 2 seeds each")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Start", exact=True).click()
    rows = page.locator(".ablation tbody tr")
    expect(rows.filter(has_text="Finished").first).to_be_visible(timeout=SLOW)
    expect(rows).to_have_count(8)
    until(lambda: {r.state for r in read_table(list_sweeps(runs)[0]).rows} == {"finished"})
    expect(page.get_by_text("8 of 8 runs").first).to_be_visible(timeout=SLOW)
    expect(rows.filter(has_text="Finished")).to_have_count(8, timeout=SLOW)
    expect(page.get_by_role("columnheader", name="Verdict")).to_be_visible(timeout=SLOW)

    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    text = Path(saved.value.path()).read_text()
    command = [sys.executable, "-m", "sslviz", "sweep", "show", list_sweeps(runs)[0].name]
    told = subprocess.run([*command, "--json", "--runs", str(runs)], capture_output=True, cwd=ROOT)
    rows_shown = [
        {name: str(value) for name, value in flat.items() if value is not None}
        for flat in map(flattened, json.loads(told.stdout)["rows"])
    ]
    saved_rows = csv.DictReader(io.StringIO(text))
    assert [{k: v for k, v in row.items() if v} for row in saved_rows] == rows_shown

    with page.expect_download() as picture:
        page.locator(".figure.picture").get_by_role("button", name="SVG").click()
    assert "<svg" in Path(picture.value.path()).read_text()[:500]

    page.get_by_role("searchbox").fill("0.5 8")
    expect(page.get_by_text(re.compile(r"^\d of 8 runs$")).last).to_be_visible()
    both = page.get_by_role("link", name="Compare these 2 runs")
    expect(both).to_have_attribute("href", re.compile(r"^compare\?lang=en&runs=[^,]+,[^,]+$"))
    page.get_by_role("button", name="Show all").click()
    expect(both).to_be_hidden()
    page.get_by_role("button", name="Seed", exact=True).click()
    expect(rows.first).to_contain_text("1")
    link = rows.first.get_by_role("link")
    name = link.get_attribute("href")
    link.click()
    page.wait_for_url(re.compile("train_live"), timeout=SLOW)
    assert name is not None and name.rpartition("run=")[2] in page.url
    expect(page.get_by_test_id("stException")).to_have_count(0)

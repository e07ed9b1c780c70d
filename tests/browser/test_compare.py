"""Compare in a real browser: recorded runs under one clock, whatever has become of each."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from recorded import N, made_run

from sslviz.config import RunConfig
from sslviz.refusal import say
from sslviz.runs.store import RunWriter, create_run


@pytest.fixture(scope="module")
def ids(runs: Path) -> dict[str, str]:
    """Two runs of the same images, one of others, one that failed before its first picture."""
    failed = RunWriter(create_run(RunConfig(), runs, "failed"))
    failed.status(state="failed", error=say("The loss stopped being a finite number."))
    failed.release()
    made = {
        "one": made_run(runs, "one"),
        "other": made_run(runs, "other", **{"method.tau": 0.4, "batch_size": 64}),
        "else": made_run(runs, "else", images=1, seed=8),
        "failed": failed.folder,
    }
    return {name: folder.name for name, folder in made.items()}


def test_all_maps_go_together_and_say_what_they_do_not_share(
    page: Page, server: str, ids: dict[str, str]
) -> None:
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{server}/compare?lang=en&runs={','.join(ids.values())}")
    maps = page.locator("canvas.overlay")
    expect(maps).to_have_count(4)
    for i in range(3):
        expect(maps.nth(i)).to_have_attribute("data-step", "40")
    expect(page.locator(".column").nth(3)).to_contain_text("The loss stopped being a finite number")
    expect(page.locator(".unlinked:visible")).to_have_count(1)
    expect(page.locator(".unlinked:visible")).to_contain_text("Other probe images than A")

    maps.first.focus()
    maps.first.press("ArrowLeft")
    for i in range(3):
        expect(maps.nth(i)).to_have_attribute("data-step", "20")
    clock = page.get_by_role("combobox", name="What the clock counts")
    clock.select_option("images")  # 20 steps of 256 images are 80 of 64: the last there is
    expect(maps.nth(1)).to_have_attribute("data-step", "40")
    expect(maps.first).to_have_attribute("data-step", "20")

    maps.first.focus()
    maps.first.press("ArrowDown")
    maps.first.press("n")
    for i, on in ((0, 11), (1, 11), (2, N)):
        expect(maps.nth(i)).to_have_attribute("data-on", str(on))
    maps.nth(1).focus()
    maps.nth(1).press("Escape")
    expect(maps.first).to_have_attribute("data-on", str(N))
    assert not troubles


def test_two_runs_are_picked_by_name_and_fit_one_screen(
    page: Page, server: str, ids: dict[str, str]
) -> None:
    page.goto(f"{server}/compare?lang=en")
    field = page.get_by_role("combobox", name="Runs to compare")
    for name in ("else", "other"):
        field.fill(name)
        page.get_by_role("option").filter(has_text=name).first.click()
    page.wait_for_url(re.compile(f"{ids['else']}(,|%2C){ids['other']}"))
    expect(page.locator("canvas.overlay")).to_have_count(2)
    facts = page.locator(".facts")
    expect(facts).to_contain_text("A and B are not a pair")
    expect(facts.get_by_role("row", name=re.compile("^Seed 8 7"))).to_be_visible()
    expect(page.locator(".under .head h3").first).to_have_text("kNN accuracy of h")
    overflow = page.get_by_test_id("stMain").evaluate("m => m.scrollHeight - m.clientHeight")
    assert overflow <= 0
    for name in ("Similarity", "Collapse", "More curves"):
        page.get_by_role("radio", name=name).click()
        expect(page.locator(".under .panel").first).to_be_visible()

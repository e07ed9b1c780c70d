"""A talk given from the app, with a slide that trains, and presenter mode on Train live."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from recorded import N, made_run

from sslviz.export.arrays import Recorded
from sslviz.export.formats import Wanted, made
from sslviz.feed.bundle import bundle
from tests.browser.conftest import lasso

SMALL = {"batch_size": 8, "train_images": 32, "steps": 3, "method.queue": 16}
TALK = """
title = {en = "A talk", ko = "발표"}
[[slides]]
title = {en = "First", ko = "처음"}
notes = {en = "Breathe.", ko = "숨을 쉽니다."}
[[slides]]
title = {en = "Then", ko = "다음"}
run = "shown"
panel = "loss"
live = true
"""


@pytest.fixture(scope="module")
def talk(talks: Path) -> str:
    """A talk whose slide trains what a small recorded run was trained with."""
    recorded = made_run(talks / "runs", **SMALL)
    (talks / "shown.sslviz").write_bytes(made(Recorded(recorded), "sslviz", Wanted({})))
    (talks / "own.toml").write_text(TALK, encoding="utf-8")
    return "own"


def begun(runs: Path) -> set[str]:
    return {path.parent.name for path in runs.glob("*/config.json")}


def test_a_slide_trains_when_it_comes_and_falls_back_until_then(
    page: Page, server: str, runs: Path, talk: str
):
    before = begun(runs)
    page.goto(f"{server}/sslviz/talks/{talk}?lang=en&theme=dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    title, foot = page.locator("h1"), page.locator(".recorded")
    expect(title).to_have_text("First")
    with page.expect_popup() as opening:
        page.keyboard.press("n")
    notes = opening.value
    expect(notes.locator("div.notes")).to_have_text("Breathe.")
    expect(notes.locator("p.next")).to_have_text("→ Then")
    notes.keyboard.press("PageDown")
    expect(title).to_have_text("Then")
    expect(foot).to_contain_text("live on CPU")
    expect(foot).to_contain_text("step 3 of 3, seed 7")
    assert len(begun(runs) - before) == 1
    page.bring_to_front()
    page.keyboard.press("PageUp")
    page.keyboard.press("PageDown")  # coming back starts nothing
    expect(foot).to_contain_text("live on CPU")
    assert len(begun(runs) - before) == 1


def test_train_live_presents_one_panel_at_a_time(page: Page, server: str, runs: Path):
    run = made_run(runs, "presented")
    page.goto(f"{server}/train_live?lang=en&run={run.name}&present=1")
    whole, caption = page.locator("html"), page.locator(".caption")
    expect(whole).to_have_attribute("data-present", "embedding")
    expect(caption).to_contain_text("step 40 of 40 · seed 7")
    canvas = page.locator("canvas.overlay")
    expect(canvas).to_have_attribute("data-step", "40")
    page.keyboard.press("PageUp")  # a clicker
    expect(canvas).to_have_attribute("data-step", "20")
    expect(caption).to_contain_text("step 20 of 40")
    page.keyboard.press("5")
    expect(whole).to_have_attribute("data-present", "knn")
    box = page.locator(".st-key-live-knn").bounding_box()
    assert box is not None and box["width"] > 1200 and box["height"] > 600
    title = page.locator(".st-key-live-knn h3")
    assert title.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)") >= 24
    page.keyboard.press("r")
    expect(page.locator("dialog pre")).to_contain_text("--method moco")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(whole).not_to_have_attribute("data-present", "knn")
    expect(page.get_by_text("Next run")).to_be_visible()
    page.locator('.st-key-recipe [data-testid="stSelectbox"] input').first.focus()
    page.keyboard.press("f")  # belongs to the field
    assert whole.get_attribute("data-present") is None
    assert "present=" not in page.url


def test_a_copied_view_opens_as_the_same_view(
    page: Page, browser: Browser, server: str, runs: Path
):
    run = made_run(runs, "copied")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/train_live?lang=en&run={run.name}")
    expect(page.locator("canvas.overlay")).to_have_attribute("data-step", "40")
    bar = page.locator(".embedding .bar").first
    bar.locator(".segment").nth(1).click()
    bar.get_by_label("Colour", exact=True).select_option("size")
    lasso(page, 0.5)
    tiles = page.locator(".embedding .strip .tiles canvas")
    expect(tiles.first).to_be_visible()
    chosen = tiles.count()
    assert 0 < chosen < N
    bar.get_by_label("Layout", exact=True).select_option("solid")
    page.locator("canvas.overlay").press("ArrowLeft")
    expect(page.locator("canvas.overlay")).to_have_attribute("data-step", "20")
    bar.locator(".link").click()
    expect(page.locator(".embedding .tip")).to_contain_text("copied")
    address = page.evaluate("() => navigator.clipboard.readText()")
    fresh = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-US")
    other = fresh.new_page()
    other.goto(address)
    expect(other.locator("canvas.overlay")).to_have_attribute("data-step", "20")
    again = other.locator(".embedding .bar").first
    expect(again.locator(".segment").nth(1)).to_have_attribute("aria-pressed", "true")
    expect(again.get_by_label("Colour", exact=True)).to_have_value("size")
    expect(again.get_by_label("Layout", exact=True)).to_have_value("solid")
    expect(other.locator(".embedding .strip .tiles canvas")).to_have_count(chosen)
    assert f"run={run.name}" in other.url
    expect(other.locator(".st-key-live-status")).to_contain_text("copied")
    fresh.close()


def test_the_menu_makes_a_film_of_the_whole_view(page: Page, server: str, runs: Path):
    run = made_run(runs, "filmed")
    page.goto(f"{server}/train_live?lang=en&run={run.name}")
    page.locator(".st-key-live-save button").first.click()
    body = page.get_by_test_id("stPopoverBody")
    save = body.get_by_role("button", name="Save (")
    size = save.get_by_text("Save (")  # without the icon, which comes later
    of_the_replay = size.inner_text()
    body.get_by_test_id("stSelectbox").first.click()
    page.get_by_role("option", name="Film (GIF)").click()
    expect(size).not_to_have_text(of_the_replay)
    of_the_map = size.inner_text()
    body.get_by_role("radio", name="Whole view").click()
    expect(size).not_to_have_text(of_the_map)
    with page.expect_download() as saving:
        save.click()
    film = Image.open(saving.value.path())
    assert (film.format, film.size) == ("GIF", (1280, 720))


def test_a_damaged_file_that_is_handed_in_is_one_sentence(page: Page, server: str, runs: Path):
    run = made_run(runs, "handed")
    damaged = bundle(run).replace(b'"finished"', b'"finishes"')
    page.goto(f"{server}/replay?lang=en")
    field = page.locator('input[type="file"]')
    field.set_input_files({"name": "a.sslviz", "mimeType": "text/plain", "buffer": damaged})
    words = "This replay is damaged: no run writes its status so."
    expect(page.get_by_text(words)).to_be_visible()
    assert page.locator('iframe[data-testid="stIFrame"]').count() == 0

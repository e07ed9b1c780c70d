"""Every page in a real browser by a cold deep link: title, language, no notice, no error, and
nothing asked of another machine."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sslviz.config import RunConfig
from sslviz.runs.store import RunWriter, create_run
from sslviz.ui.text import translate
from tests.browser.conftest import PAGES, at_rest, go_to

SLOW = 60_000


@pytest.fixture(scope="module")
def run(runs: Path) -> str:
    """A finished run that has no weights."""
    writer = RunWriter(create_run(RunConfig(steps=12), runs))
    writer.metrics({"step": 12, "loss": 1.0, "knn_h": 0.875, "snapshot": True})
    writer.status(state="finished", step=12)
    writer.release()
    return writer.folder.name


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("path", PAGES)
def test_cold_deep_link(page: Page, server: str, path: str, language: str) -> None:
    """The page is whole, says where it is, and fetches nothing from elsewhere."""
    errors: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server}/{path}?lang={language}")
    title = translate(PAGES[path], language)
    expect(page).to_have_title(f"{title} · sslviz", timeout=SLOW)
    here = page.locator(".st-key-frame-pages [aria-current=page]")
    expect(here).to_have_text(title.partition("(")[0])
    expect(page.get_by_test_id("stMainBlockContainer")).to_be_visible()
    at_rest(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert not errors
    assert not [url for url in asked if not url.startswith((server, "data:", "blob:"))]
    assert f"lang={language}" in page.url


def test_the_browsers_language_is_the_first_guess(browser: Browser, server: str) -> None:
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    page.goto(server)
    expect(page).to_have_title("홈 · sslviz", timeout=SLOW)
    context.close()


def test_the_language_stays_over_pages_and_reload(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("radio", name="한국어").or_(page.get_by_role("button", name="한국어")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("자기지도학습", timeout=SLOW)
    go_to(page, "augmentations", "ko")
    page.reload()
    expect(page).to_have_title("증강(augmentation) · sslviz", timeout=SLOW)


@pytest.mark.parametrize(
    ("width", "large"), [(1280, False), (853, False), (390, False), (390, True)]
)
def test_every_page_is_found_by_name_and_by_keyboard(
    browser: Browser, server: str, width: int, large: bool
) -> None:
    """Nothing of the line above the page is cut or English; Tab and Enter lead to the last page."""
    context = browser.new_context(viewport={"width": width, "height": 720}, locale="ko-KR")
    if large:
        context.add_cookies([{"name": "sslviz_large", "value": "1", "url": server}])
    page = context.new_page()
    page.goto(f"{server}/methods?lang=ko")
    line = page.locator(".st-key-frame-top")
    menu = line.get_by_role("button", name="페이지")
    expect(line.get_by_role("link", name="홈", exact=True)).to_be_visible(timeout=SLOW)
    expect(line.get_by_role("radio", name="English")).to_be_visible()
    for box in (
        line,
        line.get_by_role("radio", name="English"),
        line.get_by_text("실시간 학습").first,
    ):
        place = box.bounding_box()
        assert place and place["x"] >= 0 and place["x"] + place["width"] <= width
    names = page.locator(".st-key-frame-pages")
    if width < 1000:
        expect(names.get_by_role("link", name="발표")).to_be_hidden()
        menu.focus()
        page.keyboard.press("Enter")
        names = page.locator(".st-key-frame-names")
    shown = " ".join(names.all_inner_texts())
    assert all(translate(title, "ko").partition("(")[0] in shown for title in PAGES.values())
    assert not any(title in shown for title in PAGES.values())
    names.get_by_role("link", name="다시 보기").focus()
    page.keyboard.press("Tab")
    expect(names.get_by_role("link", name="발표")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/talk?lang=ko", timeout=SLOW)
    expect(page.locator(".st-key-frame-names")).to_be_hidden()
    context.close()


def test_home_lists_the_run_and_leads_to_it(page: Page, server: str, run: str) -> None:
    page.goto(server)
    row = page.locator(f".st-key-recent-{run}")
    expect(row).to_contain_text("kNN 88%", timeout=SLOW)
    expect(row).to_contain_text("12 / 12")
    row.get_by_role("link").click()
    page.wait_for_url(f"**run={run}**", timeout=SLOW)
    expect(page).to_have_title("Train live · sslviz", timeout=SLOW)


def test_a_term_is_explained_to_keyboard_and_finger_and_stays_in_sight(
    browser: Browser, server: str
) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{server}/?lang=en")
    terms, tip = page.locator("abbr[data-meaning]"), page.locator("body > .tip")
    terms.nth(1).wait_for(timeout=SLOW)
    page.wait_for_function(
        "performance.getEntriesByType('resource').some(r => /terms/.test(r.name))"
    )
    at_rest(page)  # else the list of runs may still push the words down
    terms.first.focus()
    expect(tip).to_have_text(terms.first.get_attribute("data-meaning") or "", timeout=SLOW)
    word, told = terms.first.bounding_box(), tip.bounding_box()
    assert word and told
    apart = told["y"] >= word["y"] + word["height"] or told["y"] + told["height"] <= word["y"]
    assert apart, "the tip covers what it explains"
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    terms.nth(1).tap()
    expect(tip).to_have_text(terms.nth(1).get_attribute("data-meaning") or "")
    context.close()


def test_colour_distortion_closes_the_shortcut(page: Page, server: str) -> None:
    page.goto(f"{server}/augmentations?lang=en")
    share = page.locator(".share b")
    share.wait_for(timeout=SLOW)
    before = int(share.inner_text().rstrip("%"))
    page.get_by_text("Colour distortion", exact=True).click()
    expect(share).not_to_have_text(f"{before}%", timeout=SLOW)
    assert int(share.inner_text().rstrip("%")) < before / 2


def test_pointing_at_a_view_tells_its_draws(page: Page, server: str) -> None:
    page.goto(f"{server}/augmentations?lang=en")
    tile = page.locator(".views .tile").first
    tile.wait_for(timeout=SLOW)
    tip = tile.locator(".tip")
    expect(tip).to_be_hidden()
    tile.hover()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Random resized crop")
    expect(tip).to_contain_text("area")


def test_a_bad_upload_is_one_sentence(page: Page, server: str) -> None:
    page.goto(f"{server}/augmentations?lang=en")
    page.get_by_text("Use your own image").click(timeout=SLOW)
    page.locator("input[type=file]").set_input_files(
        {"name": "cat.png", "mimeType": "image/png", "buffer": b"not an image"}
    )
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("This image cannot be used: it is not a", timeout=SLOW)
    expect(page.locator(".views .tile")).to_have_count(16)

"""A replay file in a real browser that is offline: opened from disk, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from recorded import HOSTILE, STEPS, N, made_run

from sslviz.runs.read import read_metrics
from sslviz.ui.replay.make import replay, replay_again, talk
from tests.browser.conftest import lasso

# pixels of a node's letters, in what is drawn larger than it is
ON_SCREEN = "(node) => parseFloat(getComputedStyle(node).fontSize) * (node.currentCSSZoom ?? 1)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator:
    """Opens a file from disk; in the end nothing has been asked for and nothing has failed."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-US")
    context.set_offline(True)
    page = context.new_page()
    asked, troubles = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: message.type == "error" and troubles.append(message.text))

    def open_file(body: bytes) -> Page:
        file = tmp_path / "run.html"
        file.write_bytes(body)
        page.goto(file.as_uri())
        return page

    open_file.troubles = troubles
    yield open_file
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []
    assert troubles == []
    context.close()


def knn(folder: Path, step: int) -> str:
    row = next(row for row in read_metrics(folder) if row["step"] == step)
    return f"h {round(100 * row['knn_h'])}%"


def hover_first_point(page: Page) -> None:
    """Goes over the picture until the card of an image opens."""
    box = page.locator("canvas.overlay").bounding_box()
    assert box is not None
    for y in range(20, int(box["height"]) - 20, 14):
        for x in range(10, int(box["width"]) - 150, 14):
            page.mouse.move(box["x"] + x, box["y"] + y)
            if page.locator(".embedding .tip .near").count():
                return
    raise AssertionError("no point answers the pointer")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_file_from_disk_shows_the_runs_own_numbers(opened, folder: Path, language: str):
    page = opened(replay([folder], language))
    canvas = page.locator("canvas.overlay")
    expect(canvas).to_have_attribute("data-step", "40")
    expect(page.locator("html")).to_have_attribute("lang", language)
    accuracy = page.locator("[data-panel=knn] .head .value.h")
    expect(accuracy).to_have_text(knn(folder, 40))
    page.keyboard.press("Home")
    expect(canvas).to_have_attribute("data-step", "0")
    expect(accuracy).to_have_text(knn(folder, 0))
    page.locator(".scrubber input[type=range]").evaluate(
        "(slider) => { slider.value = 2; slider.dispatchEvent(new Event('input')); }"
    )
    expect(canvas).to_have_attribute("data-step", str(STEPS[2]))
    expect(accuracy).to_have_text(knn(folder, STEPS[2]))
    hover_first_point(page)
    card = page.locator(".embedding .tip")
    expect(card.locator(".tiles canvas")).to_have_count(10)
    lasso(page)
    strip = page.locator(".embedding .strip")
    expect(strip).to_contain_text(f"{N} images" if language == "en" else f"{N}")
    expect(strip.locator(".tiles canvas")).to_have_count(N)


def test_names_are_text_and_only_the_page_itself_runs(opened, folder: Path):
    page = opened(replay_again(replay([folder], "en"), "en"))
    expect(page.locator(".embedding .legend")).to_contain_text(HOSTILE)
    assert page.locator("img").count() == 0 and page.title().endswith("sslviz")
    ran = page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); return window.ran ?? 'nothing'; }"
    )
    assert ran == "nothing"
    (said,) = opened.troubles
    assert "Content Security Policy" in said
    opened.troubles.clear()


def test_language_theme_lesson_and_one_panel_alone(opened, folder: Path):
    page = opened(replay([folder], "en"))
    expect(page.get_by_role("button", name="Recipe")).to_be_visible()
    before = page.locator("html").get_attribute("data-theme")
    page.keyboard.press("t")
    expect(page.locator("html")).not_to_have_attribute("data-theme", before or "")
    page.keyboard.press("k")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator("[data-panel=matrix] h3")).to_contain_text("유사도")
    page.locator("button.lesson").click()
    expect(page.locator("dialog math").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("dialog pre")).to_contain_text("python -m sslviz train --method moco")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("1")
    expect(page.locator("[data-panel=matrix]")).to_be_hidden()
    expect(page.locator("canvas.overlay")).to_be_visible()
    page.keyboard.press("0")
    expect(page.locator("[data-panel=matrix]")).to_be_visible()


def test_two_runs_share_one_clock(opened, folder: Path, tmp_path: Path):
    other = made_run(tmp_path / "runs", "other", seed=8)
    page = opened(replay([folder, other], "en"))
    canvases = page.locator("canvas.overlay")
    expect(canvases).to_have_count(2)
    expect(canvases.nth(1)).to_have_attribute("data-step", "40")
    page.keyboard.press("ArrowLeft")
    for i in range(2):
        expect(canvases.nth(i)).to_have_attribute("data-step", "20")
    expect(page.locator(".beside-run").first).to_contain_text("seed 8")


def test_a_talk_goes_on_by_clicker_in_both_languages(opened, folder: Path):
    file = folder.parent / "talk.toml"
    slide = '[[slides]]\ntitle = {en = "First", ko = "처음"}\n'
    panel = f'[[slides]]\ntitle = {{en = "Then", ko = "다음"}}\nrun = "{folder.name}"\nstep = 20\n'
    head = 'title = {en = "A talk", ko = "발표"}\n'
    file.write_text(head + slide + panel + 'panel = "knn"\n', encoding="utf-8")
    page = opened(talk(file, folder.parent, "en"))
    title = page.locator("h1")
    expect(title).to_have_text("First")
    size = title.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 24
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.keyboard.press("PageDown")
    expect(title).to_have_text("Then")
    for written in (".recorded", "[data-panel=knn] .head .value.h", "[data-panel=knn] svg text"):
        assert page.locator(written).first.evaluate(ON_SCREEN) >= 24, written
    expect(page.locator("[data-panel=knn] .head .value.h")).to_have_text(knn(folder, 20))
    expect(page.locator(".recorded")).to_contain_text("seed 7")
    page.keyboard.press("k")
    expect(title).to_have_text("다음")
    page.keyboard.press("1")
    expect(page.locator("canvas.overlay")).to_have_attribute("data-step", "20")
    expect(title).to_be_hidden()
    for written in (".bar select", ".legend button", ".scrubber .step", ".note"):
        assert page.locator(written).first.evaluate(ON_SCREEN) >= 24, written
    hover_first_point(page)
    expect(page.locator(".embedding .tip .tiles canvas")).to_have_count(10)
    lasso(page)
    expect(page.locator(".embedding .strip .tiles canvas")).to_have_count(N)
    page.keyboard.press(",")
    expect(page.locator("canvas.overlay")).to_have_attribute("data-step", "10")
    page.keyboard.press("b")
    expect(page.locator(".blank")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator(".blank")).to_have_count(0)
    page.keyboard.press("PageUp")
    expect(title).to_have_text("처음")
    page.emulate_media(color_scheme="dark")
    page.reload()
    expect(title).to_have_text("First")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_from_disk_too_the_speaker_has_notes_a_dot_and_one_panel(opened, folder: Path):
    page = opened(replay([folder], "en"))
    expect(page.locator("canvas.overlay")).to_have_attribute("data-step", "40")
    with page.expect_popup() as opening:
        page.keyboard.press("n")
    notes = opening.value
    expect(notes.locator("span.place")).to_have_text("40 / 40")
    notes.keyboard.press("ArrowLeft")  # the same keys there
    expect(notes.locator("span.place")).to_have_text("20 / 40")
    expect(page.locator("canvas.overlay")).to_have_attribute("data-step", "20")
    page.bring_to_front()
    page.keyboard.press("d")
    page.mouse.move(300, 200)
    dot = page.locator(".laser").bounding_box()
    assert dot is not None and (dot["x"], dot["y"]) == (291, 191)
    page.keyboard.press("f")
    expect(page.locator("body")).to_have_class("presenting only")
    expect(page.locator("[data-panel=matrix]")).to_be_hidden()
    recorded = page.locator(".recorded")
    assert recorded.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)") >= 24
    page.keyboard.press("f")
    expect(page.locator("[data-panel=matrix]")).to_be_visible()
    expect(page.locator(".laser")).to_have_count(0)

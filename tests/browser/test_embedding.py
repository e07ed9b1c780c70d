"""The embedding canvas in a real browser, behind a real server, on a run folder that grows."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from canvas import PAGE, opened, server  # noqa: E402
from made_run import MadeRun  # noqa: E402
from playwright.sync_api import Browser, Page, expect  # noqa: E402

from tests.browser.conftest import SLOW  # noqa: E402

POINTS = 240
OVERLAY = "canvas.overlay"
PIXELS = """
(canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const counts = {};
  for (let i = 0; i < data.length; i += 4) {
    const colour = [data[i], data[i + 1], data[i + 2]].join(",");
    counts[colour] = (counts[colour] ?? 0) + 1;
  }
  return counts;
}
"""
# the feed that the page's own panels read: its module is imported once for all of them
FEED = """
  import(performance.getEntriesByType("resource").map((entry) => entry.name)
    .find((name) => name.endsWith("/feed/feed.js")))
    .then(({ runFeed }) => runFeed(new URLSearchParams(location.search).get("run")))
"""
DISC, STAR = "0,114,178", "213,94,0"
SCRIPT = PAGE + '\nst.button("Again")\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedding")


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    with server(place, place / "runs", SCRIPT) as url:
        yield url


@pytest.fixture
def run(place: Path) -> MadeRun:
    made = MadeRun(place / "runs", POINTS)
    for step in (0, 300, 600):
        made.snapshot(step)
    return made


@pytest.fixture
def page(browser: Browser, address: str, run: MadeRun) -> Iterator[Page]:
    shown = opened(browser, address, run)
    shown.set_default_timeout(SLOW)
    shown.wait_for_function(f"{FEED}.then((feed) => feed.atlas('probe'))")
    yield shown
    shown.close()


def at_rest(page: Page, step: int) -> None:
    page.wait_for_selector(f"{OVERLAY}[data-step='{step}'][data-moving=false]", timeout=SLOW)


def pixels(page: Page) -> dict[str, int]:
    return page.locator("canvas.points").evaluate(PIXELS)


def arrays(run: MadeRun, step: int) -> dict[str, np.ndarray]:
    with np.load(run.folder / "snapshots" / f"{step:08d}.npz") as file:
        return dict(file)


def labels(run: MadeRun) -> np.ndarray:
    with np.load(run.folder / "images.npz") as file:
        return file["labels"]


def test_points_move_on_the_same_canvas_when_a_snapshot_is_written(page, run):
    canvas = page.query_selector("canvas.points")
    canvas.evaluate("(node) => { node.mark = 'the first one'; }")
    before = canvas.screenshot()
    run.snapshot(1000)
    at_rest(page, 1000)
    assert page.locator("canvas.points").evaluate("(node) => node.mark") == "the first one"
    assert canvas.screenshot() != before
    expect(page.locator(".scrubber .step")).to_have_text("step 1,000 / 1,000")


def test_between_two_snapshots_the_picture_goes_from_glance_to_glance(page, run):
    note = page.locator(".embedding .note")
    expect(note).to_contain_text("all points from this step")
    pictures = {page.locator("canvas.points").screenshot()}
    for turn in range(4):
        step = 640 + 20 * turn
        run.glance(step, turn)
        at_rest(page, step)
        oldest = 600 if turn < 3 else 640  # then every quarter has been looked at
        expect(note).to_contain_text(f"oldest point: {step - oldest} steps ago")
        pictures.add(page.locator("canvas.points").screenshot())
    assert len(pictures) == 5
    run.writer.status(next_look=40.2)
    expect(note).to_contain_text("next picture in about 4")
    run.writer.status(next_look=0.3)
    expect(note).to_contain_text("next picture within a second")
    page.locator(OVERLAY).focus()
    page.keyboard.press("ArrowLeft")
    at_rest(page, 680)
    expect(page.locator(".scrubber .step")).to_have_text("step 680 / 1,000 · training at 700")
    expect(page.locator(".embedding .said")).to_have_text("step 680 / 1,000 · training at 700")
    expect(note).to_contain_text("held here; Live follows the training")
    page.get_by_role("button", name="Live").click()
    (run.folder / "glances" / "00000700.npz").write_bytes(b"no glance")
    run.writer.metrics({"step": 700, "loss": 3.0})
    run.snapshot(720)
    at_rest(page, 720)
    expect(note).to_contain_text("all points from this step")


def test_a_rerun_of_the_page_keeps_the_canvas(page):
    page.locator("canvas.points").evaluate("(node) => { node.mark = 'kept'; }")
    page.get_by_role("button", name="Again").click()
    page.wait_for_timeout(1000)
    assert page.locator("canvas.points").evaluate("(node) => node.mark") == "kept"
    assert page.locator(OVERLAY).count() == 1


def test_hover_shows_the_image_with_its_true_neighbours(page, run):
    hovered = _hover_some_point(page)
    mine = arrays(run, 600)["neighbours_h"][hovered]
    same = int((labels(run)[mine] == labels(run)[hovered]).sum())
    name = json.loads(str(np.load(run.folder / "images.npz")["info"]))["class_names"]
    tooltip = page.locator(".embedding .tip")
    expect(tooltip).to_contain_text(name[labels(run)[hovered]])
    expect(tooltip).to_contain_text(f"{same} of its 10 nearest neighbours in h share its class")
    assert tooltip.locator("canvas").count() == 1 + 10
    page.mouse.move(2, 2)
    expect(tooltip).to_be_hidden()


def _hover_some_point(page: Page) -> int:
    box = page.locator(OVERLAY).bounding_box()
    for x in range(100, int(box["width"]) - 150, 12):
        page.mouse.move(box["x"] + x, box["y"] + box["height"] / 2)
        index = page.evaluate(f"{FEED}.then((feed) => feed.hover?.index ?? -1)")
        if index >= 0:
            return index
    raise AssertionError("no point could be hovered")


def test_the_legend_isolates_a_class_and_brings_all_back(page, run):
    assert pixels(page)[DISC] > 100
    star = page.locator(".legend button", has_text="star")
    star.click()
    stars = int((labels(run) == 3).sum())
    expect(page.locator(OVERLAY)).to_have_attribute("data-on", str(stars))
    page.wait_for_timeout(100)
    left = pixels(page)
    assert DISC not in left
    assert left[STAR] > 100
    star.click()
    expect(page.locator(OVERLAY)).to_have_attribute("data-on", str(POINTS))


def test_slider_and_keys_seek_and_live_comes_back(page, run):
    page.locator(OVERLAY).focus()
    page.keyboard.press("Home")
    at_rest(page, 0)
    page.keyboard.press("ArrowRight")
    at_rest(page, 300)
    expect(page.locator(".scrubber .step")).to_have_text("step 300 / 1,000 · training at 600")
    run.snapshot(700)
    page.wait_for_function(f"{FEED}.then((feed) => feed.snapshots.length === 4)")
    at_rest(page, 300)
    page.get_by_role("button", name="Live").click()
    at_rest(page, 700)


def test_lasso_shows_the_images_inside_it(page, run):
    page.get_by_role("button", name="Lasso").click()
    box = page.locator(OVERLAY).bounding_box()
    left, top = box["x"] + 3, box["y"] + 3
    right, bottom = left + box["width"] - 150, top + box["height"] - 8
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom)):
        page.mouse.move(x, y)
    page.mouse.up()
    strip = page.locator(".strip")
    expect(strip).to_contain_text(f"{POINTS} images")
    expect(strip).to_contain_text(f"{(labels(run) == 3).sum()} star")
    page.keyboard.press("Escape")
    expect(strip).to_be_hidden()


def test_the_reading_says_what_the_neighbours_say(page, run):
    near = arrays(run, 600)["neighbours_h"]
    share = 100 * (labels(run)[near] == labels(run)[:, None]).mean()
    told = page.locator(OVERLAY).get_attribute("aria-label")
    assert f"Map of {POINTS} images" in told
    assert f"step 600: {share:.0f}%" in told


def test_sphere_shows_z_and_h_leaves_it(page):
    page.get_by_label("Layout", exact=True).select_option("sphere")
    z = page.locator(".segment").nth(1)
    expect(z).to_have_attribute("aria-pressed", "true")
    page.locator(".segment").nth(0).click()
    expect(page.get_by_label("Layout", exact=True)).to_have_value("flat")


def test_hue_factors_are_painted_with_their_true_hue(page, run):
    page.get_by_label("Colour", exact=True).select_option("bg_hue")
    page.wait_for_timeout(300)
    assert DISC not in pixels(page)
    reds = [k for k in pixels(page) if _hue(k) is not None and _hue(k) < 0.02]
    assert reds, "hues near 0 must be red"
    expect(page.locator(".legend")).to_contain_text("background hue")


def _hue(pixel: str) -> float | None:
    red, green, blue = (int(part) / 255 for part in pixel.split(","))
    top, low = max(red, green, blue), min(red, green, blue)
    if top - low < 0.6 or red < top:
        return None
    return ((green - blue) / (top - low)) / 6 % 1


def test_waits_for_the_first_snapshot(browser, address, place):
    run = MadeRun(place / "runs", 40)
    page = browser.new_page()
    page.goto(f"{address}/?run={run.folder.name}")
    expect(page.locator(".empty")).to_have_text("Waiting for the first snapshot")
    run.snapshot(0)
    at_rest(page, 0)
    expect(page.locator(".empty")).to_be_hidden()
    page.close()


def test_reduced_motion_jumps(browser, address, run):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{address}/?run={run.folder.name}")
    at_rest(page, 600)
    page.locator(OVERLAY).evaluate(
        """(node) => {
          window.moved = [];
          const note = () => window.moved.push(node.dataset.moving);
          new MutationObserver(note).observe(node, { attributeFilter: ["data-moving"] });
        }"""
    )
    run.snapshot(900)
    at_rest(page, 900)
    assert "true" not in page.evaluate("window.moved")
    context.close()

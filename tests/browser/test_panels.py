"""The live panels in a real browser, over the real routes, reading a run folder that grows."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from panels_stage import N, Trained, serving
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import SLOW


@pytest.fixture(scope="module")
def server(tmp_path_factory, runs):
    with serving(tmp_path_factory.mktemp("app"), runs) as address:
        yield address


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1000, "height": 1500}, locale="en-US")
    context.set_default_timeout(SLOW)
    yield context
    context.close()


@pytest.fixture
def run(runs):
    trained = Trained(runs)
    trained.until(0, spread=0.2, verdict="starting", reason="too_early")
    trained.until(20, spread=0.5)
    yield trained
    trained.writer.status(state="finished")
    trained.writer.release()


@pytest.fixture
def page(window: BrowserContext, server: str, run: Trained):
    page = window.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server}/?run={run.folder.name}")
    expect(page.locator(".matrix .note")).to_have_text("step 20")
    expect(page.locator(".curves .main-svg").first).to_be_visible()
    yield page
    page.close()
    assert errors == []


def test_plots_are_tables_by_keyboard_and_give_the_focus_back(page: Page):
    button = page.get_by_role("button", name="As a table: kNN accuracy")
    button.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("dialog", name="kNN accuracy")
    expect(table).to_be_focused()
    expect(table.locator("caption")).to_contain_text("chance 50%")
    expect(table.get_by_role("row")).to_have_text(["stephz", "050%50%", "2052%52%"])
    page.keyboard.press("Escape")
    expect(table).to_be_hidden()
    expect(button).to_be_focused()
    page.get_by_role("button", name="As a table: Pair cosines").press("Enter")
    bins = page.get_by_role("dialog", name="Pair cosines").get_by_role("row")
    expect(bins).to_have_count(3)
    expect(bins.last).to_have_text("0.98 … 1.00100.0%0.0%")


def test_the_matrix_is_read_by_keys(page: Page):
    page.locator(".matrix .body > canvas").focus()
    said = page.locator(".matrix .said")
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("view 1 of image 2. view 1 of image 1. Negative pair.")
    page.keyboard.press("p")
    expect(said).to_contain_text("view 1 of image 2. view 2 of image 2. Positive pair.")
    page.keyboard.press("End")
    expect(said).to_contain_text(f"view 2 of image {N}.")


def cell(page: Page, row: int, column: int) -> tuple[int, ...]:
    """Red, green, blue at the middle of a cell of the matrix."""
    return tuple(
        page.locator(".matrix .body > canvas").evaluate(
            """(canvas, [row, column, size]) => {
                const [x, y] = [column, row].map((at) => ((at + 0.5) * canvas.width) / size);
                return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)];
            }""",
            [row, column, 2 * N],
        )
    )


def loss_plot(page: Page) -> Locator:
    return page.locator(".curves .graph").first


def shown_range(plot: Locator) -> list[float]:
    return plot.evaluate("(graph) => [...graph._fullLayout.xaxis.range]")


def newest_point(plot: Locator) -> float:
    return plot.evaluate("(graph) => graph.data[0].x.at(-1)")


def test_a_new_snapshot_recolours_negatives_and_leaves_positives(page: Page, run: Trained):
    negative, positive = cell(page, 0, 1), cell(page, 0, N)
    assert positive[0] > positive[2], "a positive pair of cosine 1 is orange"
    run.until(40, spread=1.0)
    expect(page.locator(".matrix .note")).to_have_text("step 40")
    page.wait_for_timeout(600)
    assert cell(page, 0, N) == positive
    assert cell(page, 0, 1) != negative
    assert max(cell(page, 0, 1)) - min(cell(page, 0, 1)) < 12, "cosine 0 is neutral"


def test_interleaving_puts_the_two_views_of_an_image_side_by_side(page: Page):
    assert cell(page, 0, 1) != cell(page, 0, N)
    positive = cell(page, 0, N)
    page.get_by_role("radio", name="Interleaved").click()
    page.wait_for_timeout(100)
    assert cell(page, 0, 1) == positive
    assert cell(page, 0, N) != positive


def test_hover_tells_pair_cosine_and_softmax_weight(page: Page):
    box = page.locator(".matrix .body > canvas").bounding_box()
    assert box is not None
    side = box["width"] / (2 * N)
    page.mouse.move(box["x"] + (N + 2.5) * side, box["y"] + 2.5 * side)
    tip = page.locator(".matrix .tip")
    expect(tip).to_contain_text("Positive pair")
    expect(tip.locator("canvas")).to_have_count(2)
    negatives = (2 * N - 2) * np.exp((0.5 - 1) / 0.5)
    weight = 100 / (1 + negatives)
    said = re.search(r"weight ([\d.]+)%", tip.inner_text())
    assert said is not None and float(said[1]) == pytest.approx(weight, abs=0.2)


def test_peeking_at_labels_says_so(page: Page):
    badge = page.get_by_text("Labels shown for display only")
    expect(badge).to_be_hidden()
    page.get_by_text("Peek at labels").click()
    expect(badge).to_be_visible()


def test_the_verdict_is_in_words_and_follows_the_run(page: Page, run: Trained):
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("No collapse")
    expect(verdict).to_contain_text("no better than chance")
    run.until(40, spread=0.01, verdict="complete", reason="one_point")
    expect(verdict).to_contain_text("Complete collapse")
    expect(verdict).to_contain_text("Every image gets the same embedding.")


def test_a_plot_keeps_its_node_and_its_zoom_while_rows_arrive(page: Page, run: Trained):
    plot = loss_plot(page)
    plot.evaluate("(graph) => (graph.mark = 'mine')")
    box = plot.locator(".nsewdrag").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.25 * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], y, steps=5)
    page.mouse.up()
    zoomed = shown_range(plot)
    assert 3 < zoomed[0] < 8 and 12 < zoomed[1] < 18
    run.until(60, spread=0.6)
    expect(page.locator(".matrix .note")).to_have_text("step 60")
    page.wait_for_function("(graph) => graph.data[0].x.at(-1) === 60", arg=plot.element_handle())
    assert plot.evaluate("(graph) => graph.mark") == "mine"
    assert shown_range(plot) == zoomed
    page.get_by_label("Something that reruns the page").fill("x")
    page.get_by_label("Something that reruns the page").press("Enter")
    page.wait_for_timeout(1500)
    assert loss_plot(page).evaluate("(graph) => graph.mark") == "mine"
    assert shown_range(plot) == zoomed


def test_a_page_opened_before_the_first_step_fills_itself(
    window: BrowserContext, server: str, runs: Path
):
    early = Trained(runs)
    page = window.new_page()
    page.goto(f"{server}/?run={early.folder.name}")
    expect(page.get_by_text("Waiting for the first step").first).to_be_visible()
    expect(page.get_by_text("Peek at labels")).to_be_hidden()
    early.until(0, spread=0.2, verdict="starting", reason="too_early")
    early.until(20, spread=0.5)
    accuracy = page.locator(".curves").nth(1)
    expect(accuracy.locator(".annotation-text", has_text="chance")).to_be_visible()
    expect(page.get_by_text("Peek at labels")).to_be_visible()
    expect(page.get_by_text("Waiting for the first step").first).to_be_hidden()
    page.close()
    early.writer.release()


def test_a_click_on_a_curve_shows_that_step_in_all_panels(page: Page, run: Trained):
    run.until(40, spread=0.8)
    expect(page.locator(".matrix .note")).to_have_text("step 40")
    page.wait_for_function(
        "(graph) => graph.data[0].x.at(-1) === 40", arg=loss_plot(page).element_handle()
    )
    at = loss_plot(page).evaluate(
        """(graph) => {
            const { xaxis, yaxis } = graph._fullLayout;
            const i = graph.data[0].x.indexOf(24);
            return [xaxis.l2p(24), yaxis.l2p(graph.data[0].y[i])];
        }"""
    )
    loss_plot(page).locator(".nsewdrag").click(position={"x": at[0], "y": at[1]})
    expect(page.locator(".matrix .note")).to_have_text("step 20")
    expect(page.locator(".collapse .note")).to_have_text("step 20")
    expect(page.locator(".curves").nth(1)).to_contain_text("h 52%")


def test_a_changed_knob_is_drawn_where_it_was_changed(page: Page, run: Trained):
    run.writer.event("set", 22, knob="method.tau", old=0.5, new=0.1)
    run.until(40, spread=0.6)
    expect(loss_plot(page).locator(".annotation-text", has_text="0.5 → 0.1")).to_be_visible()
    lines = loss_plot(page).evaluate("(graph) => graph.layout.shapes.filter((s) => s.x0 === 22)")
    assert len(lines) == 1


def test_what_happened_is_marked_on_every_axis_of_steps(page: Page, run: Trained):
    run.writer.event("start", 0)
    run.writer.event("pause", 22)
    run.writer.event("error", 26, message="method.tau is too hot.")
    run.writer.event("verdict", 30, old="healthy", new="complete", reason="one_point")
    run.until(40, spread=0.6)
    plots = page.locator(".curves")
    expect(plots).to_have_count(3)
    for plot in plots.all():
        expect(plot.locator(".happening:visible")).to_have_count(3)
    plots.first.locator(".happening.pause").hover()
    expect(plots.first.locator(".tip")).to_have_text("Step 22: paused")
    plots.nth(1).locator(".happening.error").focus()
    expect(plots.nth(1).locator(".tip")).to_have_text("Step 26: method.tau is too hot.")
    page.keyboard.press("Escape")
    expect(plots.nth(1).locator(".tip")).to_have_count(0)
    said = plots.nth(2).locator(".happening.verdict").get_attribute("aria-label")
    words = "Step 30: No collapse → Complete collapse. Every image gets the same embedding."
    assert said == words
    left = [plots.first.locator(f".happening.{kind}").bounding_box() for kind in ("pause", "error")]
    assert left[0] and left[1] and left[0]["x"] < left[1]["x"]


def test_the_terms_of_a_loss_are_drawn_below_it_with_their_names(page: Page, run: Trained):
    run.more = {"term_variance": 0.5, "term_covariance": 40.0, "lr": 0.125}
    run.until(60, spread=0.6)
    plot = loss_plot(page)
    expect(plot.locator(".annotation-text", has_text="variance 0.5").first).to_be_visible()
    expect(plot.locator(".annotation-text", has_text="covariance 40")).to_be_visible()
    axes = plot.evaluate("(graph) => graph.data.map((line) => line.yaxis ?? 'y')")
    assert axes == ["y", "y2", "y3"]
    parts = plot.evaluate(
        "({ _fullLayout: l }) => [l.yaxis.domain, l.yaxis2.domain, l.yaxis3.domain]"
    )
    assert parts[1] == parts[2] and parts[1][1] < parts[0][0]
    assert plot.evaluate("(graph) => graph.data[0].customdata.at(-1)") == 0.125


def test_the_histogram_is_read_with_its_means(page: Page):
    reading = page.locator(".histogram > svg").get_attribute("aria-label")
    assert reading is not None and "Means: 0.75 and −0.13." in reading
    assert reading.endswith("For 84% of the views, the nearest other view is their positive.")


def test_the_strip_tells_state_progress_and_failure(page: Page, run: Trained):
    strip = page.locator(".status")
    expect(strip).to_contain_text("Training")
    expect(strip).to_contain_text("SimCLR on Shapes")
    expect(strip).to_contain_text("20 / 100")
    expect(strip).to_contain_text("1 min 5 s")
    run.writer.status(state="failed", error="The loss is not finite at step 21.")
    expect(strip).to_contain_text("Failed")
    expect(strip).to_contain_text("The loss is not finite at step 21.")


def test_without_connection_the_strip_says_so_until_it_is_back(page: Page):
    strip = page.locator(".status")
    page.route("**/feed*", lambda route: route.abort())
    expect(strip).to_contain_text("Offline")
    page.unroute("**/feed*")
    expect(strip).to_contain_text("Training")


def test_help_opens_with_the_keyboard_and_closes_with_escape(page: Page):
    page.locator(".collapse .help").focus()
    tip = page.locator(".collapse .tip")
    expect(tip).to_contain_text("RankMe")
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)

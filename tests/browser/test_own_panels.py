"""A method's own panel and the runs beside the curves, in a real browser, of real runs."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from sslviz.config import RunConfig
from sslviz.runs.store import create_run, list_runs

SLOW = 180_000
TINY = {"steps": 6, "batch_size": 16, "train_images": 96, "snapshot_every": 2, "probes": 200}


def trained(runs: Path, method: str) -> str:
    """The id of a run of a few real steps."""
    from sslviz.training.worker import run

    folder = create_run(RunConfig(device="cpu").with_settings(TINY | {"method": method}), runs)
    assert run(folder) == 0
    return folder.name


def open_run(page: Page, server: str, run: str, more: str = "") -> list[str]:
    """Opens the live view of a run; what goes wrong in its scripts is put into the answer."""
    errors: list[str] = []
    page.set_default_timeout(SLOW)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server}/train_live?lang=en&run={run}{more}")
    expect(page.locator(".collapse .note")).to_have_text("step 6", timeout=SLOW)
    expect(page.locator(".st-key-live-knn .main-svg").first).to_be_visible(timeout=SLOW)
    return errors


def dashes(page: Page) -> list[list]:
    """Of each line of the kNN plot: its dashes and how many points it has."""
    graph = page.locator(".st-key-live-knn .graph")
    return graph.evaluate("(g) => g.data.map((line) => [line.line.dash, line.x.length])")


def colours(canvas: Locator) -> int:
    """How many different colours a picture has."""
    return canvas.evaluate(
        """(c) => {
            const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )


def test_rotnet_shows_its_task_and_trains_its_baseline_on_one_press(
    page: Page, server: str, runs: Path
) -> None:
    run = trained(runs, "rotnet")
    errors = open_run(page, server, run)
    task = page.locator(".task")
    expect(task.locator(".note")).to_contain_text("of 8 correct · step 6")
    expect(task.locator(".cards figure")).to_have_count(8)
    expect(task.locator(".odds.true")).to_have_count(8)
    assert colours(task.locator(".cards canvas").first) > 10
    matrix = page.locator(".matrix .body > canvas")
    expect(matrix).to_be_hidden()
    task.get_by_role("radio", name="Similarity").click()
    expect(matrix).to_be_visible()
    expect(task.locator(".cards")).to_be_hidden()
    task.get_by_role("radio", name="Which way up?").click()
    expect(matrix).to_be_hidden()
    box = page.locator("[data-testid=stElementContainer].st-key-live-probes").bounding_box()
    assert box and box["y"] + box["height"] <= 720

    assert [dash for dash, _ in dashes(page)] == ["solid", "dot"], "nothing made up beside h and z"
    page.get_by_role("button", name="Train the supervised baseline").click()
    legend = page.locator(".st-key-live-knn .beside")
    expect(legend).to_contain_text("Supervised", timeout=SLOW)
    expect(legend).to_contain_text("· step 6 · seed 0", timeout=SLOW)
    page.wait_for_function(
        "(g) => g.data.length === 3 && g.data[0].x.at(-1) === 6",
        arg=page.locator(".st-key-live-knn .graph").element_handle(),
        timeout=SLOW,
    )
    assert dashes(page)[0] == ["dashdot", 4]
    assert len([run for run in list_runs(runs) if run["method"] == "supervised"]) == 1
    assert errors == []


def test_mae_shows_its_pictures_and_a_run_from_the_address(
    page: Page, server: str, runs: Path
) -> None:
    run, other = trained(runs, "mae"), trained(runs, "random")
    errors = open_run(page, server, run, f"&against={other}")
    rows = page.locator(".task .rows")
    for label in ("seen", "painted", "wanted"):
        expect(rows.get_by_text(label, exact=True)).to_be_visible()
    pictures = rows.locator("canvas")
    columns = pictures.count() // 3
    assert columns >= 4
    seen, painted, wanted = (
        pictures.nth(row * columns).evaluate("(c) => c.toDataURL()") for row in range(3)
    )
    assert len({seen, painted, wanted}) == 3
    page.wait_for_function(
        "(g) => g.data.some((line) => line.line.dash === 'longdash')",
        arg=page.locator(".st-key-live-knn .graph").element_handle(),
        timeout=SLOW,
    )
    expect(page.locator(".st-key-live-knn .beside-run")).to_contain_text("A Random")
    assert errors == []

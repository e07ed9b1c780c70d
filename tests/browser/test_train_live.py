"""Train live end to end: a real worker, a real server, a real browser."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sslviz.runs import process
from sslviz.runs.looks import look_steps
from sslviz.runs.store import list_runs, read_events, read_status
from tests.browser.conftest import free_port, started
from tests.waiting import until

SLOW = 90_000
# small steps, too many to end by themselves, and no snapshot after the first: glances move it
RECIPE = (
    '{"preset":"simclr","batch_size":16,"train_images":512,"steps":100000,"snapshot_every":100000}'
)


class Server:
    """The app on one port for its whole life, and after it."""

    def __init__(self, runs: Path) -> None:
        self.runs, self.port = runs, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.process = started(self.port, self.runs)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("runs"))
    yield running
    running.kill()
    for run in list_runs(running.runs):
        process.kill(Path(run["folder"]))


def press(page: Page, name: str) -> None:
    page.locator(".st-key-live-top").get_by_role("button", name=name).click(timeout=SLOW)


def strip(page: Page, words: str) -> None:
    expect(page.locator(".st-key-live-status")).to_contain_text(words, timeout=SLOW)


def picture(page: Page, panel: str) -> str:
    """The pixels of a panel's largest canvas, as text."""
    return page.locator(f".st-key-live-{panel} canvas").first.evaluate("c => c.toDataURL()")


def run_on_screen(page: Page, server: Server) -> Path:
    found = re.search(r"[?&]run=([^&]+)", page.url)
    assert found, page.url
    return server.runs / found[1]


def test_a_run_from_train_to_stop(page: Page, server: Server) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server.address}/train_live?lang=en&recipe={RECIPE}")
    page.locator(".st-key-recipe-start button").click(timeout=SLOW)
    page.wait_for_url("**run=**", timeout=SLOW)
    run = run_on_screen(page, server)
    strip(page, "Training")
    it_moves(page, run)
    nothing_scrolls(page)
    a_knob_turns(page, run)

    press(page, "Pause")
    strip(page, "Paused")
    until(lambda: read_status(run)["state"] == "paused")
    held = read_status(run)["step"]

    page.reload()
    strip(page, "Paused")
    assert run_on_screen(page, server) == run
    assert read_status(run)["step"] == held
    press(page, "Resume")
    until(lambda: read_status(run)["step"] > held)

    server.kill()
    survived = read_status(run)
    assert survived["state"] == "training"
    server.start()
    page.reload()
    strip(page, "Training")
    assert run_on_screen(page, server) == run
    assert read_status(run)["attempt"] == survived["attempt"]

    press(page, "Stop")
    strip(page, "Stopped")
    until(lambda: read_status(run)["state"] == "stopped")
    press(page, "Resume")
    strip(page, "Training")
    assert read_status(run)["step"] >= held
    press(page, "Stop")
    strip(page, "Stopped")
    assert not errors


# the step of the embedding once its points rest, and the pixels of embedding and matrix
SHOWN = """
(overlay) => {
  const points = overlay.parentElement.querySelector("canvas.points");
  return overlay.dataset.moving === "false" ? [overlay.dataset.step, points.toDataURL()] : null;
}
"""


def it_moves(page: Page, run: Path) -> None:
    """Without a single snapshot in between, one glance after the other is on the screen."""
    overlay = page.locator(".st-key-live-embedding canvas.overlay")
    shown: dict[str, str] = {}
    matrices: set[str] = set()

    def four_pictures() -> bool:
        now = overlay.evaluate(SHOWN)
        if now and now[0] != "0":
            shown.setdefault(*now)
            matrices.add(picture(page, "matrix"))
        return len(shown) > 3

    until(four_pictures)
    assert look_steps(run, "snapshots") == [0]
    assert {int(step) for step in shown} <= set(look_steps(run, "glances"))
    assert len(set(shown.values())) == len(shown) and len(matrices) > 1


def nothing_scrolls(page: Page) -> None:
    """The live view fits 1280 x 720: its last row ends inside the window."""
    for panel in ("embedding", "matrix", "collapse", "loss", "probes"):
        box = page.locator(f"[data-testid=stElementContainer].st-key-live-{panel}").bounding_box()
        assert box and box["y"] + box["height"] <= 720 and box["x"] + box["width"] <= 1280
    overflow = page.get_by_test_id("stMain").evaluate("m => m.scrollHeight - m.clientHeight")
    assert overflow <= 0


def a_knob_turns(page: Page, run: Path) -> None:
    """Opening the menu turns nothing; turning a knob is written down as one event."""
    page.locator(".st-key-live-knobs button").first.click()
    menu = page.get_by_test_id("stPopoverBody")
    expect(menu.get_by_text("Temperature tau")).to_be_visible()
    page.wait_for_timeout(1000)
    assert not [event for event in read_events(run) if event["kind"] == "set"]
    menu.get_by_role("slider").press("ArrowRight")
    until(lambda: any(event["kind"] == "set" for event in read_events(run)))
    (turned,) = [event for event in read_events(run) if event["kind"] == "set"]
    assert (turned["knob"], turned["old"], turned["new"]) == ("method.tau", 0.1, 0.11)
    expect(menu).to_contain_text("0.1 → 0.11", timeout=SLOW)
    page.keyboard.press("Escape")


def test_the_recipe_never_disturbs_the_run_and_stays_in_the_url(page: Page, server: Server) -> None:
    (run,) = [path.parent for path in server.runs.glob("*/config.json")]
    before = (run / "config.json").read_bytes()
    page.goto(f"{server.address}/train_live?lang=en&run={run.name}")
    tau = page.locator(".st-key-recipe-method-tau").get_by_role("slider")
    tau.press("ArrowRight", timeout=SLOW)
    page.wait_for_url("**recipe=**0.11**", timeout=SLOW)
    assert run_on_screen(page, server) == run
    assert (run / "config.json").read_bytes() == before
    page.reload()
    expect(page.locator(".st-key-recipe-method-tau")).to_contain_text("0.11", timeout=SLOW)


def test_a_bad_link_is_one_sentence_and_the_usual_recipe(page: Page, server: Server) -> None:
    page.goto(f'{server.address}/train_live?lang=en&run=../../etc&recipe={{"batch_size":"rm"}}')
    expect(page.locator(".st-key-welcome")).to_contain_text("There is no run", timeout=SLOW)
    expect(page.locator(".st-key-recipe-start")).to_contain_text("batch_size is 'rm'")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator(".st-key-recipe-start button")).to_be_enabled()

"""A real app on a free port and a real browser, for the tests of pages.

The browser is started once a file, an app once for all files that need nothing special of it: each
puts its own runs into the one `runs` folder.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

from sslviz.ui.text import translate  # noqa: E402
from tests.waiting import until  # noqa: E402

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
SLOW = 120_000  # ms; on a busy machine a rerun of a page takes many seconds
# address -> English title of every page there is
PAGES = {
    "" if file.stem == "home" else file.stem: file.stem.replace("_", " ").capitalize()
    for file in sorted((ROOT / "pages").glob("*/*.py"))
}

expect.set_options(timeout=SLOW)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder."""
    here = Path(__file__).parent
    missing = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}")
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            item.add_marker(missing)


def go_to(page: Page, path: str, language: str = "en") -> None:
    """Goes to the page at that address by its name above the page, as a visitor does.

    The title changes before the address does: only then is the browser there.
    """
    title = translate(PAGES[path], language)
    name = title.partition("(")[0]
    link = page.locator(".st-key-frame-pages").get_by_role("link", name=name, exact=True)
    menu = page.locator(".st-key-frame-menu").get_by_role("button")
    expect(link.or_(menu).filter(visible=True).first).to_be_visible()
    if not link.is_visible():
        menu.click()
        link = page.locator(".st-key-frame-names").get_by_role("link", name=name, exact=True)
    link.click()
    expect(page).to_have_title(f"{title} · sslviz")
    page.wait_for_url(f"**/{path}?**lang={language}**")


def at_rest(page: Page) -> None:
    """Waits until the page's script has ended and what it asked for has come: nothing moves now."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    expect(page.locator("[data-stale=true], [data-testid=stSkeleton]")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def lasso(page: Page, share: float = 1.0) -> None:
    """Draws a lasso around the left `share` of the map."""
    box = page.locator("canvas.overlay").bounding_box()
    assert box is not None
    left, top = box["x"] + 2, box["y"] + 2
    right, bottom = box["x"] + share * box["width"] - 2, box["y"] + box["height"] - 2
    page.keyboard.down("Shift")
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=3)
    page.mouse.up()
    page.keyboard.up("Shift")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(port: int, runs: Path, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    """The app as `streamlit run app.py` starts it, with these runs; it answers by now."""
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        + ["--server.headless", "true", "--server.fileWatcherType", "none", *options],
        cwd=ROOT,
        env={**os.environ, "SSLVIZ_RUNS": str(runs), **environment},
        start_new_session=True,
    )
    until(lambda: healthy(port))
    return process


def healthy(port: int) -> bool:
    try:
        return urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).status == 200
    except OSError:
        return False


@contextmanager
def app(runs: Path, *options: str, **environment: str) -> Iterator[str]:
    """An app of one's own; yields its address."""
    port = free_port()
    process = started(port, runs, *options, **environment)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


@pytest.fixture(scope="package")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs folder of the app; other tests have left theirs in it."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="package")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app finds talks beside its own."""
    return tmp_path_factory.mktemp("talks")


@pytest.fixture(scope="package")
def server(runs: Path, talks: Path) -> Iterator[str]:
    """The address of a running app."""
    with app(runs, SSLVIZ_TALKS=str(talks)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Playwright's loop runs as long as this; in it no other test could run one of its own."""
    with sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu"]
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-US")
    context.set_default_timeout(SLOW)
    yield context.new_page()
    context.close()

"""axe-core over every page, in both themes and languages: nothing but what is Streamlit's own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PAGES, app, at_rest

axe_files = pytest.importorskip("axe_playwright_python.base")
GOLDEN = Path(__file__).parents[1] / "runs" / "golden"
AXE = Path(axe_files.__file__).with_name("axe.min.js")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SLOW = 90_000
# (rule, a part of the element's selector) -> why it cannot be mended here
STREAMLITS = {
    ("target-size", "react-aria"): "the text field of a multiselect shrinks beside its chips",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app with one whole run: where another trains, Home would never be at rest."""
    runs = tmp_path_factory.mktemp("runs")
    shutil.copytree(GOLDEN, runs / "golden")
    with app(runs) as address:
        yield address


def found(page: Page) -> list[tuple[str, str, str]]:
    """(rule, selector, what is wrong) of every node in violation."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = page.evaluate(
        "levels => axe.run(document, {runOnly: levels, resultTypes: ['violations']})", LEVELS
    )
    return [
        (rule["id"], " ".join(map(str, node["target"])), node["failureSummary"])
        for rule in told["violations"]
        for node in rule["nodes"]
    ]


def known(rule: str, selector: str) -> bool:
    return any(rule == r and part in selector for r, part in STREAMLITS)


def lasting(page: Page) -> list[tuple[str, str, str]]:
    """Violations that are still there after a while: what just fades in or loads is none."""
    for _ in range(5):
        wrong = [node for node in found(page) if not known(node[0], node[1])]
        if not wrong:
            break
        page.wait_for_timeout(1000)
    return wrong


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "ko")])
def test_no_page_shuts_anybody_out(
    browser: Browser, server: str, scheme: str, language: str
) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 720}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    wrong = []
    for path in PAGES:
        page.goto(f"{server}/{path}?lang={language}&run=golden")
        expect(page.locator(f'html[lang="{language}"]')).to_have_count(1, timeout=SLOW)
        at_rest(page)
        wrong += [(path, *node) for node in lasting(page)]
    context.close()
    assert not wrong, "\n".join(map(str, wrong))

"""axe-core over every page, in both themes and languages: nothing but what is Streamlit's own."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
axe_files = pytest.importorskip("axe_playwright_python.base")

from playwright.sync_api import Browser, Page, expect  # noqa: E402

from tests.browser.conftest import PAGES  # noqa: E402

CHROMIUM = Path("/usr/bin/chromium")
GOLDEN = Path(__file__).parents[1] / "runs" / "golden"
AXE = Path(axe_files.__file__).with_name("axe.min.js")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SLOW = 90_000
# (rule, a part of the element's selector) -> why it cannot be mended here
STREAMLITS = {
    ("target-size", "react-aria"): "the text field of a multiselect shrinks beside its chips",
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one whole run."""
    root = tmp_path_factory.mktemp("runs")
    shutil.copytree(GOLDEN, root / "golden")
    return root


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
        page.wait_for_load_state("networkidle", timeout=SLOW)
        wrong += [(path, *node) for node in found(page) if not known(node[0], node[1])]
    context.close()
    assert not wrong, "\n".join(map(str, wrong))

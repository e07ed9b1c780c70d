"""The table of a large sweep: lines are drawn down to where one scrolls, and none is left out."""

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import expect

from benchmarks.table import CHROMIUM, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="there is no Chromium here"),
]
NAMES = "[...document.querySelectorAll('.rows tbody a')].map((a) => a.textContent)"


def test_lines_are_drawn_as_one_scrolls_in_the_order_asked_for():
    with opened(300) as page:
        lines, table = page.locator(".rows tbody a"), page.locator(".rows")
        assert 30 < lines.count() < 80
        expect(page.locator(".rows table")).to_have_attribute("aria-rowcount", "301")
        high = page.evaluate("document.querySelector('.rows').scrollHeight")
        table.evaluate("(node) => { node.scrollTop = node.scrollHeight; }")
        expect(lines).to_have_count(300)
        assert page.evaluate(NAMES) == [f"SimCLR · seed {i % 4} · no. {i}" for i in range(300)]
        assert (
            abs(page.evaluate("document.querySelector('.rows').scrollHeight") - high) < 0.1 * high
        )
        page.get_by_role("button", name="Seed").click()
        table.evaluate("(node) => { node.scrollTop = node.scrollHeight; }")
        expect(lines).to_have_count(300)
        assert [name.split(" · ")[1] for name in page.evaluate(NAMES)] == sorted(
            (f"seed {i % 4}" for i in range(300)), reverse=True
        )
        page.get_by_role("searchbox").fill("no. 299")
        expect(lines).to_have_text(["SimCLR · seed 3 · no. 299"])

"""The page Methods in a real browser: deep links, the family tree, formula and code."""

import pytest
from playwright.sync_api import Page, expect

from sslviz.methods.about import term_lines

SLOW = 60_000


@pytest.mark.parametrize(
    ("language", "title", "lesson"),
    [
        ("en", "Methods", "No negatives at all"),
        ("ko", "방법", "음성 쌍(negatives)이 전혀"),
    ],
)
def test_cold_deep_link(page: Page, server: str, language: str, title: str, lesson: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server}/methods?method=byol&lang={language}")
    expect(page).to_have_title(f"{title} · sslviz", timeout=SLOW)
    expect(page.get_by_role("heading", name="BYOL")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text(lesson).first).to_be_visible(timeout=SLOW)
    expect(page.locator(".chip.chosen")).to_have_attribute("data-method", "byol", timeout=SLOW)
    expect(page.locator(".anatomy .file")).to_have_text(
        "sslviz/methods/siamese/byol.py", timeout=SLOW
    )
    expect(page.get_by_test_id("stMarkdownContainer").locator(".katex-error")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not errors


def lit(page: Page) -> list[int]:
    """Numbers of the source lines that are lit."""
    return page.locator(".source li").evaluate_all(
        "lines => lines.flatMap((line, i) => line.classList.contains('lit') ? [i + 1] : [])"
    )


def test_pointing_at_a_term_lights_its_lines(page: Page, server: str) -> None:
    page.goto(f"{server}/methods?method=byol&lang=en")
    term = page.locator('.anatomy math [data-term="1"]').first
    term.wait_for(timeout=SLOW)
    assert lit(page) == []
    term.hover()
    assert lit(page) == term_lines("byol")[1]
    expect(page.locator(".source li.lit").first).to_be_in_viewport()
    page.get_by_role("heading", name="BYOL").hover()
    assert lit(page) == []
    page.locator('.words [data-term="0"]').focus()
    assert lit(page) == term_lines("byol")[0]
    page.keyboard.press("Tab")
    assert lit(page) == term_lines("byol")[1]


def test_a_line_tells_its_term(page: Page, server: str) -> None:
    page.goto(f"{server}/methods?method=simclr&lang=en")
    page.locator(".source li[data-terms]").first.hover(timeout=SLOW)
    expect(page.locator(".words li.lit")).not_to_have_count(0, timeout=SLOW)


def test_a_method_is_chosen_without_a_reload(page: Page, server: str) -> None:
    page.goto(f"{server}/methods?method=byol&lang=en")
    chip = page.locator('.chip[data-method="vicreg"]')
    chip.focus(timeout=SLOW)
    page.evaluate("window.stayed = true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="VICReg")).to_be_visible(timeout=SLOW)
    assert "method=vicreg" in page.url and page.evaluate("window.stayed")


def test_an_unknown_method_is_one_sentence(page: Page, server: str) -> None:
    page.goto(f"{server}/methods?method=nonsense&lang=en")
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("There is no method 'nonsense'; choose one below.", timeout=SLOW)
    expect(page.get_by_role("heading", name="SimCLR")).to_be_visible(timeout=SLOW)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_train_this_leads_to_its_recipe(page: Page, server: str) -> None:
    page.goto(f"{server}/methods?method=vicreg&lang=en")
    page.get_by_role("link", name="Set up this run").click(timeout=SLOW)
    expect(page).to_have_title("Train live · sslviz", timeout=SLOW)
    expect(page.locator(".st-key-recipe")).to_contain_text("Invariance weight", timeout=SLOW)

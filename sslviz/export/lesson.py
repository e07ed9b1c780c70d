"""Markdown with formulas as HTML that needs no script: lessons of methods, slides of talks."""

from html import escape
from typing import Any

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin


def html_of(markdown: str) -> str:
    """HTML of a text: tables, emphasis, lists, links as plain words, `$...$` and `$$...$$` as
    MathML. HTML in the text is shown, not obeyed; nothing in it is fetched."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link"])
    reader.use(dollarmath_plugin, renderer=_formula, double_inline=True)
    return reader.render(markdown)


def _formula(latex: str, options: dict[str, Any]) -> str:
    """MathML of a formula; the formula itself, as code, where it cannot be read."""
    shape = "block" if options.get("display_mode") else "inline"
    try:
        return convert(latex.strip(), display=shape)
    except Exception:  # the library raises as many kinds as there are ways to misspell LaTeX
        return f"<code>{escape(latex)}</code>"

"""The terms of the field: one word a language, and what each means, told at its first use on a page
to whoever points at it, comes to it by keyboard or touches it (see assets/kit/terms.js)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape

import streamlit as st

from sslviz.ui.text import LOCALE, _, language

# what stands between these is no prose: formulas, code, links, tags
UNTOUCHED = re.compile(r"(\$\$.*?\$\$|\$[^$\n]+\$|`[^`]*`|\[[^\]]*\]\([^)]*\)|<[^>]*>)", re.DOTALL)


@dataclass(frozen=True)
class Term:
    """`never`: Korean words that must not be used for it."""

    en: str
    ko: str
    meaning: str
    never: tuple[str, ...] = ()


@cache
def terms() -> tuple[Term, ...]:
    rows = tomllib.loads((LOCALE / "glossary.toml").read_text(encoding="utf-8"))["term"]
    return tuple(Term(**row | {"never": tuple(row.get("never", ()))}) for row in rows)


def prose(text: str, small: bool = False) -> None:
    """Draws the app's own Markdown, `small` as a caption, with the meaning of each term."""
    draw = st.caption if small else st.markdown
    draw(glossed(text), unsafe_allow_html=True)


def glossed(text: str) -> str:
    """Markdown with the meaning of each term at its first use; `text` is the app's own, and is
    shown with `unsafe_allow_html`."""
    parts = UNTOUCHED.split(text)
    for term in sorted(terms(), key=lambda term: -len(term.en)):
        word = term.ko if language() == "ko" else term.en
        edge = "" if language() == "ko" else r"\b"
        pattern = re.compile(f"{edge}{re.escape(word)}{edge}", re.IGNORECASE)
        for i in range(0, len(parts), 2):
            found = pattern.search(parts[i])
            if found:
                meaning = escape(_(term.meaning))
                mark = f'<abbr tabindex="0" data-meaning="{meaning}">{found[0]}</abbr>'
                before, after = parts[i][: found.start()], parts[i][found.end() :]
                parts[i : i + 1] = [before, mark, after]
                break
    return "".join(parts)

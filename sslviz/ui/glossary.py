"""The terms of the field: one word a language, and what each means, shown on hover at first use."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape

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
                mark = f'<abbr title="{escape(_(term.meaning))}">{found[0]}</abbr>'
                before, after = parts[i][: found.start()], parts[i][found.end() :]
                parts[i : i + 1] = [before, mark, after]
                break
    return "".join(parts)

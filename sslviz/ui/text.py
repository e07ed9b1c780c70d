"""Every text a visitor reads goes through `_`: the English text is the key of the translation.

Refusals, notes and progress are written elsewhere, often by another process into a file, as a
template and its facts; `told` puts them into words. What came from outside and is shown through
Markdown goes through `literal`, or through `marked` where it is such a sentence.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import polib
import streamlit as st

from sslviz.knobs import brief
from sslviz.refusal import Refusal, read_sentence
from sslviz.ui import state

LOCALE = Path(__file__).parents[2] / "assets" / "locale"
MARKS = re.compile(r"[\\`*_\[\]<>~$:|&]|^[#+=-]")  # what Markdown acts on
NUMBER = re.compile(r"^(\d+)([.)])")  # the start of a numbered list
JOINER = "\u2060"  # seen by nobody; parts what would be read together even behind a backslash:
ICON = re.compile(r":(?=\S)")  # the colon of :material/home:, of an emoji and of an address
LINK = re.compile(r"(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)  # www.somewhere, somebody@somewhere
SYMBOL = re.compile(r"(?<!\S)(?=(<->|->|<-|--|>=|<=|~=)(?!\S))")  # drawn as one sign


def languages(locale: Path) -> dict[str, str]:
    """Language -> its own name: English, and each folder below `locale` with its sslviz.po."""
    named = {"en": "English"}
    for path in sorted(locale.glob("*/sslviz.po")):
        header = path.read_text(encoding="utf-8")[:1000]
        found = re.search(r'"Language-Name: (.+?)\\n"', header)
        named[path.parent.name] = found[1] if found else path.parent.name
    return named


LANGUAGES = languages(LOCALE)


@cache
def catalogue(language: str) -> dict[str, str]:
    """English text -> translation, from all `assets/locale/<language>/*.po`; {} for English."""
    texts: dict[str, str] = {}
    for path in sorted((LOCALE / language).glob("*.po")):
        for entry in polib.pofile(str(path), encoding="utf-8"):
            if entry.msgstr and not entry.obsolete:
                texts[entry.msgid] = entry.msgstr
    return texts


_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything `_` says meanwhile is in this language, with or without a visitor."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def language() -> str:
    """The visitor's language: URL, else this session's choice, else the browser's, else English."""
    spoken = _spoken.get()
    if spoken:
        return spoken
    asked = state.language() or (st.context.locale or "en").split("-")[0]
    return asked if asked in LANGUAGES else "en"


def named_language(name: str) -> str:
    """`name`, which somebody asked for. Raises Refusal for a language that is not spoken here."""
    if name not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise Refusal(
            "There is no language {name}; languages: {known}.", name=brief(name), known=known
        )
    return name


def translate(text: str, to: str) -> str:
    """`text` in that language; the English text itself where there is no translation."""
    return catalogue(to).get(text, text)


def _(text: str) -> str:
    """`text` in the visitor's language; numbers go in afterwards: `_("step {n}").format(n=3)`."""
    return translate(text, language())


def told(value: Any, to: str | None = None) -> str:
    """A sentence from elsewhere in sslviz in a language, by default the visitor's; plain text.

    `value`: an error, a Sentence, its JSON, or the plain text of an older run; "" for anything
    else. Facts come through as they are.
    """
    chosen = to or language()
    sentence = read_sentence(value)
    return sentence.words(lambda text: translate(text, chosen)) if sentence else ""


def marked(value: Any) -> str:
    """`told` for a place that reads Markdown: nothing in the sentence is taken for a mark."""
    return literal(told(value))


def literal(text: str) -> str:
    """Markdown that shows `text` as it is, on one line."""
    line = SYMBOL.sub(JOINER, " ".join(text.split()))
    marked = MARKS.sub(r"\\\g<0>", LINK.sub(JOINER, line))
    return ICON.sub(f":{JOINER}", NUMBER.sub(r"\1\\\2", marked))

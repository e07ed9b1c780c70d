"""Every text a visitor reads goes through `_`: the English text is the key of the translation.

Refusals, notes and progress are written elsewhere, often by another process into a file, as whole
English sentences; pages show them through `told`. The catalogues know those sentences by their
wording with numbered slots, `There is no run {0}.`, as they stand in the code.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

import polib
import streamlit as st

from sslviz.ui import state

LANGUAGES = {"en": "English", "ko": "한국어"}
LOCALE = Path(__file__).parents[2] / "assets" / "locale"
SLOT = re.compile(r"\{\d\}")
LONGEST = 2000  # characters of a sentence that `told` reads


@cache
def catalogue(language: str) -> dict[str, str]:
    """English text -> translation, from all `assets/locale/<language>/*.po`; {} for English."""
    texts: dict[str, str] = {}
    for path in sorted((LOCALE / language).glob("*.po")):
        for entry in polib.pofile(str(path), encoding="utf-8"):
            if entry.msgstr and not entry.obsolete:
                texts[entry.msgid] = entry.msgstr
    return texts


def language() -> str:
    """The visitor's language: URL, else this session's choice, else the browser's, else English."""
    asked = state.language() or (st.context.locale or "en").split("-")[0]
    return asked if asked in LANGUAGES else "en"


def translate(text: str, to: str) -> str:
    """`text` in that language; the English text itself where there is no translation."""
    return catalogue(to).get(text, text)


def _(text: str) -> str:
    """`text` in the visitor's language; numbers go in afterwards: `_("step {n}").format(n=3)`."""
    return translate(text, language())


def told(sentence: str, to: str | None = None) -> str:
    """A sentence from elsewhere in sslviz in a language, by default the visitor's.

    What fills a slot is translated likewise where the catalogues know it, and so is each of two
    sentences in a row. What nobody translated, such as a library's words, stays as it is.
    """
    return _told(sentence, to or language())


@lru_cache(maxsize=1000)
def _told(sentence: str, to: str) -> str:
    known = catalogue(to)
    if not known or sentence in known or len(sentence) > LONGEST:
        return known.get(sentence, sentence)
    for wording, translation in _wordings(to):
        found = wording.fullmatch(sentence)
        if found:
            return translation.format(*(_told(part, to) for part in found.groups()))
    first, end, rest = sentence.partition(". ")
    return f"{_told(first + '.', to)} {_told(rest, to)}" if end else sentence


@cache
def _wordings(to: str) -> list[tuple[re.Pattern[str], str]]:
    """Patterns of the sentences with slots and their translations, the most telling first."""
    known = [(text, words) for text, words in catalogue(to).items() if SLOT.search(text)]
    known.sort(key=lambda pair: len(SLOT.sub("", pair[0])), reverse=True)
    return [(_wording(text), words) for text, words in known]


def _wording(text: str) -> re.Pattern[str]:
    """A slot reaches over the end of a sentence only where nothing follows it."""
    fixed = [re.escape(part) for part in SLOT.split(text)]
    slot = r"((?:(?!\. ).)*?)" if fixed[-1] else "(.*?)"
    return re.compile(slot.join(fixed), re.DOTALL)

"""Every text a visitor reads goes through `_`: the English text is the key of the translation."""

from functools import cache
from pathlib import Path

import polib
import streamlit as st

from sslviz.ui import state

LANGUAGES = {"en": "English", "ko": "한국어"}
LOCALE = Path(__file__).parents[2] / "assets" / "locale"


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

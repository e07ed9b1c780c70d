"""One term, one word: the catalogue and the lessons against the glossary."""

import re
from pathlib import Path

import polib
import pytest

from sslviz.ui import glossary
from sslviz.ui.glossary import glossed, terms
from sslviz.ui.text import LOCALE

ROOT = Path(__file__).parents[2]
KOREAN = {
    **{entry.msgid: entry.msgstr for entry in polib.pofile(str(LOCALE / "ko" / "sslviz.po"))},
    **{p.name: p.read_text("utf-8") for p in ROOT.glob("sslviz/methods/*/*.ko.md")},
}


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.en)
def test_a_term_has_one_korean_word(term: glossary.Term) -> None:
    beside = re.compile(rf"([가-힣 ]+)\({re.escape(term.en)}\)")
    wrong = [
        (where[:60], found[1] if found else word)
        for where, text in KOREAN.items()
        for word in (*term.never, term.ko)
        for found in ([m for m in beside.finditer(text)] if word == term.ko else [None])
        if (found and not found[1].strip().endswith(term.ko)) or (not found and word in text)
    ]
    assert not wrong


def test_a_term_is_explained_where_it_is_used_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glossary, "language", lambda: "en")
    monkeypatch.setattr(glossary, "_", lambda text: text)
    told = glossed("The loss $z = queue$ sees a `queue`, the queue and a queue; a backbones.")
    assert told.count("<abbr") == 1 and told.index("<abbr") > told.index("the ")
    assert "`queue`" in told and "$z = queue$" in told
    assert glossed("momentum encoder").count("<abbr") == 1, "a term inside a term is no term"


def _fits(word: str, particle: str) -> bool:
    """Whether a Korean particle fits the last syllable before it: 임베딩을, 뷰를."""
    final = (ord(word[-1]) - ord("가")) % 28  # 0: ends in a vowel; 8: in ㄹ
    if particle in ("로", "으로"):
        return (particle == "로") == (final in (0, 8))
    return (particle in ("가", "는", "를", "와")) == (final == 0)


@pytest.mark.parametrize(
    "word", sorted({term.ko for term in terms()} | {"신경망", "패치", "프로브"})
)
def test_particles_fit_the_word(word: str) -> None:
    found = re.compile(
        re.escape(word) + r"(?:\([^)]*\))?(가|는|를|와|은|을|과|로|으로)(?=[\s.,:;])"
    )
    wrong = [
        (where[:40], match[0])
        for where, text in KOREAN.items()
        for match in found.finditer(text)
        if not _fits(word, match[1])
    ]
    assert not wrong

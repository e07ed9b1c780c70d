"""Refusals, notes and progress of other rooms: each has its Korean, slots and all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.knobs import knobs
from sslviz.refusal import Refusal
from sslviz.runs.read import find_run
from sslviz.ui.text import LOCALE, told

HOUSE = Path(__file__).parents[2] / "sslviz"
# whose arguments a page may show
SPEAKERS = {"Refusal", "Unreadable", "Diverged", "_failed", "report", "last_words"}
# variables and functions that hold such sentences before they are handed on
HOLDERS = {"advice", "sentence"}
TELLERS = {"_accepted", "_too_many"}
COMMAND_LINE = {"cli.py", "__main__.py"}


def wordings(node: ast.AST) -> Iterator[str]:
    """The texts an expression may be, with one numbered slot for values next to each other."""
    if isinstance(node, ast.IfExp):
        yield from [*wordings(node.body), *wordings(node.orelse)]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Tuple):
        for element in node.elts:
            yield from wordings(element)
    elif isinstance(node, ast.JoinedStr):
        text, slots, in_slot = "", 0, False
        for part in node.values:
            if isinstance(part, ast.Constant):
                text, in_slot = text + str(part.value), False
            elif not in_slot:
                text, slots, in_slot = f"{text}{{{slots}}}", slots + 1, True
        yield text


def spoken(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SPEAKERS:
            for argument in node.args:
                yield from wordings(argument)
        elif isinstance(node, ast.Assign) and _name(node.targets[0]) in HOLDERS:
            yield from wordings(node.value)
        elif isinstance(node, ast.FunctionDef) and node.name in TELLERS:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value:
                    yield from wordings(inner.value)


def _name(node: ast.AST) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


def korean() -> dict[str, str]:
    files = sorted((LOCALE / "ko").glob("*.po"))
    return {e.msgid: e.msgstr for path in files for e in polib.pofile(str(path)) if not e.obsolete}


def test_every_refusal_of_the_house_has_its_korean() -> None:
    known = korean()
    missing = {
        f"{path.relative_to(HOUSE)}: {text}"
        for path in HOUSE.rglob("*.py")
        if path.name not in COMMAND_LINE
        for text in spoken(ast.parse(path.read_text(encoding="utf-8")))
        if re.search("[a-z]", text)
        if not known.get(text)
    }
    assert not missing


@pytest.mark.parametrize("config", [RunConfig, ViewConfig, EvaluationConfig])
def test_what_a_knob_allows_is_said_in_korean(config: type) -> None:
    """Beside names and values no English word is left of any knob's refusal."""
    for knob in knobs(config).values():
        with pytest.raises(Refusal) as refusal:
            knob.checked([])
        said = told(str(refusal.value), "ko")
        assert "[]입니다." in said
        for word in ("is", "must", "be", "one", "number", "from", "to", "text", "or"):
            assert word not in re.split(r"[ .,:]", said)


def test_values_come_through_unchanged(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        find_run("no {0} such; run.", tmp_path)
    assert told(str(refusal.value), "ko") == "실행 'no {0} such; run.'이(가) 없습니다."


def test_a_sentence_inside_another_is_translated_too() -> None:
    inner = "lr is 9; it must be a number from 0 to 1."
    said = told(f"The config of r1 is damaged: {inner}", "ko")
    assert said == f"r1의 설정(config)이 손상되었습니다: {told(inner, 'ko')}"
    assert "damaged" not in said


def test_two_sentences_in_a_row_are_both_translated() -> None:
    first = "The loss stopped being a finite number at step 7."
    advice = "Try a smaller learning rate; the last good snapshot and checkpoint are kept."
    assert told(f"{first} {advice}", "ko") == f"{told(first, 'ko')} {told(advice, 'ko')}"


@pytest.mark.parametrize("strange", ["", ". ", "Errno 5: nobody knows. Really.", "x is y" * 2000])
def test_what_nobody_translated_stays(strange: str) -> None:
    assert told(strange, "ko") == strange
    assert told(strange, "en") == strange

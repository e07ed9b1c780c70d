"""Refusals, notes and progress of other rooms: templates and facts, put into words for a visitor.

That each template has its Korean is proved where the catalogues are.
"""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.knobs import knobs
from sslviz.refusal import Refusal, say
from sslviz.runs.read import find_run
from sslviz.runs.status import last_words
from sslviz.runs.store import create_run
from sslviz.ui.text import literal, told

ROOT = Path(__file__).parents[2]
CONVERTED = [*(ROOT / "sslviz").rglob("*.py")]
CONVERTED += [*(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
SPEAKERS = {"Refusal", "Unreadable", "say", "_"}


def fixed(speaker: str, template: ast.expr) -> bool:
    """A text as it stands; a whole Sentence passed on; for `_` also a text out of a table."""
    if isinstance(template, ast.Constant):
        return isinstance(template.value, str)
    if speaker == "_":
        return not isinstance(template, ast.JoinedStr | ast.BinOp | ast.Call) or (
            ast.unparse(template) == "str(value)"  # what a setting that is a word holds
        )
    return isinstance(template, ast.Attribute) and template.attr == "sentence"


@pytest.mark.parametrize("path", CONVERTED, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_a_constant(path: Path) -> None:
    """What is looked up in a catalogue stands in the code, slots and all."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        speaker = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and speaker in SPEAKERS:
            assert node.args and fixed(speaker, node.args[0]), f"{path}:{node.lineno}"


@pytest.mark.parametrize("config", [RunConfig, ViewConfig, EvaluationConfig])
def test_what_a_knob_allows_is_said_in_korean(config: type) -> None:
    """Beside names and values no English word is left of any knob's refusal."""
    for knob in knobs(config).values():
        with pytest.raises(Refusal) as refusal:
            knob.checked([])
        said = told(refusal.value, "ko")
        assert "[]입니다." in said
        for word in ("is", "must", "be", "one", "number", "from", "to", "text", "or"):
            assert word not in re.split(r"[ .,:]", said)


@pytest.mark.parametrize("hostile", ["{0}", "no {run} such; run.", "%s", "{", "}{run", "", r"\1"])
def test_facts_come_through_unchanged(hostile: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        find_run(hostile, tmp_path)
    assert str(refusal.value) == f"There is no run {hostile!r}."
    across = json.loads(json.dumps(refusal.value.sentence.to_json()))
    for value in (refusal.value, refusal.value.sentence, across):
        assert told(value, "ko") == f"실행 {hostile!r}이(가) 없습니다."
        assert told(value, "en") == str(refusal.value)


def test_a_sentence_inside_another_is_translated_too(tmp_path: Path) -> None:
    sentence = last_words(tmp_path)
    assert told(sentence, "en").endswith("began: it left no message")
    assert told(sentence, "ko").endswith("끝났습니다: 남긴 말이 없습니다")
    assert told(sentence.to_json(), "ko") == told(sentence, "ko")


def test_a_fact_that_looks_like_a_template_is_not_translated() -> None:
    assert told(say("There is no run {run}.", run="it is too large."), "ko") == (
        "실행 it is too large.이(가) 없습니다."
    )


@pytest.mark.parametrize("older", ["There is no run {0}.", "Errno 5: nobody knows.", "a. b. c"])
def test_a_plain_sentence_of_an_older_run_stays(older: str) -> None:
    assert told(older, "ko") == told(older, "en") == older


DAMAGED: list[Any] = [
    *(None, "", 7, True, [], {}, {"template": None}, {"template": 3}, {"facts": {"a": 1}}),
    {"template": "x {a} {b} {", "facts": None},
    {"template": "x {a}", "facts": [1, 2]},
    {"template": "x {a}", "facts": {"a": {"facts": {}}}},
    {"template": "x {a}", "facts": {"a": [1, {"template": "y"}]}},
    {"template": "x" * 100_000, "facts": {"a": "y" * 100_000}},
]


@pytest.mark.parametrize("damaged", DAMAGED)
def test_damaged_json_is_never_an_exception(damaged: Any) -> None:
    for language in ("en", "ko"):
        assert len(told(damaged, language)) <= 2000


def test_sentences_nested_without_end_are_cut() -> None:
    deep: dict[str, Any] = {"template": "{a}" * 600, "facts": {"a": "x" * 5000}}
    for _ in range(300):
        deep = {"template": "{a}" * 600, "facts": {"a": deep}}
    assert len(told(deep, "ko")) <= 600 * 2000


HOSTILE = "![x](http://evil/x.png) :material/home: $a$ <b>*_`~[]"


def page() -> None:
    import streamlit as st

    from sslviz.refusal import say
    from sslviz.ui.text import literal, marked

    hostile = "![x](http://evil/x.png) :material/home: $a$ <b>*_`~[]"
    st.markdown(marked(say("There is no run {run}.", run=hostile)))
    st.error(marked({"template": hostile}))  # a template that is none of ours is no Markdown either
    st.caption(f"**{literal(hostile)}**")


def plain(markdown: str) -> str:
    """What Markdown shows where each of its marks stands behind a backslash."""
    assert not re.search(r"(?<!\\)[\[\]<>$`*_~]", markdown)
    return re.sub(r"\\(.)", r"\1", markdown).replace("\u2060", "")


def test_a_fact_is_never_taken_for_markdown() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert plain(app.markdown[0].value) == f"There is no run {HOSTILE}."
    assert plain(app.error[0].value) == HOSTILE
    assert plain(app.caption[0].value[2:-2]) == HOSTILE
    for shown in (app.markdown[0], app.error[0], app.caption[0]):
        assert ":material" not in shown.value  # an icon even behind a backslash


def test_a_run_with_the_name_of_a_picture_is_shown_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for in the link; and as the name of a run's own data, on a button of the menu."""
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path))
    create_run(RunConfig(data="/a/![x](evil.png)"), tmp_path)
    app = AppTest.from_file(str(ROOT / "pages/lab/train_live.py"), default_timeout=60)
    app.query_params["run"] = "![x](http://evil/x.png)"
    app.run()
    assert not app.exception
    said = next(m.value for m in app.markdown if "There is no run" in m.value)
    assert said == ":material/error: There is no run '!\\[x\\](http\\:\u2060//evil/x.png)'."
    assert any(r"\[x\]" in button.label for button in app.button)


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("see http://evil/x", "see http\\:\u2060//evil/x"),
        ("www.evil.example", "www\u2060.evil.example"),
        ("me@evil.example", "me@\u2060evil.example"),
        (":red[x] :+1: :smile:", "\\:\u2060red\\[x\\] \\:\u2060+1\\: \\:\u2060smile\\:"),
        ("a -> b -- c", "a \u2060-\\> b \u2060-- c"),
    ],
)
def test_what_is_drawn_even_behind_a_backslash_is_parted(outside: str, shown: str) -> None:
    """Addresses become links and arrows one sign after Markdown has read its backslashes."""
    assert literal(outside) == shown
    assert shown.replace("\u2060", "").replace("\\", "") == outside


@pytest.mark.parametrize("start", ["1. x", "23) x", "# x", "- x", "+ x", "=== x", "a\n\n# b"])
def test_the_start_of_a_fact_begins_no_list_and_no_heading(start: str) -> None:
    shown = literal(start)
    assert shown.replace("\\", "") == " ".join(start.split())
    assert not re.match(r"[#+=-]|\d+[.)]", shown)


@pytest.mark.parametrize(
    "usual", ["/no/such/folder", "20261127-101112-simclr-shapes-a1b2c3", "0.5"]
)
def test_usual_names_need_no_backslash(usual: str) -> None:
    assert literal(usual) == usual or usual == "0.5"


def test_an_error_that_is_no_refusal_speaks_for_itself() -> None:
    assert told(FileNotFoundError(2, "No such file", "/a/b"), "ko") == (
        "[Errno 2] No such file: '/a/b'"
    )
    assert told(ValueError(), "ko") == "ValueError"

"""Whatever stands in an address: an answer or one sentence, never an exception and never a file."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sslviz.refusal import Refusal
from sslviz.ui.recipe.draft import read_draft
from tests.runs.damage import whole_run
from tests.runs.readers import get
from tests.trials import trials

ODD = (
    *("", ".", "..", "../../etc/passwd", "%2e%2e", "a\0b", "~", "/etc", "\\\\x\\y", "x" * 5000),
    *("-1", "1e400", "9" * 5000, "NaN", "null", "[]", "{}", "[" * 5000, "é", "\u202e", "<b>"),
)
WORD = st.sampled_from(ODD) | st.text(max_size=40)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory):
    root = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSLVIZ_RUNS", str(root))
        yield whole_run(root, "whole").name


@settings(max_examples=trials(150))
@given(WORD, WORD, WORD, st.sampled_from(("feed", "snapshots", "glances", "probe", "webp")))
def test_addresses_of_the_feed(run: str, name: str, step: str, lang: str, what: str) -> None:
    for asked in (run, name):
        own = quote(asked, safe="")
        path = {
            "feed": f"runs/{asked}/feed?after={quote(step)}&lang={quote(lang)}",
            "snapshots": f"runs/{asked}/snapshots/{step}",
            "glances": f"runs/{asked}/{lang}/{step}",
            "probe": f"runs/{asked}/probe",
            "webp": f"runs/{asked}/{step}.webp",
        }[what]
        try:
            status, body = get(f"/sslviz/{path}")
        except AssertionError as error:
            assert "no route" in str(error)
            continue
        assert status in (200, 404), own
        assert status == 200 or json.loads(body)["error"].strip()
        assert b"root:" not in body


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=3),
    max_leaves=8,
)
KEYS = ("preset", "method", "data", "lr", "steps", "seed", "method.tau", "view.hue", "view1", "x.y")


@settings(max_examples=trials(150))
@given(st.dictionaries(st.sampled_from(KEYS) | WORD, VALUE, max_size=4))
def test_recipes_in_a_link(values: dict) -> None:
    for text in (json.dumps(values), json.dumps(values)[:-1], json.dumps([values])):
        try:
            draft = read_draft(text)
        except Refusal as refusal:
            assert len(str(refusal)) < 2000
        else:
            assert read_draft(draft.text()).config == draft.config

"""The panel of a method's own task: its words, and whose task comes first."""

from pathlib import Path

import pytest

from sslviz.methods import METHODS
from sslviz.methods.entry import PANELS
from sslviz.ui.panels import task as task_text

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", [name for name in METHODS if task_text.parts(name)])
def test_every_part_has_a_name_and_a_sentence(name: str):
    words = task_text.strings(name)
    assert set(words["parts"]) == set(task_text.parts(name))
    for part in words["parts"].values():
        assert part["tab"] in words["title"] and part["meaning"] in words["help"]
        assert part["meaning"].endswith(".")


def test_a_task_is_first_where_it_is_what_the_method_does():
    first = {name for name in METHODS if task_text.shown_first(name)}
    assert {"rotnet", "jigsaw", "autoencoder", "context_encoder", "mae"} <= first
    assert all(task_text.parts(name) for name in first)


def test_every_panel_that_a_toml_may_name_has_words_and_a_drawing_of_its_own():
    js = (ROOT / "assets").rglob("*.js")
    drawing = "\n".join(path.read_text(encoding="utf-8") for path in js)
    tabs = [task_text._words(panel)["meaning"] for panel in PANELS]
    assert len(set(tabs)) == len(PANELS)
    assert all(panel in drawing for panel in PANELS)

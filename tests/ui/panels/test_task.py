"""The panel of a method's own task: its words, and whose task comes first."""

import pytest

from sslviz.methods import METHODS, card
from sslviz.ui.panels import task as task_text


@pytest.mark.parametrize("name", [name for name in METHODS if task_text.parts(name)])
def test_every_part_has_a_name_and_a_sentence(name: str):
    words = task_text.strings(name)
    assert set(words["parts"]) == set(task_text.parts(name))
    for part in words["parts"].values():
        assert part["tab"] in words["title"] and part["meaning"] in words["help"]
        assert part["meaning"].endswith(".")


def test_a_task_is_first_where_it_is_what_the_method_does():
    first = {name for name in METHODS if task_text.parts(name) and task_text.shown_first(name)}
    assert {"rotnet", "jigsaw", "autoencoder", "context_encoder", "mae"} <= first
    assert all(card(name).family in ("pretext", "generative") for name in first)

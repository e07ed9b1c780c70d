"""What is known of the methods: years, texts, and words of a .toml that somebody uses."""

from pathlib import Path

from sslviz.methods import FAMILIES, METHODS, card
from sslviz.methods.about import about, arxiv, line, texts, uses_labels, year
from sslviz.methods.entry import BOXES, PANELS, Parts

ROOT = Path(__file__).parents[2]


def test_years_are_read_from_the_papers():
    wanted = {"moco": 2019, "simclr": 2020, "autoencoder": 2006, "exemplar": 2014, "random": None}
    assert {name: year(name) for name in wanted} == wanted
    assert arxiv("byol") == "2006.07733"


def test_the_lines_beside_other_runs_are_an_untrained_network_and_one_with_labels():
    untrained, labels = line("untrained"), line("labels")
    assert untrained and not about(untrained).cifar and not about(untrained).rehearsed.changes
    assert labels and uses_labels(labels)


def test_every_family_has_a_folder_and_a_method():
    assert {card(name).family for name in METHODS} == set(FAMILIES)


def test_every_word_that_a_toml_may_hold_is_in_use():
    parts = [about(name).parts for name in METHODS]
    assert set(BOXES) == {box for p in parts for box in f"{p.top} {p.bottom}".split()}
    assert set(PANELS) == {panel for name in METHODS for panel in about(name).panels.drawn}
    for key in ("against", "negatives", "batch"):
        allowed = Parts.__dataclass_fields__[key].metadata["words"]
        assert set(allowed) == {getattr(p, key) for p in parts}


def test_texts_are_found_where_they_stand():
    found = list(texts())
    assert ("sslviz/methods/__init__.py", "Contrastive") in found
    in_tomls = [pair for pair in found if ".toml:" in pair[0]]
    assert len(in_tomls) > 100
    for where, text in in_tomls:
        file, number = where.split(":")
        assert text in (ROOT / file).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert any(text == "MoCo v1" for _, text in in_tomls)

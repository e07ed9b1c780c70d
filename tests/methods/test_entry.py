"""A .toml that does not fit: one sentence that names the file, the key and what is allowed."""

import pytest

from sslviz.methods import FAMILIES, METHODS, card
from sslviz.methods.card import read_beside
from sslviz.methods.entry import read_about
from sslviz.refusal import Refusal

FILE = "methods/contrastive/moco.toml"
TEXT = read_beside("contrastive", "moco.toml")
SOURCE = "github.com/lightly-ai/lightly, cifar10_benchmark.py"


def told(text: str) -> str:
    """The sentence with which a changed moco.toml is refused."""
    assert text != TEXT
    with pytest.raises(Refusal) as refused:
        read_about(text, card("moco"))
    assert refused.value.sentence.words() == str(refused.value)
    assert FILE in str(refused.value) and "\n" not in str(refused.value)
    return str(refused.value)


def test_as_it_is_it_fits():
    assert read_about(TEXT, card("moco")).variants["mocov1"].method["projector_depth"] == 1


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("[parts]", "[party]", "party is not a key; allowed here: parts, terms, line, shapes"),
        ("cut = true", "kut = true", "parts.kut is not a key; allowed here: loss, top, bottom"),
        ("cut = true", "cut = 1", "parts.cut is 1; it must be true or false."),
        ('loss = "InfoNCE"', "loss = 3", "parts.loss is 3; it must be a text."),
        ('loss = "InfoNCE"', "", "parts.loss is missing; it must be a text."),
        ('after = ["npid"]', 'after = "npid"', "parts.after is 'npid'; it must be a list"),
        ('after = ["npid"]', 'after = ["nip"]', "parts.after names nip; allowed there: random, "),
        ('batch = "small"', 'batch = "tiny"', "it must be one of small, medium, large."),
        ('top = "view1 f g"', 'top = "view1 f k"', "parts.top names k; allowed there: view1, "),
        ("knn = 84.7", 'knn = "85"', "cifar.knn is '85'; it must be a number."),
        ("knn = 84.7", "knn = true", "cifar.knn is True; it must be a number."),
        (f'source = "{SOURCE}"', "", "cifar.source is missing; it must be a text."),
        (f'source = "{SOURCE}"', 'source = ""', "cifar.source is missing; it must be a text."),
        ('title = "MoCo v1"', "", "variants.mocov1.title is missing; it must be a text."),
        (
            'protocol = "kNN, k = 200, in the best of 200 epochs"',
            "",
            "cifar.protocol is missing; it must say how knn was measured.",
        ),
        ("method.tau = 0.2", "method.tau = 9.0", "shapes.method.tau is 9.0; it must be a number"),
        ("method.tau = 0.2", "method.mu = 9.0", "shapes.method.mu is not a setting; the settings"),
        ("method.tau = 0.2", "method.tau = [1]", "shapes.method.tau is [1]; it must be a text, a"),
        ("momentum = 0.0 }", "momentum = 2.0 }", "rehearsed.changes[2].method.momentum is 2.0"),
        ("method.queue = 8192", "method.queue = 1", "cifar.method.queue is 1; it must be a whole"),
        ('"teacher_distance"', '"teacher"', "panels.drawn[2] is 'teacher'; it must be one of pic"),
        ("negative = q @ queue.T", "negative = q @ Q", "terms[2] does not fit moco.py. 'negative"),
        ("negative = q @ queue.T", "self.", "lines; it must stand in one."),
        ("tex = ['k_+']", "tex = ['k_-']", "The objective does not contain k_-."),
        ("tex = ['k_+']", "tex = ['']", "terms[4].tex is empty; it must hold a text."),
        ("tex = ['k_+']", "tex = []", "terms[4].tex is empty; it must hold a text."),
        ("tex = ['k_+']", "", "terms[4].tex is missing; it must be a list; each of it a text."),
        ("[shapes]", "[shapes", "is not valid TOML: "),
        ("[shapes]", "shapes = 1\n[other]", "terms[6].shapes is not a key; allowed here: words"),
    ],
)
def test_what_does_not_fit_is_one_sentence(old, new, wanted):
    assert wanted in told(TEXT.replace(old, new, 1))


def test_a_value_where_a_table_belongs_is_refused():
    assert "parts is 1; it must be a table." in told("parts = 1\nterms = []\n")
    assert "terms is 1; it must be a list of tables." in told(
        "terms = 1\n" + TEXT[: TEXT.index("[[terms]]")]
    )


def test_an_unknown_family_is_one_sentence(monkeypatch):
    monkeypatch.setitem(METHODS, "lost", "nonsense")
    with pytest.raises(Refusal) as refused:
        card("lost")
    wanted = (
        f"lost is in the family nonsense, which does not exist; families: {', '.join(FAMILIES)}."
    )
    assert str(refused.value) == wanted


def test_a_missing_file_is_one_sentence(monkeypatch):
    monkeypatch.setitem(METHODS, "lost", "siamese")
    with pytest.raises(
        Refusal, match="There is no readable file methods/siamese/lost.py; a method"
    ):
        card("lost")

"""Terms of an objective: each is found in the formula, and in one line of the code."""

import pytest

from sslviz.methods import METHODS, card
from sslviz.methods.about import about, term_lines
from sslviz.methods.terms import line_of, marked, objective, tokens
from sslviz.refusal import Refusal


@pytest.mark.parametrize("name", METHODS)
def test_every_snippet_stands_in_one_line_of_the_source(name):
    source = card(name).source
    for term, found in zip(about(name).terms, term_lines(name), strict=True):
        assert len(found) == len(set(found)) > 0
        for snippet in term.code:
            assert snippet in source.splitlines()[line_of(source, snippet) - 1]


@pytest.mark.parametrize("source", ["a = 1\n", "x = y\nx = y\n"])
def test_a_snippet_in_no_line_or_in_two_is_refused(source):
    with pytest.raises(Refusal, match="must stand in one"):
        line_of(source, "x = y")


def test_a_term_that_is_not_in_the_objective_is_refused():
    with pytest.raises(Refusal, match="does not contain c"):
        marked(r"\frac{a}{b}", [("c",)])


def test_longer_terms_hold_shorter_ones():
    line = marked("a b c", [("b",), ("a b",)])
    assert line == ["\\term:1", "{", "a", "\\term:0", "{", "b", "}", "}", "c"]


def test_text_is_one_token_and_spaces_are_none():
    assert tokens(r"x_i \text{ turned } + 1") == ["x", "_", "i", r"\text{ turned }", "+", "1"]


def test_the_objective_is_the_first_displayed_formula():
    assert objective("a $b$\n$$c\n + d$$ $$e$$") == "c + d"
    assert objective("no formula") == ""

"""What the command line says of an evaluation under way."""

import pytest

from sslviz.cli.evaluate import under_way


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "running  0%"),
        ({"message": "Loading the data"}, "running  0%  Loading the data"),
        ({"message": None, "progress": 0.4, "eta_seconds": 12.3}, "running  40%  12 s left"),
    ],
)
def test_the_command_line_says_what_an_evaluation_does(facts: dict, words: str) -> None:
    assert under_way({"state": "running", "progress": 0.0, "eta_seconds": None} | facts) == words

"""What a replay file says, in every language there is: the panels' words and the page's own."""

# ruff: noqa: E501

from collections.abc import Iterable
from typing import Any

from sslviz.methods import METHODS
from sslviz.refusal import Sentence
from sslviz.ui.panels.task import parts, task_data
from sslviz.ui.panels.together import HEIGHT, own, words_of_panels
from sslviz.ui.text import LANGUAGES, _, speaking, told


def languages(first: str, methods: Iterable[str], said: list[Sentence]) -> dict[str, Any]:
    """Language -> its own name and all words, `first` before the others.

    `methods`: those of the runs; `said`: what their workers wrote, as bundles hold it in English.
    """
    known = [name for name in methods if name in METHODS]
    chosen = {name: LANGUAGES[name] for name in sorted(LANGUAGES, key=lambda name: name != first)}
    return {name: {"own": its} | _in_language(name, known, said) for name, its in chosen.items()}


def _in_language(language: str, methods: list[str], said: list[Sentence]) -> dict[str, Any]:
    with speaking(language):
        tasks = {name: task_data("", HEIGHT, name) for name in methods if parts(name)}
        return {
            "page": _page(),
            "panels": words_of_panels(),
            "tasks": {name: own(data) for name, data in tasks.items()},
            "said": {str(sentence): told(sentence, language) for sentence in said},
        }


# fmt: off


def _page() -> dict[str, Any]:
    return {
        "title": _("Recorded run"),
        "several": _("Recorded runs"),
        "recorded": _("recorded on {device}, {date}, seed {seed}"),
        "thinned": _("{kept} of {all} snapshots are kept"),
        "under": _("Shown below the maps"),
        "recipe": _("Recipe"),
        "lesson": _("Lesson"),
        "keys": _("Keys"),
        "theme": _("Theme"),
        "theme_help": _("Light or dark"),
        "close": _("Close"),
        "notes": _("Notes"),
        "as_command": _("The same as a command"),
        "live_now": _("live on {device}, step {step} of {steps}, seed {seed}"),
        "live_waits": _("the live run is at step {now}; it is shown from step {step} on"),
        "live_starts": _("the live run starts"),
        "live_refused": _("no live run: {reason}"),
        "live_elsewhere": _("trains live when the talk is given from the app"),
        "talk_keys": [
            [_("→ or PageDown"), _("Next slide (a clicker does the same)")],
            [_("← or PageUp"), _("Slide before")],
            ["1 … 6", _("One panel of the slide's run alone; again, 0 or Escape: the slide")],
            [_("Space"), _("Play or pause the map")],
            [", .", _("One snapshot back or on")],
            ["L", _("Class names on the map")],
            ["R", _("Recipe of the run")],
            ["B", _("Blank screen")],
            ["D", _("A dot that follows the pointer")],
            ["N", _("Notes and clock in a second window")],
            ["F", _("Full screen")],
            ["K", _("Language")],
            ["T", _("Light or dark")],
            ["?", _("These keys")],
        ],
        "key_list": [
            [_("Space"), _("Play or pause")],
            ["← →", _("One snapshot back or on (a clicker does the same)")],
            ["Home End", _("First or last snapshot")],
            ["1 … 9", _("One panel alone; again, 0 or Escape: all")],
            ["L", _("Class names on the map")],
            ["R", _("Recipe of the run")],
            ["F", _("Present: large type, one panel; Escape leaves")],
            ["B", _("Blank screen")],
            ["D", _("A dot that follows the pointer")],
            ["N", _("Notes and clock in a second window")],
            ["K", _("Language")],
            ["T", _("Light or dark")],
            ["?", _("These keys")],
        ],
    }

"""The panel of a method's own task: its parts, what each of them means, its place on a page."""

# ruff: noqa: E501

from typing import Any

from sslviz.methods.about import about
from sslviz.ui.panels.marks import marks
from sslviz.ui.panels.mount import component, panel_data
from sslviz.ui.text import _

_task = component("task")


def task_view(run: str, key: str, height: int, method: str) -> None:
    """The method's own task, and the switch between it and the similarity panels it covers."""
    _task(key=key, data=task_data(run, height, method), height=height)


def task_data(run: str, height: int, method: str) -> dict[str, Any]:
    more = {"first": shown_first(method), "marks": marks()}
    return panel_data(run, strings(method), height, **more)


def parts(method: str) -> tuple[str, ...]:
    """Names of what the method has of its own to draw; () for methods without anything."""
    return about(method).panels.drawn


def shown_first(method: str) -> bool:
    """Whether the task is on screen before anybody asked for it."""
    return about(method).panels.first


def strings(method: str) -> dict[str, Any]:
    """The panel's words in the visitor's language. `{name}` is filled in by the browser."""
    words = {name: _words(name) for name in parts(method)}
    return {
        "title": " · ".join(part["tab"] for part in words.values()),
        "help": "\n".join(part["meaning"] for part in words.values()),
        "about": _("What does this show?"),
        "choice": _("What is shown here"),
        "similarity": _("Similarity"),
        "step": _("step {step}"),
        "waiting": _("Waiting for the first snapshot"),
        "nothing": _("This run's snapshots hold nothing of it."),
        "parts": words,
    }


def _words(part: str) -> dict[str, str]:
    # fmt: off
    if part == "pictures":
        return {
            "tab": _("What it paints"),
            "meaning": _("The method's own task on held-out images, the same at every snapshot. Top: what the encoder sees. Middle: what the decoder paints from z. Bottom: what was wanted. A sharp picture does not mean good features: look at kNN."),
            "seen": _("seen"), "painted": _("painted"), "wanted": _("wanted"),
        }
    if part == "turned":
        return {
            "tab": _("Which way up?"),
            "meaning": _("The method's own task on held-out images, the same at every snapshot. Each was turned to the left by the underlined angle; the bars are the probabilities the network gives to the four angles. Guessing gets 2 of 8 right."),
            "right": _("correct"), "wrong": _("wrong: {said}°"), "score": _("{n} of {of} correct"),
        }
    if part == "tiles":
        return {
            "tab": _("The puzzle"),
            "meaning": _("The method's own task on held-out images, the same at every snapshot: nine tiles as the network sees them, put together by the permutation it finds likeliest, and the solution."),
            "shuffled": _("shuffled"), "answer": _("its answer"), "solution": _("solution"),
            "right": _("correct"), "wrong": _("wrong"), "sure": _("It gives its answer {n}%."), "score": _("{n} of {of} correct"),
        }
    if part in ("queue_age", "bank_age"):
        queue = part == "queue_age"
        return {
            "tab": _("Queue") if queue else _("Memory bank"),
            "title": _("Age of the queue") if queue else _("Age of the memory bank"),
            "meaning": _("How many steps ago each vector in the queue was computed: old ones come from an older encoder.") if queue else
                       _("How many steps ago each image's stored vector was renewed: once an epoch, by an ever newer encoder."),
            "newest": _("new"), "oldest": _("{n} steps old"), "random": _("all still random"),
            "still_random": _("{n}% still random"), "vectors": _("{n} vectors"),
        }
    if part == "teacher_distance":
        return {
            "tab": _("Teacher"),
            "title": _("Lag of the slow network"),
            "meaning": _("Distance of the slowly moving network (teacher, target, key encoder) from the trained one, relative to its weights. 0%: a copy."),
            "step": _("step {step}"),
        }
    if part == "prototype_use":
        return {
            "tab": _("Prototypes"),
            "title": _("Use of the prototypes"),
            "meaning": _("The share of the last batch that each prototype gets, largest first. Dashed: equal shares. One tall bar alone: collapse."),
            "largest": _("most used"), "of": _("{n} prototypes"), "in_use": _("as if {n} of {of} in use"),
        }
    return {
        "tab": _("Correlations"),
        "title": _("Correlation of the two views"),
        "meaning": _("Each dimension of z of one view against each of the other view (the first 64), from −1 (blue) to 1 (orange). Wanted: 1 on the diagonal, 0 elsewhere."),
        "means": _("diagonal {diagonal}, rest {rest}"),
    }
    # fmt: on

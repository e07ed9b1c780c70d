"""Curves over training: their words, and their place on a page."""

# ruff: noqa: E501

from collections.abc import Callable
from typing import Any, Literal

from sslviz.ui.panels.marks import marks
from sslviz.ui.panels.meaning import factors, z_beats_h
from sslviz.ui.panels.mount import component, heading, panel_data
from sslviz.ui.run_words import state_words
from sslviz.ui.text import _

_curves = component("curves")


def curves_view(
    run: str,
    key: str,
    height: int,
    which: Literal["loss", "knn", "probes"] = "loss",
    beside: dict[str, Any] | None = None,
    train_baseline: Callable[[], None] = lambda: None,
) -> None:
    """One plot over steps: the loss, the kNN accuracy of h and z, or the factor probes.

    `beside` names the runs drawn beside it (see `comparison.beside`); `train_baseline` is called
    when the visitor takes the offer of a baseline.
    """
    data = curves_data(run, height, which) | {"now": {"beside": beside}}
    _curves(key=key, data=data, height=height, on_baseline_change=train_baseline)


def curves_data(run: str, height: int, which: str) -> dict[str, Any]:
    return panel_data(run, _words(which), height, which=which, marks=marks())


def overlay_data(height: int) -> dict[str, Any]:
    """For one number of several runs over their joint clock; `metric` and `runs` come with it."""
    return panel_data("", _words("overlay"), height, which="overlay", marks=marks())


# fmt: off


def clock_words() -> dict[str, str]:
    """What the clock of several runs counts -> a time on it."""
    return {"step": _("step {step}"), "images": _("{step} images seen"), "seconds": _("{step} s of training")}


def _words(which: str) -> dict[str, Any]:
    titles = {"overlay": "", "loss": _("Loss"), "knn": _("kNN accuracy"), "probes": _("What h and z still tell")}
    helps = {
        "overlay": _("A line a run, named by its letter; the upright line is the time of the clock. Losses of different methods, temperatures or batch sizes measure different tasks and cannot be compared. kNN accuracy: held-out probe images, the 20 nearest neighbours vote; labels are used for this measurement only, never for training."),
        "loss": _("The training loss of each batch. The dotted line is chance level: an encoder that knows nothing. A lower loss is not a better representation, and losses of different methods, temperatures or batch sizes cannot be compared. Thin lines: the terms it is made of; below the loss each has a scale of its own, from 0 to its largest value."),
        "knn": _("Can the class be read from the nearest neighbours? Held-out probe images, each left out of its own neighbours; the 20 nearest vote (or as many as the smallest class has), cosine, temperature 0.1; ± is one standard error. h solid, z dotted. Dashed: a random frozen encoder, this run's own at step 0; dotted: chance. Other runs: h, up to the step this run has reached. Labels are used for this measurement only, never for training."),
        "probes": _("How well the 20 nearest neighbours tell each factor: 0 not at all, 1 exactly (accuracy above guessing, or R²). From h solid, from z dotted. Lines begin at what a random frozen encoder tells; ◇ is the supervised run named beside the kNN curves, at the same step. What the augmentations vary, z learns to discard. Used for measuring only, never for training."),
    }
    subtitles = {"overlay": "", "loss": "", "knn": _("± {error} · k {k} · cosine · τ 0.1"), "probes": _("h solid, z dotted")}
    empty = {"overlay": _("None of these runs has measured it yet"), "loss": _("Waiting for the first step"), "knn": _("These images have no labels"), "probes": _("These images have no known factors")}
    return heading(titles[which], helps[which] + "\n" + _("Click a curve to show that step everywhere; drag to zoom, double-click to reset.")) | {
        "table": _("As a table"),
        "steps": _("step"),
        "loss": _("loss"),
        "chance": _("chance"),
        "random": _("random"),
        "subtitle": subtitles[which],
        "step_is": _("step {step}"),
        "rate_is": _("learning rate {rate}"),
        "terms": _terms(),
        "units": clock_words(),
        "loading": _("Loading"),
        "waiting": _("Waiting for the first step"),
        "empty": empty[which],
        "supervised": _("supervised"),
        "beside": _("{name} {value} · step {step} · seed {seed}"),
        "beside_none": _("{name} · {state} · seed {seed}"),
        "beside_tip": _("{title}: run {name}, seed {seed}, of the same images. kNN accuracy of h {value} at its step {step}."),
        "train_baseline": _("Train the supervised baseline"),
        "train_baseline_help": _("There is no supervised run of these images with this backbone to compare with. This queues one: the same recipe and seed, with labels as the teacher."),
        "baseline_asked": _("Queued"),
        "states": state_words(),
        "factors": factors() | {"bg_hue": _("background")},
    } | z_beats_h()


def _terms() -> dict[str, str]:
    """Short names of the terms that methods report of their loss."""
    return {
        "invariance": _("invariance"), "variance": _("variance"), "covariance": _("covariance"),
        "redundancy": _("off-diagonal"), "transformed": _("transformed"), "whole": _("whole"),
    }

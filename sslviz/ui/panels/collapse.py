"""Is it collapsing? The verdicts and their reasons, the gauges behind them, and their place on a page."""

# ruff: noqa: E501

from dataclasses import asdict, dataclass
from typing import Any, Literal

from sslviz.ui.panels.meaning import meanings
from sslviz.ui.panels.mount import component, heading, panel_data
from sslviz.ui.text import _

_collapse = component("collapse")


@dataclass(frozen=True)
class Gauge:
    """A bar that is empty at `low` and full at `high`.

    `kind`: a "plain" value, a "share" of the width of the space, or a "change" from step 0 in powers
    of ten. `spaces`: which of h and z it has a bar for; () where it is measured on pairs of views.
    """

    name: str
    kind: Literal["plain", "share", "change"]
    low: float
    high: float
    digits: int
    spaces: tuple[str, ...]
    label: str
    help: str


def collapse_view(run: str, key: str, height: int) -> None:
    """The verdict in words, the gauges behind it, the singular spectra of h and z."""
    _collapse(key=key, data=collapse_data(run, height), height=height)


def collapse_data(run: str, height: int) -> dict[str, Any]:
    words = _words()
    words["help"] += "\n" + "\n".join(f"{gauge.label}: {gauge.help}" for gauge in gauges())
    more = {"verdicts": verdicts(), "gauges": [asdict(gauge) for gauge in gauges()]}
    more["meanings"] = meanings()
    return panel_data(run, words, height, **more)


# fmt: off


def verdicts() -> dict[str, dict[str, str]]:
    """The run's `verdict` -> its word, the name of its ink, the path of its icon (16 x 16)."""
    return {
        "loading": {"word": _("Loading"), "ink": "quiet", "icon": "M4 8h.1M8 8h.1M12 8h.1"},
        "starting": {"word": _("Too early to tell"), "ink": "quiet", "icon": "M4 2.5h8M4 13.5h8M5 2.5c0 4 6 7 6 11M11 2.5c0 4-6 7-6 11"},
        "unknown": {"word": _("Unknown"), "ink": "quiet", "icon": "M5 5.5a3 3 0 1 1 4.2 2.8c-.8.4-1.2.9-1.2 1.9M8 12.6v.6"},
        "healthy": {"word": _("No collapse"), "ink": "healthy", "icon": "M3 8.5l3.2 3.2L13 4.8"},
        "contracting": {"word": _("Contracting"), "ink": "contracting", "icon": "M2 8h4M4.5 5.5L7 8l-2.5 2.5M14 8h-4M11.5 5.5L9 8l2.5 2.5"},
        "dimensional": {"word": _("Dimensional collapse"), "ink": "dimensional", "icon": "M2 8h12M4.5 5l-2.5 3 2.5 3M11.5 5L14 8l-2.5 3"},
        "complete": {"word": _("Complete collapse"), "ink": "complete", "icon": "M8 6.2a1.8 1.8 0 1 0 .01 0zM2.5 2.5l3 3M13.5 2.5l-3 3M2.5 13.5l3-3M13.5 13.5l-3-3"},
    }


def reasons() -> dict[str, str]:
    """One sentence for each `verdict_reason` code that a worker writes."""
    return {
        "too_few": _("Too few held-out images to tell: a handful of points never spreads along many directions."),
        "too_early": _("Still near the random start."),
        "ok": _("Embeddings spread and use many directions."),
        "variance_fell": _("Everything shrinks: variance far below the start."),
        "std_fell": _("Embeddings point far more alike than at the start."),
        "rank_low": _("Embeddings spread along a few directions only."),
        "one_point": _("Every image gets the same embedding."),
        "std_low": _("All embeddings point almost the same way."),
    }


def gauges() -> list[Gauge]:
    return [
        Gauge("feature_std", "plain", 0, 1, 2, ("h", "z"),
              _("spread"),
              _("Std of each dimension of the L2-normalised vectors times √d. 1: spread over the sphere; 0: all alike.\nCannot see dimensional collapse: behind an output BatchNorm it reads 0.99 even at rank 1.")),
        Gauge("effective_rank", "share", 0, 1, 1, ("h", "z"),
              _("effective rank"),
              _("RankMe: exp of the entropy of the singular values. How many directions are in use, out of d.\nCannot see shrinkage: it stays high when everything contracts to one point. A random network is high too.")),
        Gauge("total_variance", "change", -4, 2, 1, ("h", "z"),
              _("variance"),
              _("Trace of the covariance before normalisation, relative to step 0 (log scale from 1/10,000 to 100).\nSees shrinkage, and only that.")),
        Gauge("alignment", "plain", 0, 2, 2, (),
              _("alignment"),
              _("Mean squared distance of the two views of an image, on the unit sphere. 0: positives agree; 2: unrelated.\nLower is better only if uniformity holds: a collapsed network has 0.")),
        Gauge("uniformity", "plain", 0, -4, 2, (),
              _("uniformity"),
              _("log of the mean of exp(−2 · squared distance) over all pairs, on the unit sphere. 0: one point; about −4: spread evenly.\nCannot see unused dimensions.")),
    ]


def _words() -> dict[str, Any]:
    return heading(_("Is it collapsing?"), _(
        "No single number sees every collapse, so read them together. Rank is blind to scale: it "
        "misses a collapse to one point. Spread is blind to direction: it misses a collapse to a few "
        "dimensions. None of them sees a shortcut. The upright tick is the random initialisation.")) | {
        "reasons": reasons(),
        "random": _("random init"),
        "space_h": _("h"),
        "space_h_help": _("h = f(x), the representation: what the backbone gives and what one keeps."),
        "space_z": _("z"),
        "space_z_help": _("z = g(h), the embedding: what the projector gives and the loss sees."),
        "spectrum": _("singular values 1 to {last} (log)"),
        "spectrum_help": _("Singular values of h (solid) and z (dashed), largest first, on a log scale; thin: at the random start. A cliff means that the remaining directions are unused; the whole line sinking means contraction."),
    }

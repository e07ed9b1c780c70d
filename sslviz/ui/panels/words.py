"""What the live panels say, in the visitor's language. `{name}` is filled in by the browser."""

# ruff: noqa: E501

from typing import Any

from sslviz.data.catalogue import DATASETS
from sslviz.knobs import knobs
from sslviz.methods import METHODS, card
from sslviz.ui.text import _

# fmt: off


def matrix() -> dict[str, Any]:
    return _panel(_("Similarity of all views"), _(
        "Cosine similarity of z for every pair among the 2N views of a fixed batch. Orange: alike "
        "(+1), blue: opposite (−1); the scale never changes. The diagonal, each view with itself, "
        "is hatched. Outlined cells are positive pairs: two views of one image. Every other cell is "
        "a negative, even where both images show the same class. Hover, or use the arrow keys.")) | {
        "order": _("Order of the views"),
        "order_view": _("By view"),
        "order_view_help": _("First view 1 of all images, then view 2: positives form two lines beside the diagonal."),
        "order_pairs": _("Interleaved"),
        "order_pairs_help": _("The two views of an image stand together: positives form 2 × 2 blocks."),
        "order_cluster": _("Clustered"),
        "order_cluster_help": _("Similar views stand together (average linkage of the cosines). Labels play no part."),
        "peek": _("Peek at labels"),
        "badge": _("Labels shown for display only"),
        "cosine": _("cosine"),
        "outlined": _("positive pair"),
        "view_of": _("view {view} of image {image}"),
        "self": _("A view with itself: no information"),
        "positive": _("Positive pair"),
        "negative": _("Negative pair"),
        "cosine_is": _("cosine {value}"),
        "weight_is": _("softmax weight {weight}% (τ = {tau}, within this batch)"),
        "reading": _("Step {step}: positive pairs have a mean cosine of {positive}, negative pairs of {negative}."),
    }


def histogram() -> dict[str, Any]:
    return _panel(_("Pair cosines"), _(
        "How alike positives (two views of one image) and negatives (views of different images) are "
        "in z, over a larger fixed batch. Each shape is scaled to its own highest bin. The less they "
        "overlap, the easier the task has become. Same-class images count as negatives here.")) | {
        "positive": _("positives"),
        "negative": _("negatives"),
        "bin": _("cosine {low} to {high}\npositives: {positive}%\nnegatives: {negative}%"),
        "reading": _("Step {step}: histograms of positive and negative cosines overlap by {overlap}%."),
    }


def verdicts() -> dict[str, str]:
    """The words for the run's `verdict`."""
    return {
        "starting": _("Starting"),
        "healthy": _("Healthy"),
        "contracting": _("Contracting"),
        "dimensional": _("Dimensional collapse"),
        "complete": _("Complete collapse"),
    }


def reasons() -> dict[str, str]:
    """One sentence for each `verdict_reason` code that a worker writes."""
    return {
        "too_early": _("Too early to tell: still near the random start."),
        "ok": _("Embeddings spread and use many directions."),
        "variance_fell": _("Everything shrinks: variance far below the start."),
        "std_fell": _("Embeddings point far more alike than at the start."),
        "rank_low": _("Embeddings spread along a few directions only."),
        "one_point": _("Every image gets the same embedding."),
        "std_low": _("All embeddings point almost the same way."),
    }


def collapse() -> dict[str, Any]:
    return _panel(_("Is it collapsing?"), _(
        "No single number sees every collapse, so read them together. Rank is blind to scale: it "
        "misses a collapse to one point. Spread is blind to direction: it misses a collapse to a few "
        "dimensions. None of them sees a shortcut. The upright tick is the random initialisation.")) | {
        "verdicts": verdicts(),
        "reasons": reasons(),
        "random": _("random init"),
        "space_h": _("h"),
        "space_h_help": _("h = f(x), the representation: what the backbone gives and what one keeps."),
        "space_z": _("z"),
        "space_z_help": _("z = g(h), the embedding: what the projector gives and the loss sees."),
        "gauges": {
            "feature_std": _("spread"),
            "effective_rank": _("effective rank"),
            "total_variance": _("variance"),
            "alignment": _("alignment"),
            "uniformity": _("uniformity"),
        },
        "gauge_helps": {
            "feature_std": _("Std of each dimension of the L2-normalised vectors times √d. 1: spread over the sphere; 0: all alike.\nCannot see dimensional collapse: behind an output BatchNorm it reads 0.99 even at rank 1."),
            "effective_rank": _("RankMe: exp of the entropy of the singular values. How many directions are in use, out of d.\nCannot see shrinkage: it stays high when everything contracts to one point. A random network is high too."),
            "total_variance": _("Trace of the covariance before normalisation, relative to step 0 (log scale from 1/10,000 to 100).\nSees shrinkage, and only that."),
            "alignment": _("Mean squared distance of the two views of an image, on the unit sphere. 0: positives agree; 2: unrelated.\nLower is better only if uniformity holds: a collapsed network has 0."),
            "uniformity": _("log of the mean of exp(−2 · squared distance) over all pairs, on the unit sphere. 0: one point; about −4: spread evenly.\nCannot see unused dimensions."),
        },
        "spectrum": _("singular values 1 to {last} (log)"),
        "spectrum_help": _("Singular values of h (solid) and z (dashed), largest first, on a log scale; thin: at the random start. A cliff means that the remaining directions are unused; the whole line sinking means contraction."),
    }


def curves(which: str) -> dict[str, Any]:
    titles = {"loss": _("Loss"), "knn": _("kNN accuracy"), "probes": _("What h and z still tell")}
    helps = {
        "loss": _("The training loss of each batch. The dotted line is chance level: an encoder that knows nothing. A lower loss is not a better representation, and losses of different methods, temperatures or batch sizes cannot be compared."),
        "knn": _("Can the class be read from the nearest neighbours? Held-out probe images, each left out of its own neighbours; k = 20, cosine, temperature 0.1. h solid, z dotted. Dashed: a random frozen encoder, this run's own at step 0; dotted: chance. Other runs: h, up to the step this run has reached. Labels are used for this measurement only, never for training."),
        "probes": _("How well the 20 nearest neighbours tell each factor: 0 not at all, 1 exactly (accuracy above guessing, or R²). From h solid, from z dotted. Lines begin at what a random frozen encoder tells; ◇ is the supervised run named beside the kNN curves, at the same step. What the augmentations vary, z learns to discard. Used for measuring only, never for training."),
    }
    subtitles = {"loss": "", "knn": _("k 20 · cosine · τ 0.1"), "probes": _("h solid, z dotted")}
    empty = {"loss": _("Waiting for the first step"), "knn": _("These images have no labels"), "probes": _("These images have no known factors")}
    return _panel(titles[which], helps[which] + "\n" + _("Click a curve to show that step everywhere; drag to zoom, double-click to reset.")) | {
        "loss": _("loss"),
        "chance": _("chance"),
        "random": _("random"),
        "subtitle": subtitles[which],
        "step_is": _("step {step}"),
        "waiting": _("Waiting for the first step"),
        "empty": empty[which],
        "on": _("on"),
        "off": _("off"),
        "knobs": _live_knobs(),
        "supervised": _("supervised"),
        "beside": _("{name} {value} · step {step} · seed {seed}"),
        "beside_none": _("{name} · {state} · seed {seed}"),
        "beside_tip": _("{title}: run {name}, seed {seed}, of the same images. kNN accuracy of h {value} at its step {step}."),
        "train_baseline": _("Train the supervised baseline"),
        "train_baseline_help": _("There is no supervised run of these images with this backbone to compare with. This queues one: the same recipe and seed, with labels as the teacher."),
        "baseline_asked": _("Queued"),
        "states": _states(),
        "factors": {
            "fg_hue": _("shape hue"), "bg_hue": _("background"), "size": _("size"), "pos_x": _("position x"),
            "pos_y": _("position y"), "rotation": _("rotation"), "texture": _("texture"),
        },
    }


def status() -> dict[str, Any]:
    return {
        "method_on_data": _("{method} on {data}"),
        "methods": {name: card(name).title for name in METHODS},
        "data": {name: _(info.title) for name, info in DATASETS.items()},
        "states": _states(),
        "state_helps": {
            "interrupted": _("The training process is gone. Resume goes on from the newest checkpoint."),
            "queued": _("All places are taken by runs that train or pause; this one starts when one is free."),
            "silent": _("The training process is alive but has not reported for 30 seconds."),
        },
        "place": _("All places are taken by runs that train or pause. Place in the queue: {n}."),
        "place_eta": _("All places are taken by runs that train or pause. Place in the queue: {n}; it starts in about {time}."),
        "offline_help": _("The app's server does not answer; reconnecting. What is shown is the last known state."),
        "facts": {
            "step": _("step"), "speed": _("speed"), "eta": _("remaining"), "elapsed": _("elapsed"), "device": _("device"), "seed": _("seed"),
        },
        "fact_helps": {
            "step": _("Batches trained on, of all there will be."),
            "speed": _("Training images a second; each gives two views."),
            "eta": _("Estimated time until the last step, at the present speed."),
            "elapsed": _("From the start of the run to its last report."),
            "device": _("What the run computes on."),
            "seed": _("Decides weights, data order and augmentation draws. The same seed repeats the run on the same machine, with as many threads and the same precision."),
        },
        "images_per_second": _("{n} img/s"),
        "seconds": _("{s} s"),
        "minutes": _("{m} min {s} s"),
        "hours": _("{h} h {m} min"),
    }


def _states() -> dict[str, str]:
    return {
        "loading": _("Loading"), "starting": _("Starting"), "queued": _("Queued"), "training": _("Training"), "paused": _("Paused"),
        "finished": _("Finished"), "stopped": _("Stopped"), "failed": _("Failed"), "interrupted": _("Interrupted"),
        "held": _("Held"), "silent": _("Silent"), "offline": _("Offline"), "broken": _("Damaged"),
    }


def _panel(title: str, help: str) -> dict[str, Any]:
    about = _("What does this show?")
    return {"title": title, "help": help, "about": about, "step": _("step {step}")}


def _live_knobs() -> dict[str, str]:
    """Labels of all settings that may change during a run, by dotted name."""
    found = {f"method.{k}": _(knob.label) for m in METHODS for k, knob in knobs(card(m).config).items() if knob.live}
    return found | {"lr": _("Learning rate")}

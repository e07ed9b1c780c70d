"""What kNN and probes say beside a verdict that is about collapse alone: the browser's sentences."""

# ruff: noqa: E501

from typing import Any

from sslviz.ui.text import _

# fmt: off


def meanings() -> dict[str, Any]:
    """Which standing an embedding has (see assets/kit/meaning.js) -> its sentence."""
    return {
        "none": _("No labels, so nothing here says what neighbours have in common."),
        "chance": _("But no better than chance: kNN {knn} ± {error}%, chance {chance}%, untrained {untrained}%."),
        "chance_alone": _("But no better than chance: kNN {knn} ± {error}%, chance {chance}%."),
        "worse": _("But worse than an untrained encoder: kNN {knn} ± {error}%, untrained {untrained}%, chance {chance}%."),
        "untrained": _("But no better than an untrained encoder: kNN {knn} ± {error}%, untrained {untrained}%, chance {chance}%."),
        "better": _("Neighbours share the class: kNN {knn} ± {error}%, untrained {untrained}%, chance {chance}%."),
        "better_alone": _("Neighbours share the class: kNN {knn} ± {error}%, chance {chance}%."),
        "shares": _("Neighbours share: {factor}."),
        "help": _("The verdict is about collapse alone. Whether the representation is good for anything, its neighbours say: kNN accuracy of h with one standard error, against guessing the most frequent class and against the same network before its first step. What neighbours share instead is the factor that the probes read best."),
        "factors": factors(),
    }


def factors() -> dict[str, str]:
    """Names of the factors of the built-in data, as they stand in a sentence."""
    return {
        "fg_hue": _("shape hue"), "bg_hue": _("background hue"), "size": _("size"), "pos_x": _("position x"),
        "pos_y": _("position y"), "rotation": _("rotation"), "texture": _("texture"),
    }


def z_beats_h() -> dict[str, str]:
    """What the kNN curves say where z tells the class better than h."""
    return {
        "z_beats_h": _("z > h?"),
        "z_beats_h_help": _("Here z tells the class better than h. Usually it is the other way round, because z gives up what the augmentations change. It happens early in training, with few images, and where the loss itself sees the classes; a backbone that is wider than it needs to be also spreads h thin. h is what is kept: compare both with more images before you prefer z."),
    }

"""Classic experiments on augmentation: what the two views share is what need not be learned."""

from sslviz.knobs import Scalar
from sslviz.sweeps.classics.bases import BYOL, IMAGENET, QUICK, SIMCLR, base
from sslviz.sweeps.classics.classic import (
    SEEDS,
    Arm,
    Claim,
    Classic,
    Point,
    Term,
    more,
    one_axis,
    points,
)
from sslviz.sweeps.compose import composition

# -- strength of the colour jitter -------------------------------------------------------------
_S = (0.125, 0.25, 0.5, 1.0)
_BY_STRENGTH = {
    s: {"view.brightness": 0.8 * s, "view.contrast": 0.8 * s, "view.saturation": 0.8 * s}
    | {"view.hue": 0.5 * s}
    for s in _S
}
_JITTER = {"view__gray": 0.2, "view__invert": 0.0, **QUICK}
JITTERED = Arm(
    "SimCLR", one_axis("jitter strength", base("simclr", **_JITTER), "strength s", _BY_STRENGTH)
)
_SUPERVISED = Arm(
    "Supervised",
    one_axis(
        "jitter strength, supervised", base("supervised", **_JITTER), "strength s", _BY_STRENGTH
    ),
)

jitter_strength = Classic(
    "jitter_strength",
    "Strength of the colour jitter",
    "Does self-supervised learning want stronger colour distortion than supervised learning?",
    f"{SIMCLR}, table 1",
    f"{IMAGENET}; supervised: the whole network",
    "The hue may move by 0.5 s instead of 0.2 s: a shape's hue tells nothing of it.",
    (JITTERED, _SUPERVISED),
    (
        more(
            "SimCLR gains from strong distortion.",
            [("SimCLR", (1.0,), "knn_h")],
            [("SimCLR", (0.125,), "knn_h")],
            3.6,
        ),
        more(
            "It gains more than supervised learning, which rather loses.",
            [("SimCLR", (1.0,), "knn_h"), ("Supervised", (0.125,), "knn_h")],
            [("SimCLR", (0.125,), "knn_h"), ("Supervised", (1.0,), "knn_h")],
            4.9,
        ),
    ),
    (
        *points(JITTERED, {0.125: 59.6, 0.25: 61.0, 0.5: 62.6, 1.0: 63.2}),
        *points(_SUPERVISED, {0.125: 77.0, 0.25: 76.7, 0.5: 76.5, 1.0: 75.7}),
    ),
)

# -- crop with and without colour --------------------------------------------------------------
_STILL = {"view.flip": 0.0, "view.rotate": 0.0, "view.shift": 0.0}
_NO_COLOUR = {"view.jitter": 0.0, "view.gray": 0.0, "view.invert": 0.0}
_REMOVED = {
    "all": {},
    "no colour": _NO_COLOUR,
    "crop and colour": _STILL,
    "crop": {**_STILL, **_NO_COLOUR},
}
COLOURED = Arm(
    "SimCLR", one_axis("crop and colour", base("simclr", **QUICK), "augmentation", _REMOVED)
)
_BYOL_COLOURED = Arm(
    "BYOL", one_axis("crop and colour, BYOL", base("byol"), "augmentation", _REMOVED)
)

crop_colour = Classic(
    "crop_colour",
    "Crop with and without colour",
    "What happens when the two views keep their colours, with negatives (SimCLR) and without "
    "(BYOL)?",
    f"{BYOL}, table 17",
    f"{IMAGENET}, 300 epochs",
    "All: the recipe for shapes, which also turns, moves and inverts.",
    (COLOURED, _BYOL_COLOURED),
    (
        more(
            "Without colour distortion SimCLR is much worse.",
            [("SimCLR", ("all",), "knn_h")],
            [("SimCLR", ("no colour",), "knn_h")],
            22.2,
        ),
        more(
            "So is BYOL.", [("BYOL", ("all",), "knn_h")], [("BYOL", ("no colour",), "knn_h")], 9.1
        ),
        more(
            "BYOL loses less than SimCLR.",
            [("SimCLR", ("all",), "knn_h"), ("BYOL", ("no colour",), "knn_h")],
            [("SimCLR", ("no colour",), "knn_h"), ("BYOL", ("all",), "knn_h")],
            13.1,
        ),
        more(
            "Crop with colour is far better than crop alone, for SimCLR.",
            [("SimCLR", ("crop and colour",), "knn_h")],
            [("SimCLR", ("crop",), "knn_h")],
            23.9,
        ),
        more(
            "And for BYOL.",
            [("BYOL", ("crop and colour",), "knn_h")],
            [("BYOL", ("crop",), "knn_h")],
            11.3,
        ),
        more(
            "Worse features, though the pairs are told apart more easily (crop against all).",
            [("SimCLR", ("crop",), "contrastive_accuracy")],
            [("SimCLR", ("all",), "contrastive_accuracy")],
            source=f"{SIMCLR}, section 3.1",
        ),
    ),
    (
        *points(COLOURED, {"all": 67.9, "no colour": 45.7, "crop and colour": 64.2, "crop": 40.3}),
        *points(
            _BYOL_COLOURED, {"all": 72.5, "no colour": 63.4, "crop and colour": 70.7, "crop": 59.4}
        ),
    ),
    "bars",
)

# -- composition of augmentations --------------------------------------------------------------
OPS = ("crop", "cutout", "jitter", "sobel", "blur", "rotate")
_FIGURE_5 = {  # row: first, column: second; both orders are averaged, as here the order is fixed
    "crop": (33.1, 33.9, 56.3, 46.0, 35.0, 30.2),
    "cutout": (32.2, 25.6, 33.9, 40.0, 25.2, 22.4),
    "jitter": (55.8, 35.5, 18.8, 21.0, 16.5, 20.8),
    "sobel": (46.2, 40.6, 20.9, 4.0, 6.2, 4.2),
    "blur": (35.1, 25.2, 16.6, 5.8, 2.6, 6.7),
    "rotate": (30.0, 22.5, 20.7, 4.3, 6.5, 2.6),
}


def _figure(a: str, b: str) -> float:
    return round((_FIGURE_5[a][OPS.index(b)] + _FIGURE_5[b][OPS.index(a)]) / 2, 2)


_PAIRS = [(a, b) for i, a in enumerate(OPS) for b in OPS[i:]]
_OTHERS = [pair for pair in _PAIRS if pair not in (("crop", "jitter"),) and pair[0] != pair[1]]
COMPOSED = Arm(
    "SimCLR",
    composition(base("simclr", steps=300), list(OPS), "one", SEEDS, "composition of augmentations"),
)


def _best(said: str, others: list[tuple[str, str]]) -> Claim:
    """Crop with colour against the mean of others."""
    terms = [Term(-1 / len(others), "SimCLR", pair, "knn_h") for pair in others]
    mean = sum(_figure(*pair) for pair in others) / len(others)
    difference = round(_figure("crop", "jitter") - mean, 1)
    return Claim(said, (Term(1.0, "SimCLR", ("crop", "jitter"), "knn_h"), *terms), difference)


composition_of_ops = Classic(
    "composition",
    "Composition of augmentations",
    "Which two augmentations make the task teach something, where one alone does not?",
    f"{SIMCLR}, figure 5",
    f"{IMAGENET}; one branch only, every image cropped first",
    "The other branch is the image itself, and no image is cropped before.",
    (COMPOSED,),
    (
        _best("Crop with colour is better than crop alone.", [("crop", "crop")]),
        _best("It is better than colour alone.", [("jitter", "jitter")]),
        _best("It is better than the other pairs are on average.", _OTHERS),
        _best("It is better than single augmentations are on average.", [(op, op) for op in OPS]),
    ),
    tuple(
        Point("SimCLR", a if a == b else f"{a} + {b}", "SimCLR", (a, b), "knn_h", _figure(a, b))
        for a, b in _PAIRS
    ),
    "grid",
    read=False,
)

# -- shared bits -------------------------------------------------------------------------------
_BITS: dict[Scalar, dict[str, Scalar]] = {
    "0": {},
    **{str(k): {"view.stamp": 1.0, "view.stamp_bits": k} for k in (1, 2, 4, 8)},
    "8, one view": {"view1.stamp": 1.0, "view1.stamp_bits": 8},
}
STAMPED = Arm("SimCLR", one_axis("shared bits", base("simclr", **QUICK), "shared bits", _BITS))

feature_suppression = Classic(
    "feature_suppression",
    "Feature suppression by shared bits",
    "Do a few random bits that both views share keep SimCLR from learning what is in the image?",
    "Chen, Luo, Li 2021, Intriguing Properties of Contrastive Losses, arXiv 2011.02803",
    "ImageNet with random bits as further channels; the abstract gives the direction",
    "The bits are coloured squares on the upper edge, drawn after all augmentation; the probe "
    "images have none. One view: the same squares on one view alone, where they give nothing away.",
    (STAMPED,),
    (
        more(
            "Eight shared bits suppress the shape.",
            [("SimCLR", ("0",), "knn_h")],
            [("SimCLR", ("8",), "knn_h")],
        ),
        more(
            "That they are shared does it: the same squares on one view alone harm less.",
            [("SimCLR", ("8, one view",), "knn_h")],
            [("SimCLR", ("8",), "knn_h")],
        ),
        more(
            "The more bits are shared, the less is left (1 against 8).",
            [("SimCLR", ("1",), "knn_h")],
            [("SimCLR", ("8",), "knn_h")],
        ),
        more(
            "The loss is lower all the same.",
            [("SimCLR", ("0",), "loss")],
            [("SimCLR", ("8",), "loss")],
        ),
    ),
    points(STAMPED),
    "bars",
)

# -- noise only --------------------------------------------------------------------------------
NOISY = Arm(
    "SimCLR",
    one_axis(
        "noise only",
        base("simclr", "none", **QUICK),
        "augmentation",
        {"none": {}, "noise": {"view.noise": 1.0}},
    ),
)
_FULL = Arm(
    "SimCLR, all",
    one_axis("all augmentations", base("simclr", **QUICK), "augmentation", {"all": {}}),
)

noise_only = Classic(
    "noise_only",
    "Gaussian noise as the only augmentation",
    "Does SimCLR learn anything when the two views differ by noise alone?",
    "FFCV-SSL, Bordes, Balestriero, Vincent 2023, arXiv 2303.01986",
    "ImageNet; the abstract gives the direction",
    "",
    (NOISY, _FULL),
    (
        more(
            "Noise alone teaches something: better than the same network untrained.",
            [("SimCLR", ("noise",), "knn_h")],
            [("SimCLR", ("noise",), "start_knn_h")],
        ),
        more(
            "It is far from what a full recipe reaches.",
            [("SimCLR, all", ("all",), "knn_h")],
            [("SimCLR", ("noise",), "knn_h")],
        ),
    ),
    (
        *points(NOISY),
        *points(_FULL, series="SimCLR"),
        Point("SimCLR", "untrained", "SimCLR", ("none",), "start_knn_h"),
    ),
    "bars",
)

AUGMENTATIONS = (composition_of_ops, crop_colour, jitter_strength, feature_suppression, noise_only)

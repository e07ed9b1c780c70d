"""Classic experiments on what stands behind the backbone: projector, predictor, slow target."""

from sslviz.sweeps.classics.augmentations import JITTERED
from sslviz.sweeps.classics.bases import BYOL, IMAGENET, QUICK, SIMCLR, SIMSIAM, base
from sslviz.sweeps.classics.classic import Arm, Classic, more, one_axis, over, points

# -- projector ---------------------------------------------------------------------------------
_DEPTHS = {
    "none": {"method.projector_depth": 0},
    "linear": {"method.projector_depth": 1},
    "MLP": {"method.projector_depth": 2},
}
_PROJECTED = Arm("SimCLR", one_axis("projector", base("simclr", **QUICK), "projector", _DEPTHS))

projector = Classic(
    "projector",
    "Projector: none, linear, MLP; h against z",
    "Why train through a projector and then throw it away?",
    f"{SIMCLR}, figure 8 and table 3",
    f"{IMAGENET}; the text gives the differences",
    "",
    (_PROJECTED,),
    (
        more(
            "An MLP is better than no projector.",
            [("SimCLR", ("MLP",), "knn_h")],
            [("SimCLR", ("none",), "knn_h")],
            10.0,
        ),
        more(
            "An MLP is better than a linear projector.",
            [("SimCLR", ("MLP",), "knn_h")],
            [("SimCLR", ("linear",), "knn_h")],
            3.0,
        ),
        more(
            "h, before the projector, is better than z behind it.",
            [("SimCLR", ("MLP",), "knn_h")],
            [("SimCLR", ("MLP",), "knn_z")],
            10.0,
        ),
        more(
            "h knows how the image is turned, z has forgotten it.",
            [("SimCLR", ("MLP",), "probe_rotation_h")],
            [("SimCLR", ("MLP",), "probe_rotation_z")],
            42.0,
            f"{SIMCLR}, table 3: 67.6 against 25.6",
        ),
        more(
            "h knows the background's hue better than z.",
            [("SimCLR", ("MLP",), "probe_bg_hue_h")],
            [("SimCLR", ("MLP",), "probe_bg_hue_z")],
            1.9,
            f"{SIMCLR}, table 3: colour against grayscale, 99.3 and 97.4",
        ),
    ),
    (*points(_PROJECTED, series="h"), *points(_PROJECTED, metric="knn_z", series="z")),
    "bars",
)

# -- dimensional collapse ----------------------------------------------------------------------
dimensional_collapse = Classic(
    "dimensional_collapse",
    "Dimensional collapse",
    "Does contrastive learning, too, lose dimensions, and what does the projector have to do "
    "with it?",
    "Jing, Vincent, LeCun, Tian 2021, arXiv 2110.09348, table 1 and figures",
    f"{IMAGENET}, 100 epochs",
    "Dimensions in use: effective rank (RankMe) of h and z.",
    (_PROJECTED, Arm("colour", JITTERED.sweep)),
    (
        more(
            "Two layers are better than none.",
            [("SimCLR", ("MLP",), "knn_h")],
            [("SimCLR", ("none",), "knn_h")],
            15.0,
        ),
        more(
            "One layer is better than none.",
            [("SimCLR", ("linear",), "knn_h")],
            [("SimCLR", ("none",), "knn_h")],
            9.6,
        ),
        more(
            "With a projector h keeps more dimensions than without.",
            [("SimCLR", ("MLP",), "effective_rank_h")],
            [("SimCLR", ("none",), "effective_rank_h")],
        ),
        more(
            "Behind a projector h keeps more dimensions than z.",
            [("SimCLR", ("MLP",), "effective_rank_h")],
            [("SimCLR", ("MLP",), "effective_rank_z")],
        ),
        more(
            "Strong augmentation leaves z fewer dimensions than weak.",
            [("colour", (0.125,), "effective_rank_z")],
            [("colour", (1.0,), "effective_rank_z")],
        ),
    ),
    (
        *points(_PROJECTED, {"none": 51.5, "linear": 61.1, "MLP": 66.5}, series="h"),
        *points(_PROJECTED, metric="effective_rank_h", series="rank of h"),
        *points(_PROJECTED, metric="effective_rank_z", series="rank of z"),
    ),
    "bars",
)

# -- stop-gradient -----------------------------------------------------------------------------
_STOPPED = {"with": {}, "without": {"method.stop_gradient": False}}
_SIMSIAM = Arm("SimSiam", one_axis("stop-gradient", base("simsiam"), "stop-gradient", _STOPPED))

stop_gradient = Classic(
    "stop_gradient",
    "Stop-gradient",
    "What becomes of SimSiam when gradients flow through both branches?",
    f"{SIMSIAM}, figure 2",
    f"{IMAGENET}, 100 epochs",
    "The output BatchNorm stays on, so that the deviation of z stays near 1 even in collapse.",
    (_SIMSIAM,),
    (
        more(
            "Without stop-gradient the features are worthless.",
            [("SimSiam", ("with",), "knn_h")],
            [("SimSiam", ("without",), "knn_h")],
            67.6,
        ),
        more(
            "The loss falls to its least value, -1.",
            [("SimSiam", ("with",), "loss")],
            [("SimSiam", ("without",), "loss")],
        ),
        more(
            "The dimensions of z are lost.",
            [("SimSiam", ("with",), "effective_rank_z")],
            [("SimSiam", ("without",), "effective_rank_z")],
        ),
    ),
    points(_SIMSIAM, {"with": 67.7, "without": 0.1}),
    "bars",
)

# -- predictor ---------------------------------------------------------------------------------
_PREDICTED = {"with": {}, "without": {"method.predictor": False}}
_OF_SIMSIAM = Arm("SimSiam", one_axis("predictor", base("simsiam"), "predictor", _PREDICTED))
_OF_BYOL = Arm("BYOL", one_axis("predictor, BYOL", base("byol"), "predictor", _PREDICTED))

predictor = Classic(
    "predictor",
    "Predictor",
    "Do methods without negatives need the predictor?",
    f"{SIMSIAM}, table 1; {BYOL}, table 5",
    f"{IMAGENET}; SimSiam 100, BYOL 300 epochs",
    "",
    (_OF_SIMSIAM, _OF_BYOL),
    (
        more(
            "SimSiam without a predictor fails.",
            [("SimSiam", ("with",), "knn_h")],
            [("SimSiam", ("without",), "knn_h")],
            67.6,
        ),
        more(
            "BYOL without a predictor fails.",
            [("BYOL", ("with",), "knn_h")],
            [("BYOL", ("without",), "knn_h")],
            72.3,
        ),
        more(
            "z loses its dimensions without it (SimSiam).",
            [("SimSiam", ("with",), "effective_rank_z")],
            [("SimSiam", ("without",), "effective_rank_z")],
        ),
        more(
            "z loses its dimensions without it (BYOL).",
            [("BYOL", ("with",), "effective_rank_z")],
            [("BYOL", ("without",), "effective_rank_z")],
        ),
    ),
    (
        *points(_OF_SIMSIAM, {"with": 67.7, "without": 0.1}),
        *points(_OF_BYOL, {"with": 72.5, "without": 0.2}),
    ),
    "bars",
)

# -- the target's decay ------------------------------------------------------------------------
_DECAYS = [0.0, 0.9, 0.99, 0.999, 1.0]
_DECAYED = Arm(
    "BYOL",
    over(
        "target decay",
        base("byol", method__momentum_schedule="constant"),
        "method.momentum",
        _DECAYS,
    ),
)

target_decay = Classic(
    "target_decay",
    "BYOL's target decay",
    "How slowly must BYOL's target follow?",
    f"{BYOL}, table 5",
    f"{IMAGENET}, 300 epochs; a random network: 1.4",
    "A run of 1,000 steps is short for a decay of 0.999.",
    (_DECAYED,),
    (
        more(
            "A slow target (0.99) is better than none (0).",
            [("BYOL", (0.99,), "knn_h")],
            [("BYOL", (0.0,), "knn_h")],
            72.2,
        ),
        more(
            "It is better than one that never moves (1).",
            [("BYOL", (0.99,), "knn_h")],
            [("BYOL", (1.0,), "knn_h")],
            53.7,
        ),
        more(
            "It is better than a quick one (0.9).",
            [("BYOL", (0.99,), "knn_h")],
            [("BYOL", (0.9,), "knn_h")],
            4.1,
        ),
        more(
            "Imitating a network that stays random is better than the random network itself.",
            [("BYOL", (1.0,), "knn_h")],
            [("BYOL", (1.0,), "start_knn_h")],
            17.4,
            f"{BYOL}, section 3",
        ),
    ),
    points(_DECAYED, {0.0: 0.3, 0.9: 68.4, 0.99: 72.5, 0.999: 69.8, 1.0: 18.8}),
)

HEADS = (projector, dimensional_collapse, stop_gradient, predictor, target_decay)

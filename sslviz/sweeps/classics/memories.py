"""Classic experiments on banks, queues and pretext tasks."""

from sslviz.sweeps.classics.bases import IMAGENET, MOCO, base
from sslviz.sweeps.classics.classic import Arm, Classic, more, one_axis, over, points

# -- MoCo's momentum ---------------------------------------------------------------------------
_MOMENTUM = Arm(
    "MoCo", over("MoCo's momentum", base("moco"), "method.momentum", [0.0, 0.9, 0.99, 0.999])
)

moco_momentum = Classic(
    "moco_momentum",
    "MoCo's momentum",
    "How slowly must MoCo's key encoder follow?",
    f"{MOCO}, section 4.1",
    f"{IMAGENET}; at 0 it fails to train",
    "A run of 1,000 steps is short for a momentum of 0.999.",
    (_MOMENTUM,),
    (
        more(
            "Without momentum MoCo fails.", [("MoCo", (0.9,), "knn_h")], [("MoCo", (0.0,), "knn_h")]
        ),
        more(
            "0.99 is better than 0.9.",
            [("MoCo", (0.99,), "knn_h")],
            [("MoCo", (0.9,), "knn_h")],
            2.6,
        ),
        more(
            "0.999 is better than 0.9.",
            [("MoCo", (0.999,), "knn_h")],
            [("MoCo", (0.9,), "knn_h")],
            3.8,
        ),
    ),
    points(_MOMENTUM, {0.9: 55.2, 0.99: 57.8, 0.999: 59.0}),
)

# -- MoCo's queue ------------------------------------------------------------------------------
_QUEUE = Arm("MoCo", over("MoCo's queue", base("moco"), "method.queue", [16, 256, 1024, 4096]))

moco_queue = Classic(
    "moco_queue",
    "MoCo's queue",
    "Do more negatives, kept in a queue, make better features?",
    f"{MOCO}, figure 3",
    IMAGENET,
    "Four thousand images: the longest queue holds every one of them.",
    (_QUEUE,),
    (
        more(
            "4,096 keys are better than 256.",
            [("MoCo", (4096,), "knn_h")],
            [("MoCo", (256,), "knn_h")],
            4.1,
        ),
        more(
            "1,024 keys are better than 256.",
            [("MoCo", (1024,), "knn_h")],
            [("MoCo", (256,), "knn_h")],
            2.9,
        ),
        more(
            "256 keys are better than 16.", [("MoCo", (256,), "knn_h")], [("MoCo", (16,), "knn_h")]
        ),
    ),
    points(_QUEUE, {256: 54.9, 1024: 57.8, 4096: 59.0}),
    read=False,
)

# -- NPID: parametric against a bank -----------------------------------------------------------
_LOSSES = {
    "parametric": {"method": "exemplar", "method.output_norm": True},
    "bank": {},
    "NCE, 1": {"method.loss": "nce", "method.noise": 1},
    "NCE, 10": {"method.loss": "nce", "method.noise": 10},
    "NCE, 512": {"method.loss": "nce", "method.noise": 512},
}
_INSTANCES = Arm("NPID", one_axis("parametric or bank", base("npid"), "loss", _LOSSES))

npid = Classic(
    "npid",
    "A class for every image: parametric or from a bank",
    "Should the classifier of images have weights of its own, or use the embeddings in a bank?",
    "Wu, Xiong, Yu, Lin 2018, arXiv 1805.01978, table 1",
    "CIFAR-10, ResNet-18, kNN accuracy in percent",
    "1,024 images. The parametric classifier (Exemplar-CNN's) gets two views a step.",
    (_INSTANCES,),
    (
        more(
            "The bank is better than a parametric softmax.",
            [("NPID", ("bank",), "knn_h")],
            [("NPID", ("parametric",), "knn_h")],
            17.8,
        ),
        more(
            "NCE with one noise entry is far worse than the whole sum.",
            [("NPID", ("bank",), "knn_h")],
            [("NPID", ("NCE, 1",), "knn_h")],
            38.3,
        ),
        more(
            "More noise entries help (512 against 10).",
            [("NPID", ("NCE, 512",), "knn_h")],
            [("NPID", ("NCE, 10",), "knn_h")],
            15.0,
        ),
        more(
            "And 10 against 1.",
            [("NPID", ("NCE, 10",), "knn_h")],
            [("NPID", ("NCE, 1",), "knn_h")],
            20.9,
        ),
    ),
    points(
        _INSTANCES,
        {"parametric": 63.0, "bank": 80.8, "NCE, 1": 42.5, "NCE, 10": 63.4, "NCE, 512": 78.4},
    ),
    "bars",
)

# -- PIRL: predict it, or be invariant to it ---------------------------------------------------
_UPRIGHT = {"data": "shapes_upright", "train_images": 1024, "steps": 600, "lr": 0.002}
_INVARIANT = {"method": "pirl", "method.output_norm": True}
_JIGSAW = Arm(
    "jigsaw",
    one_axis(
        "jigsaw",
        base("jigsaw", "shapes_upright", **_UPRIGHT),
        "the network",
        {"predicts it": {}, "ignores it": _INVARIANT},
    ),
)
_TURNED = {**_INVARIANT, "method.transform": "rotation"}
_ROTATION = Arm(
    "rotation",
    one_axis(
        "rotation",
        base("rotnet", "shapes_upright", **_UPRIGHT),
        "the network",
        {"predicts it": {}, "ignores it": _TURNED},
    ),
)

pirl = Classic(
    "pirl",
    "PIRL: predict the change, or be invariant to it",
    "Is a jigsaw puzzle, or a rotation, better predicted or better ignored?",
    "PIRL, arXiv 1912.01991, table 1; VISSL's model zoo",
    f"{IMAGENET}",
    "1,024 upright shapes, the same views for all.",
    (_JIGSAW, _ROTATION),
    (
        more(
            "Ignoring the jigsaw is better than solving it.",
            [("jigsaw", ("ignores it",), "knn_h")],
            [("jigsaw", ("predicts it",), "knn_h")],
            16.9,
        ),
        more(
            "Ignoring the rotation is better than telling it.",
            [("rotation", ("ignores it",), "knn_h")],
            [("rotation", ("predicts it",), "knn_h")],
            12.0,
        ),
    ),
    (
        *points(_JIGSAW, {"predicts it": 46.7, "ignores it": 63.6}),
        *points(_ROTATION, {"predicts it": 48.2, "ignores it": 60.2}),
    ),
    "bars",
    read=False,
)

MEMORIES = (moco_momentum, moco_queue, npid, pirl)

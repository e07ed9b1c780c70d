"""Classic experiments on the contrastive loss: its temperature, its batch, its two halves."""

from sslviz.sweeps.classics.bases import IMAGENET, MOCO_V2, QUICK, SIMCLR, base
from sslviz.sweeps.classics.classic import Arm, Classic, Point, more, one_axis, over, points

# -- temperature -------------------------------------------------------------------------------
WARMER = Arm(
    "SimCLR", over("temperature", base("simclr", **QUICK), "method.tau", [0.05, 0.1, 0.5, 1.0])
)

temperature = Classic(
    "temperature",
    "Temperature",
    "Which temperature gives the best features, and is it the one at which the pairs are "
    "told apart best?",
    f"{SIMCLR}, table 5",
    f"{IMAGENET}; accuracy of the contrastive task: 90.5, 87.8, 68.2, 59.1",
    "",
    (WARMER,),
    (
        more(
            "0.1 is better than 0.05.",
            [("SimCLR", (0.1,), "knn_h")],
            [("SimCLR", (0.05,), "knn_h")],
            4.7,
        ),
        more(
            "0.1 is better than 0.5.",
            [("SimCLR", (0.1,), "knn_h")],
            [("SimCLR", (0.5,), "knn_h")],
            3.7,
        ),
        more(
            "0.1 is better than 1.",
            [("SimCLR", (0.1,), "knn_h")],
            [("SimCLR", (1.0,), "knn_h")],
            6.4,
        ),
        more(
            "The lower the temperature, the better the pairs are told apart (0.05 against 1).",
            [("SimCLR", (0.05,), "contrastive_accuracy")],
            [("SimCLR", (1.0,), "contrastive_accuracy")],
            31.4,
        ),
    ),
    points(WARMER, {0.05: 59.7, 0.1: 64.4, 0.5: 60.7, 1.0: 58.0}),
)

# -- batch size --------------------------------------------------------------------------------
_IMAGES = 51_200
_BATCHES = {
    n: {"batch_size": n, "steps": _IMAGES // n, "lr": round(0.003 * (n / 128) ** 0.5, 5)}
    for n in (32, 64, 128, 256)
}
_INFONCE = Arm("InfoNCE", one_axis("batch size", base("simclr"), "batch size", _BATCHES))
_DCL = Arm("DCL", one_axis("batch size, DCL", base("dcl"), "batch size", _BATCHES))

batch_size = Classic(
    "batch_size",
    "Batch size",
    "How much do InfoNCE and its decoupled form (DCL) lose when the batch, and with it the "
    "number of negatives, is small?",
    "DCL, arXiv 2110.06848; numbers of github.com/raminnakhli/Decoupled-Contrastive-Learning",
    "CIFAR-10, ResNet-18, 100 epochs, linear probe, accuracy in percent",
    "Every batch size sees the same number of images; the learning rate goes with its root.",
    (_INFONCE, _DCL),
    (
        more(
            "InfoNCE is worse with 32 images than with 256.",
            [("InfoNCE", (256,), "knn_h")],
            [("InfoNCE", (32,), "knn_h")],
            5.0,
        ),
        more(
            "With 32 images DCL is better than InfoNCE.",
            [("DCL", (32,), "knn_h")],
            [("InfoNCE", (32,), "knn_h")],
            6.3,
        ),
        more(
            "DCL loses less by small batches than InfoNCE.",
            [("InfoNCE", (256,), "knn_h"), ("DCL", (32,), "knn_h")],
            [("InfoNCE", (32,), "knn_h"), ("DCL", (256,), "knn_h")],
            4.2,
        ),
    ),
    (
        *points(_INFONCE, {32: 78.3, 64: 81.5, 128: 83.1, 256: 83.3}),
        *points(_DCL, {32: 84.6, 64: 85.6, 128: 85.6, 256: 85.4}),
    ),
)

# -- MoCo v2: the head moves the best temperature ----------------------------------------------
_TAUS = [0.07, 0.2, 0.5]
_LINEAR = Arm(
    "linear head",
    over("MoCo, linear head", base("moco", method__projector_depth=1), "method.tau", _TAUS),
)
_MLP = Arm("MLP head", over("MoCo, MLP head", base("moco"), "method.tau", _TAUS))

moco_v2 = Classic(
    "moco_v2",
    "MoCo v2: an MLP head, and the temperature with it",
    "What does an MLP head give MoCo, and does it change which temperature is best?",
    f"{MOCO_V2}, table 2 and section 3.1",
    f"{IMAGENET}, 200 epochs",
    "",
    (_LINEAR, _MLP),
    (
        more(
            "At 0.07 the MLP head is better than the linear one.",
            [("MLP head", (0.07,), "knn_h")],
            [("linear head", (0.07,), "knn_h")],
            2.3,
        ),
        more(
            "At 0.2 it is better still.",
            [("MLP head", (0.2,), "knn_h")],
            [("linear head", (0.2,), "knn_h")],
            7.2,
        ),
        more(
            "The MLP head gains more from a higher temperature (0.07 to 0.2) than the linear one.",
            [("MLP head", (0.2,), "knn_h"), ("linear head", (0.07,), "knn_h")],
            [("MLP head", (0.07,), "knn_h"), ("linear head", (0.2,), "knn_h")],
            4.9,
        ),
    ),
    (
        *points(_LINEAR, {0.07: 60.6, 0.2: 59.0, 0.5: 56.4}),
        *points(_MLP, {0.07: 62.9, 0.2: 66.2, 0.5: 64.3}),
    ),
)

# -- longer training ---------------------------------------------------------------------------
_LENGTHS = {1: {"steps": 250}, 2: {"steps": 500}, 4: {"steps": 1000}}
_LONGER = Arm("MoCo", one_axis("longer training", base("moco"), "length", _LENGTHS))

longer_training = Classic(
    "longer_training",
    "Longer training",
    "How much does twice or four times the training give?",
    "github.com/facebookresearch/moco, branch colab-notebook (symmetric loss)",
    "CIFAR-10, ResNet-18, 200, 400 and 800 epochs, kNN accuracy in percent",
    "1, 2, 4: 250, 500 and 1,000 steps, each with its own cosine.",
    (_LONGER,),
    (
        more("Twice as long is better.", [("MoCo", (2,), "knn_h")], [("MoCo", (1,), "knn_h")], 3.2),
        more(
            "Four times as long is better still.",
            [("MoCo", (4,), "knn_h")],
            [("MoCo", (2,), "knn_h")],
            1.2,
        ),
        more(
            "The second doubling gives less than the first.",
            [("MoCo", (2,), "knn_h"), ("MoCo", (2,), "knn_h")],
            [("MoCo", (1,), "knn_h"), ("MoCo", (4,), "knn_h")],
            2.0,
        ),
    ),
    points(_LONGER, {1: 85.3, 2: 88.5, 4: 89.7}),
)

# -- alignment and uniformity ------------------------------------------------------------------
_PUSH = {
    "with negatives": {},
    "without negatives": {"method.negatives": False, "method.output_norm": False},
}
_NEGATIVES = Arm("negatives", one_axis("negatives", base("simclr", **QUICK), "negatives", _PUSH))
_TEMPERED = Arm("temperature", WARMER.sweep)

alignment_uniformity = Classic(
    "alignment_uniformity",
    "The plane of alignment and uniformity",
    "Where do encoders stand between pairs that agree (alignment) and embeddings that spread "
    "(uniformity)?",
    "Wang, Isola 2020, arXiv 2005.10242; Wang, Liu 2021, arXiv 2012.09740",
    "STL-10, ImageNet and others; directions",
    "Both are lower where they are better; alignment 0 and uniformity 0 is complete collapse.",
    (_NEGATIVES, _TEMPERED),
    (
        more(
            "Training brings the pairs together: alignment falls.",
            [("negatives", ("with negatives",), "start_alignment")],
            [("negatives", ("with negatives",), "alignment")],
        ),
        more(
            "Without negatives nothing spreads: uniformity goes towards 0.",
            [("negatives", ("without negatives",), "uniformity")],
            [("negatives", ("with negatives",), "uniformity")],
        ),
        more(
            "A low temperature spreads more (0.05 against 1).",
            [("temperature", (1.0,), "uniformity")],
            [("temperature", (0.05,), "uniformity")],
            source="Wang, Liu 2021, arXiv 2012.09740",
        ),
        more(
            "And it aligns less.",
            [("temperature", (0.05,), "alignment")],
            [("temperature", (1.0,), "alignment")],
            source="Wang, Liu 2021, arXiv 2012.09740",
        ),
        more(
            "Low on both is better: with negatives against without.",
            [("negatives", ("with negatives",), "knn_h")],
            [("negatives", ("without negatives",), "knn_h")],
        ),
    ),
    (
        Point("SimCLR", "untrained", "negatives", ("with negatives",), "start_knn_h"),
        *points(_NEGATIVES, series="SimCLR"),
        *points(_TEMPERED, series="temperature"),
    ),
    "plane",
)

LOSSES = (temperature, batch_size, moco_v2, longer_training, alignment_uniformity)

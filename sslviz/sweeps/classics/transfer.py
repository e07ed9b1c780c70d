"""Classic experiments on what an encoder is worth: few labels, distillation, generating."""

from sslviz.sweeps.classics.bases import QUICK, SIMCLR, SIMCLR_V2, base
from sslviz.sweeps.classics.classic import SEEDS, Arm, Asked, Classic, Point, more, one_axis
from sslviz.sweeps.sweep import Sweep

# -- label fractions ---------------------------------------------------------------------------
_FEW = (0.01, 0.1, 1.0)
_FIRST, _MIDDLE = Asked("finetune", 0, _FEW), Asked("finetune", 1, _FEW)
_ALONE, _STUDENT = Asked("scratch", 0, _FEW), Asked("distil", 0, (0.1,))
_BASE = base("simclrv2", **QUICK)
_TUNED = Arm(
    "SimCLR v2", Sweep(_BASE, (), SEEDS, name="label fractions"), (_FIRST, _MIDDLE, _ALONE)
)


def _of(asked: Asked, share: float) -> tuple[str, tuple[()], str]:
    return "SimCLR v2", (), asked.metric(share)


def _line(series: str, asked: Asked, paper: dict[float, float]) -> tuple[Point, ...]:
    return tuple(
        Point(series, f"{100 * share:g}%", "SimCLR v2", (), asked.metric(share), paper.get(share))
        for share in _FEW
    )


label_fractions = Classic(
    "label_fractions",
    "Few labels, and the layer to tune from",
    "How much is pre-training worth with 1%, 10% and all labels, and from which layer should "
    "one tune?",
    f"{SIMCLR}, tables 7 and B.4; {SIMCLR_V2}, section 3.2",
    "ImageNet, ResNet-50, top-1 accuracy in percent; the layer: +14% of the accuracy at 1%",
    "1% of these 4,096 shapes are 5 of each class. Tuning and training from scratch get 300 "
    "steps of 64 images.",
    (_TUNED,),
    (
        more(
            "With 1% of the labels tuning is far better than training from scratch.",
            [_of(_FIRST, 0.01)],
            [_of(_ALONE, 0.01)],
            22.9,
        ),
        more("It is better with 10%.", [_of(_FIRST, 0.1)], [_of(_ALONE, 0.1)], 9.2),
        more(
            "The gain is larger with 1% than with all labels.",
            [_of(_FIRST, 0.01), _of(_ALONE, 1.0)],
            [_of(_ALONE, 0.01), _of(_FIRST, 1.0)],
            23.4,
        ),
        more(
            "With 1% tuning from the projector's first layer is better than from h.",
            [_of(_MIDDLE, 0.01)],
            [_of(_FIRST, 0.01)],
            source=f"{SIMCLR_V2}, section 3.2",
        ),
        more(
            "The layer matters more with 1% than with 10%.",
            [_of(_MIDDLE, 0.01), _of(_FIRST, 0.1)],
            [_of(_FIRST, 0.01), _of(_MIDDLE, 0.1)],
            source=f"{SIMCLR_V2}, section 3.2",
        ),
    ),
    (
        *_line("from h", _FIRST, {0.01: 48.3, 0.1: 65.6, 1.0: 76.0}),
        *_line("from the projector's first layer", _MIDDLE, {}),
        *_line("from scratch", _ALONE, {0.01: 25.4, 0.1: 56.4, 1.0: 76.5}),
    ),
)

# -- distillation ------------------------------------------------------------------------------
_TAUGHT = Arm("SimCLR v2", Sweep(_BASE, (), SEEDS, name="distillation"), (_FIRST, _ALONE, _STUDENT))

distillation = Classic(
    "distillation",
    "Distillation with unlabelled images",
    "Can a student that sees no label learn from a teacher that saw few?",
    f"{SIMCLR_V2}, abstract; {SIMCLR}, table 7",
    "ImageNet, ResNet-50, 10% of the labels, top-1 accuracy in percent",
    "Teacher and student have the same size; there the teacher of the student is larger.",
    (_TAUGHT,),
    (
        more(
            "The student is better than the same network trained on the labels alone.",
            [_of(_STUDENT, 0.1)],
            [_of(_ALONE, 0.1)],
            21.1,
        ),
    ),
    (
        Point("10% of the labels", "labels alone", *_of(_ALONE, 0.1), 56.4),
        Point("10% of the labels", "teacher: tuned", *_of(_FIRST, 0.1), 68.4),
        Point("10% of the labels", "student: distilled", *_of(_STUDENT, 0.1), 77.5),
    ),
    "bars",
)

# -- generative against contrastive ------------------------------------------------------------
_LINEAR, _ALL = Asked("linear"), Asked("finetune")
_KNN = Asked("knn")
_VIT = {
    "MAE": {},
    "SimCLR": {
        "method": "simclr",
        "backbone": "vit",
        "method.tau": 0.1,
        "method.output_norm": True,
    },
}
_PAINTED = Arm(
    "vit",
    one_axis("generative or contrastive", base("mae", batch_size=128, steps=600), "method", _VIT),
    (_KNN, _LINEAR, _ALL),
)


def _vit(method: str, asked: Asked) -> tuple[str, tuple[str], str]:
    return "vit", (method,), asked.metric(1.0)


generative = Classic(
    "generative",
    "Generative against contrastive",
    "Does painting hidden patches (MAE) give features that can be read off as well as "
    "contrastive ones?",
    "github.com/lightly-ai/lightly, ImageNet benchmark",
    "ImageNet, 100 epochs, accuracy in percent; MAE with a ViT-B, SimCLR with a ResNet-50",
    "Both with the same tiny transformer, on the same shapes and views.",
    (_PAINTED,),
    (
        more(
            "By nearest neighbours SimCLR is far better.",
            [_vit("SimCLR", _KNN)],
            [_vit("MAE", _KNN)],
            33.6,
        ),
        more(
            "By a linear probe it is better.",
            [_vit("SimCLR", _LINEAR)],
            [_vit("MAE", _LINEAR)],
            17.2,
        ),
        more("After fine-tuning MAE is better.", [_vit("MAE", _ALL)], [_vit("SimCLR", _ALL)], 7.4),
    ),
    (
        *(
            Point("MAE", asked.protocol, *_vit("MAE", asked), paper)
            for asked, paper in ((_KNN, 11.2), (_LINEAR, 46.0), (_ALL, 81.3))
        ),
        *(
            Point("SimCLR", asked.protocol, *_vit("SimCLR", asked), paper)
            for asked, paper in ((_KNN, 44.8), (_LINEAR, 63.2), (_ALL, 73.9))
        ),
    ),
    "bars",
)

TRANSFER = (label_fractions, distillation, generative)

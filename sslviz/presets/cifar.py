"""Every method on CIFAR-10 with a ResNet-18: what differs from a RunConfig's defaults. Torch-free.

Above each recipe stands where its numbers come from. `lightly` is docs/source/getting_started/
benchmarks/cifar10_benchmark.py of lightly-ai/lightly, its accuracies the table in benchmarks.rst
beside it: kNN (k = 200, cosine, temperature 0.1) in the best of 200 epochs. `solo` is
scripts/pretrain/cifar of vturrisi/solo-learn. "Starting value": nobody published this method at
this scale, or not with an optimizer that we have.

Weight decay: here biases and BatchNorms have none. The programs named below decay them like all
other weights, but for vissl (PIRL) and solo's LARS (MoCo v3, VICReg), which decay neither.
"""

from dataclasses import dataclass
from typing import Any

IMAGES = 50_000


@dataclass(frozen=True)
class Recipe:
    """`views`: a name in VIEW_PRESETS. `settings`: what `RunConfig.with_settings` takes."""

    views: str
    settings: dict[str, Any]


def _recipe(
    views: str, batch: int, lr: float, optimizer: str = "sgd", decay: float = 5e-4, **knobs: Any
) -> Recipe:
    """200 epochs with a cosine. `lr` is meant for 256 images and scaled to the batch; of `knobs`
    those of the method come as they are, `warmup` counts epochs, `backbone` names another."""
    epoch = IMAGES // batch
    settings = {
        "backbone": knobs.pop("backbone", "resnet18"),
        "standardise": False,
        "batch_size": batch,
        "steps": 200 * epoch,
        "warmup_steps": knobs.pop("warmup", 0) * epoch,
        "optimizer": optimizer,
        "lr": lr * batch / 256,
        "weight_decay": decay,
    }
    return Recipe(views, settings | {f"method.{name}": value for name, value in knobs.items()})


def _head(depth: int, hidden: int, out: int) -> dict[str, Any]:
    return {"projector_depth": depth, "projector_width": hidden, "embedding": out}


# facebookresearch/moco, colab-notebook: linear head, one direction of the loss; 82.6 (kNN, k = 200,
# 200 epochs), there with BatchNorm split in 8 and a shuffled key batch, which are absent here
MOCO_V1 = _recipe(
    "simclr_cifar", 512, 0.03, tau=0.1, momentum=0.99, queue=4096, **_head(1, 128, 128)
)
CIFAR = {
    # github.com/kuangliu/pytorch-cifar (95% supervised); it shifts by 4 pixels instead of cropping
    "supervised": _recipe("crop_flip", 128, 0.2),
    # solo supcon.yaml: 93.8 by a linear probe after 1000 epochs
    "supcon": _recipe(
        "simclr_cifar", 256, 0.4, decay=1e-5, warmup=10, tau=0.2, **_head(2, 2048, 256)
    ),
    # starting value
    "autoencoder": _recipe("crop_flip", 256, 0.001, "adamw", 1e-4, **_head(1, 256, 256)),
    # arXiv 1604.07379, section 4: Adam 2e-4, adversarial weight 0.001; our own batch and width
    "context_encoder": _recipe(
        "crop_flip", 256, 2e-4, "adamw", 1e-4, adversarial=True, **_head(1, 256, 512)
    ),
    # github.com/IcarusWizard/MAE: 1.5e-4 for 256 images, a tenth of the time warm-up; 2000 epochs
    "mae": _recipe(
        *("crop_flip", 512, 1.5e-4, "adamw", 0.05),
        **{"backbone": "vit", "warmup": 20, "mask": 0.75, "decoder_depth": 4},
    ),
    # arXiv 1803.07728, CIFAR10_RotNet_NIN4blocks (there three drops of the rate, no crops)
    "rotnet": _recipe("crop_flip", 128, 0.2),
    # arXiv 1603.09246: lr 0.01 for 256 images, P = 1000; starting value at 32 pixels
    "jigsaw": _recipe("crop_flip", 256, 0.01, permutations=1000, joint_width=1024),
    # starting value: the optimizer of NPID, whose authors compare with this classifier
    "exemplar": _recipe("npid_cifar", 128, 0.06, **_head(1, 128, 128)),
    # github.com/zhirongw/lemniscate.pytorch cifar.py: 80.8 by kNN after 200 epochs, whose
    # rate drops in steps
    "npid": _recipe("npid_cifar", 128, 0.06, tau=0.1, bank_momentum=0.5, **_head(1, 128, 128)),
    # vissl's pirl_jigsaw config (lr 0.12 for 1024, 32,000 negatives); starting value at 32 pixels
    "pirl": _recipe(
        "simclr_cifar", 256, 0.03, decay=1e-4, tau=0.07, negatives=32_000, **_head(1, 128, 128)
    ),
    # github.com/dkobak/simclr-cifar10: 83.2 after 100, 91.4 after 1000 epochs by kNN (k = 10,
    # cosine); no BatchNorm in its projector
    "simclr": _recipe("dkobak_cifar", 512, 0.06, tau=0.5, **_head(2, 1024, 128)),
    # as SimCLR with the third layer of arXiv 2006.10029; starting value
    "simclrv2": _recipe("dkobak_cifar", 512, 0.06, tau=0.5, queue=0, **_head(3, 1024, 128)),
    # lightly: 84.7 at this batch size, with both directions of the loss and BatchNorm split in 8;
    # version 2's head
    "moco": _recipe(
        "simclr_cifar", 512, 0.12, tau=0.1, momentum=0.99, queue=8192, **_head(2, 512, 128)
    ),
    # solo mocov3.yaml (its LARS replaced by lightly's SGD: starting value), views of its
    # asymmetric.yaml
    "mocov3": _recipe(
        *("byol_cifar", 256, 0.12),
        **_head(2, 4096, 256),
        **{"tau": 0.2, "momentum": 0.99, "predictor_width": 4096},
    ),
    # lightly: 84.4 at this batch size; its loss takes the logarithm of the negatives within and
    # across the views apart and adds both
    "dcl": _recipe("simclr_cifar", 128, 0.12, tau=0.1, **_head(2, 512, 128)),
    # lightly: 81.5 at this batch size, 83.4 at 128 (with 4096 in the queue)
    "nnclr": _recipe(
        *("simclr_cifar", 512, 0.12),
        **_head(2, 2048, 256),
        **{"tau": 0.5, "queue": 8192, "predictor_width": 4096},
    ),
    # github.com/jhaochenz96/spectral_contrastive_learning, lr003_mu1: 800 epochs, the first 10 of
    # them warm-up; SimSiam's views; hidden 2048, a BatchNorm after the output (with weights, there)
    "spectral": _recipe(
        *("simsiam_cifar", 512, 0.03),
        **_head(2, 2048, 1000),
        **{"warmup": 10, "mu": 1.0, "output_norm": True},
    ),
    # lightly: 86.8 at this batch size. Its loss is a quarter of ours (half the sum of -cosines): a
    # quarter of its rate with four times its decay makes the same steps
    "byol": _recipe(
        *("byol_cifar", 512, 0.03, "sgd", 2e-3),
        **_head(2, 1024, 256),
        **{"momentum": 0.99, "momentum_schedule": "constant", "predictor_width": 1024},
    ),
    # arXiv 2011.10566, appendix D: 800 epochs, 91.8 by a linear probe; lightly, at its rate of
    # 0.06: 90.4 by kNN, 76.4 after 200 epochs at this batch size
    "simsiam": _recipe("simsiam_cifar", 512, 0.03, predictor_width=512, **_head(2, 2048, 2048)),
    # lightly: 84.2 at this batch size; crops from 0.14 there
    "swav": _recipe(
        *("simclr_cifar", 512, 0.002, "adamw", 1e-6), prototypes=512, **_head(2, 512, 128)
    ),
    # lightly: 84.0 at this batch size, GELU in the head
    "dino": _recipe(
        *("dino_cifar", 128, 0.12),
        **_head(2, 2048, 256),
        **{"momentum": 0.99, "momentum_schedule": "constant", "prototypes": 2048},
    ),
    # lightly: 84.2 at this batch size
    "barlow": _recipe("byol_cifar", 128, 0.12, lam=0.005, **_head(2, 2048, 2048)),
    # solo vicreg.yaml (its LARS replaced by SGD: starting value)
    "vicreg": _recipe("vicreg_cifar", 256, 0.06, decay=1e-4, **_head(2, 2048, 2048)),
    # github.com/htdt/self-supervised: Adam 0.003 for 512 images, the rate dropped in steps; 1000
    # epochs, 91.6 by a linear probe, 89.7 by 5-NN; dkobak's views are these
    "wmse": _recipe(*("dkobak_cifar", 512, 0.0015, "adamw", 1e-6), group=128, **_head(2, 1024, 64)),
    # github.com/rbalestr-lab/lejepa MINIMAL.md, with two global views; starting value here
    "lejepa": _recipe(
        *("lejepa", 256, 0.002, "adamw", 0.05),
        warmup=1,
        lam=0.02,
        slices=1024,
        **_head(3, 2048, 64),
    ),
}

"""What methods are made of, for comparing them. Torch-free.

Whatever a method's file says itself (its knobs, its year) is read from there; the rest stands in
PARTS, and a test holds both against the code of the methods.
"""

import ast
import re
from dataclasses import dataclass

from sslviz.knobs import knobs
from sslviz.methods import card

FAMILIES = {
    "pretext": "Pretext tasks",
    "instance": "Instance discrimination",
    "contrastive": "Contrastive",
    "siamese": "Siamese, no negatives",
    "clustering": "Clustering",
    "redundancy": "Redundancy reduction",
    "generative": "Generative",
    "baseline": "Baselines",
}


@dataclass(frozen=True)
class Parts:
    """`top`, `bottom`: the boxes a view passes, in order; `against`: what else the loss is given.

    `after`: the methods it grew out of. `negatives`: where other images come from ("" is nowhere).
    `cut`: a stop-gradient on the bottom branch. `batch`: "small" will do, "medium" or "large".
    """

    loss: str
    top: str = "view1 f g"
    bottom: str = "view2 f g"
    against: str = ""
    after: tuple[str, ...] = ()
    negatives: str = ""
    cut: bool = False
    batch: str = "medium"


PARTS = {
    "random": Parts("0", batch="small"),
    "supervised": Parts("cross-entropy", "views f g W", "", "label", batch="small"),
    "supcon": Parts("SupCon", against="label", after=("simclr",), negatives="batch", batch="large"),
    "autoencoder": Parts("squared error", "noisy f g d", "", "image", batch="small"),
    "context_encoder": Parts(
        "squared error", "hole f g d", "", "image", ("autoencoder",), batch="small"
    ),
    "mae": Parts(
        "squared error", "patches f g d", "", "image", ("context_encoder",), batch="small"
    ),
    "rotnet": Parts("cross-entropy", "turned f g W", "", "turn", batch="small"),
    "jigsaw": Parts("cross-entropy", "tiles f g W", "", "order", batch="small"),
    "exemplar": Parts("cross-entropy", "views f g W", "", "number", negatives="images"),
    "npid": Parts("softmax", "view1 f g", "", "bank", ("exemplar",), "bank", batch="small"),
    "pirl": Parts(
        "InfoNCE", "view1 f g", "tiles f join", "bank", ("npid", "jigsaw"), "bank", batch="small"
    ),
    "simclr": Parts("NT-Xent", after=("npid",), negatives="batch", batch="large"),
    "simclrv2": Parts(
        "NT-Xent",
        against="queue",
        after=("simclr", "moco"),
        negatives="batch + queue",
        batch="large",
    ),
    "moco": Parts(
        "InfoNCE", "view1 f g", "view2 f' g'", "queue", ("npid",), "queue", cut=True, batch="small"
    ),
    "mocov3": Parts(
        "InfoNCE", "view1 f g q", "view2 f' g'", "", ("moco", "byol"), "batch", True, "large"
    ),
    "dcl": Parts("DCL", after=("simclr",), negatives="batch", batch="small"),
    "nnclr": Parts(
        "InfoNCE", "view1 f g q", "view2 f g NN", "queue", ("simclr",), "batch", True, "large"
    ),
    "spectral": Parts("spectral", after=("simclr",), negatives="batch"),
    "byol": Parts("squared error", "view1 f g q", "view2 f' g'", after=("moco",), cut=True),
    "simsiam": Parts("cosine", "view1 f g q", after=("byol",), cut=True),
    "swav": Parts("cross-entropy", "view1 f g c", "view2 f g c code", after=("npid",), cut=True),
    "dino": Parts(
        "cross-entropy",
        "view1 f g c",
        "view2 f' g' c' centre",
        after=("byol", "swav"),
        cut=True,
    ),
    "barlow": Parts("C → I", after=("simclr",)),
    "vicreg": Parts("VICReg", after=("barlow",)),
    "wmse": Parts("squared error", "view1 f g white", "view2 f g white", after=("byol",)),
    "lejepa": Parts("SIGReg", after=("vicreg",)),
}


def reference(name: str) -> str:
    """Authors, year, title and number of the paper, as the first lines of the method's file say."""
    return " ".join((ast.get_docstring(ast.parse(card(name).source)) or "").split())


def arxiv(name: str) -> str | None:
    """The paper's number on arXiv (of the first version of the method)."""
    found = re.search(r"arXiv (\d{4}\.\d{4,5})", reference(name))
    return found[1] if found else None


def year(name: str) -> int | None:
    """The year of the first preprint, else of the paper; None for what has no paper."""
    number = arxiv(name)
    if number:
        return 2000 + int(number[:2])
    found = re.search(r"\b(?:19|20)\d\d\b", reference(name))
    return int(found[0]) if found else None


def has(name: str, part: str) -> bool:
    """Whether the method has a "momentum" encoder, "predictor", "queue", "bank", "prototypes"."""
    wanted = {"bank": "bank_momentum"}.get(part, part)
    return wanted in knobs(card(name).config)


def memory(name: str) -> str:
    """What the method remembers or learns beside the networks: queue, bank, prototypes or ""."""
    return next((part for part in ("queue", "bank", "prototypes") if has(name, part)), "")


def uses_labels(name: str) -> bool:
    return PARTS[name].against == "label"

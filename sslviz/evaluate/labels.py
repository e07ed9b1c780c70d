"""Which images keep their labels: the same share of every class, smaller shares inside larger."""

import torch
from torch import Tensor

from sslviz.data.images import ImageSet
from sslviz.refusal import Refusal
from sslviz.streams import stream


def labelled_share(images: ImageSet, fraction: float, seed: int) -> Tensor:
    """Indices of `fraction` of each class, rounded down, drawn by `seed`; ascending.

    Raises Refusal where that leaves a class without any image.
    """
    labels = images.labels.cpu()
    kept = []
    for number, name in enumerate(images.class_names):
        members = (labels == number).nonzero()[:, 0]
        n = int(fraction * len(members) + 1e-9)
        if n == 0:
            raise Refusal(
                "{share}% of the {n} training images of class {name} is less than one image; take "
                "a larger share of the labels.",
                share=f"{100 * fraction:.3g}",
                n=len(members),
                name=name,
            )
        order = torch.randperm(len(members), generator=stream(seed, "downstream/labels", number))
        kept.append(members[order[:n]])
    return torch.cat(kept).sort().values


def require_labels(images: ImageSet, data: str) -> None:
    """Raises Refusal for data that a probe cannot learn from or be scored on."""
    if not images.labelled:
        raise Refusal(
            "The images of {data} have no labels; an evaluation needs a class for every image.",
            data=data,
        )
    if len(images.class_names) < 2:
        raise Refusal("{data} has only one class; an evaluation needs at least two.", data=data)

"""Random views of a batch: draw parameters for each image, apply them on the batch's device."""

from collections.abc import Mapping

import torch
from torch import Tensor

from sslviz.augment import packed
from sslviz.augment.apply import apply
from sslviz.augment.draws import Params
from sslviz.augment.params import draw
from sslviz.augment.view import ViewConfig
from sslviz.streams import sent, stream

Packed = Mapping[tuple[int, int], Tensor]  # by view and call


class Pipeline:
    """Makes views 1 and 2 of any batch; what it draws depends on seed, step, view and call only."""

    def __init__(self, view1: ViewConfig, view2: ViewConfig, seed: int) -> None:
        self.views = {1: view1, 2: view2}
        self.seed = seed

    def at(self, step: int, ready: Packed | None = None) -> "Augment":
        return Augment(self, step, ready)


class Augment:
    """The pipeline during one step. `ready`: draws that lie on the device already, packed.

    `calls`: how many views of each kind it was asked for; `lent`: a method has drawn for itself.
    """

    def __init__(self, pipeline: Pipeline, step: int, ready: Packed | None = None) -> None:
        self.pipeline, self.step, self.ready = pipeline, step, ready
        self.calls = dict.fromkeys(pipeline.views, 0)
        self.lent = False

    def params(self, n: int, which: int) -> Params:
        """Fresh draws for n images by recipe 1 or 2; a second call draws anew, but for what all
        views of an image have in common."""
        call = self._call(which)
        name = f"augment/{which}/{call}" if call else f"augment/{which}"
        seed, step = self.pipeline.seed, self.step
        both = stream(seed, "augment/both", step)
        return draw(self.pipeline.views[which], n, stream(seed, name, step), both)

    def _call(self, which: int) -> int:
        self.calls[which] += 1
        return self.calls[which] - 1

    def packed(self, n: int, which: int) -> Tensor:
        """The same draws in one tensor on the CPU, as `ready` takes them."""
        return packed.pack(self.params(n, which), self.pipeline.views[which])

    @torch.no_grad()
    def view(self, images: Tensor, which: int) -> Tensor:
        """N x 3 x H x W uint8 -> float32 in 0..1: a fresh random view by recipe 1 or 2."""
        recipe = self.pipeline.views[which]
        with torch.autocast(images.device.type, enabled=False):
            if self.ready is not None:
                rows = self.ready[which, self._call(which)]
            elif images.is_cuda:
                rows = sent(self.packed(len(images), which), images.device)
            else:
                return apply(self.plain(images), self.params(len(images), which), recipe)
            return packed.apply_packed(self.plain(images), rows, recipe)

    def plain(self, images: Tensor) -> Tensor:
        """N x 3 x H x W uint8 -> float32 in 0..1, unchanged otherwise."""
        return images / 255

    def generator(self, name: str) -> torch.Generator:
        """A CPU generator for a method's own draws (masks, permutations ...) in this step."""
        self.lent = True
        return stream(self.pipeline.seed, f"method/{name}", self.step)

"""The core of a run's probe images: the first CORE of them, which stand for all in a replay.

Held-out images come in shuffled order, so that the first are a fair sample. Where a run looks at
more, its snapshots also hold the neighbours that the core has in itself.
"""

from collections.abc import Mapping

import numpy as np

from sslviz.refusal import Refusal

CORE = 1000
OF_CORE = "core_"  # before the name of an array that is about the core alone


def core_look(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A snapshot's arrays as they would be of the core alone; all others stay what they are.
    Raises Refusal where it does not hold the core's own neighbours."""
    kept: dict[str, np.ndarray] = {}
    for name, array in arrays.items():
        if name.startswith("layout_"):
            kept[name] = array[:CORE]
        elif name.startswith("neighbours_"):
            if OF_CORE + name not in arrays:
                raise Refusal("The snapshot has no neighbours among the first {n}.", n=CORE)
            kept[name] = arrays[OF_CORE + name]
        elif not name.startswith(OF_CORE):
            kept[name] = array
    return kept


def core_images(images: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays of images.npz for the core alone."""
    own = ("probe", "labels")
    return {
        name: array[:CORE] if name in own or name.startswith("factor_") else array
        for name, array in images.items()
    }

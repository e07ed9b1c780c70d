"""How one view is made: the knobs of all ops, as one value. Torch-free."""

from dataclasses import dataclass, make_dataclass

from sslviz.augment.catalogue import OPS
from sslviz.knobs import Knob, knob


def _field(k: Knob) -> tuple[str, type, object]:
    entry = knob(k.default, k.label, k.help, low=k.low, high=k.high, step=k.step, live=k.live)
    return k.name, type(k.default), entry


_Knobs = make_dataclass(
    "_Knobs", [_field(k) for op in OPS.values() for k in op.knobs()], frozen=True
)


@dataclass(frozen=True)
class ViewConfig(_Knobs):
    """How one view is made: for each op its probability and strengths, drawn anew for each image.

    Its fields are the knobs of `catalogue.OPS`, in the order in which the ops run.
    """

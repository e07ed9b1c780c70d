"""The losses of the steps since the last report, left on the device until they are written down."""

from math import isfinite
from typing import Any

import torch
from torch import Tensor

from sslviz.methods.base import Step
from sslviz.refusal import say
from sslviz.training.observe import Diverged


class Losses:
    """Fetching a loss waits for the device, so many are fetched at once."""

    def __init__(self) -> None:
        self.kept: list[tuple[dict[str, Any], Tensor, dict[str, Tensor]]] = []

    def add(self, row: dict[str, Any], step: Step) -> None:
        """Keeps what the method computed for the row of a step."""
        self.kept.append((row, step.loss.detach(), step.terms))

    def take(self) -> list[dict[str, Any]]:
        """The rows since the last call, with loss and named terms. Raises Diverged."""
        if not self.kept:
            return []
        kept = [value for _, loss, terms in self.kept for value in (loss, *terms.values())]
        values = iter(torch.stack([value.float() for value in kept]).tolist())
        rows = []
        for row, _, terms in self.kept:
            value = next(values)
            if not isfinite(value):
                raise Diverged(
                    say("The loss stopped being a finite number at step {step}.", step=row["step"])
                )
            parts = {f"term_{name}": next(values) for name in terms}
            rows.append(row | {"loss": value} | parts)
        self.kept.clear()
        return rows

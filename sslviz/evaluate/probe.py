"""The linear probe: multinomial logistic regression on standardised features, to convergence."""

import torch
import torch.nn.functional as F
from torch import Tensor


def standardised(train: Tensor, *others: Tensor) -> tuple[Tensor, ...]:
    """Each N x D: mean 0 and std 1 by the statistics of `train`; constant dimensions become 0.

    An unscaled probe on features of tiny norm only learns the majority class.
    """
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    scale = torch.where(std > 1e-6 * std.max().clamp(min=1e-30), std, torch.inf)
    return tuple((x - mean) / scale for x in (train, *others))


def logistic_regression(
    x: Tensor, y: Tensor, n_classes: int, c: float = 1.0, iterations: int = 500
) -> tuple[Tensor, Tensor]:
    r"""Weights (n_classes x D) and biases minimising $\frac12|W|^2 + C\sum_i\mathrm{CE}_i$.

    x: N x D, y: N int64. Full-batch L-BFGS in float64; biases are not penalised.
    """
    x = x.double()
    weight = torch.zeros(n_classes, x.shape[1], dtype=x.dtype, device=x.device, requires_grad=True)
    bias = torch.zeros(n_classes, dtype=x.dtype, device=x.device, requires_grad=True)
    solver = torch.optim.LBFGS(
        [weight, bias],
        max_iter=iterations,
        tolerance_grad=1e-6,
        tolerance_change=1e-10,
        line_search_fn="strong_wolfe",
    )

    def loss() -> Tensor:
        solver.zero_grad()
        value = F.cross_entropy(x @ weight.T + bias, y)
        value = value + weight.square().sum() / (2 * c * len(x))
        value.backward()
        return value

    solver.step(loss)  # type: ignore[arg-type]
    return weight.detach(), bias.detach()

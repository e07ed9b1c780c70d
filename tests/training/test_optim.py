import math

import pytest
import torch

from sslviz.config import RunConfig
from sslviz.training.cadence import CREDIT_SECONDS, Cadence
from sslviz.training.optim import LARS, learning_rate


def test_learning_rate_warms_up_and_follows_a_cosine_to_zero():
    config = RunConfig().with_settings({"lr": 0.1, "steps": 110, "warmup_steps": 10})
    assert learning_rate(config, 0) == pytest.approx(0.01)
    assert learning_rate(config, 9) == pytest.approx(0.1)
    assert learning_rate(config, 60) == pytest.approx(0.1 * (1 + math.cos(math.pi / 2)) / 2)
    assert learning_rate(config, 110) == pytest.approx(0)
    constant = config.with_settings({"schedule": "constant"})
    assert learning_rate(constant, 100) == 0.1


def test_lars_steps_by_its_formula():
    w, b = torch.tensor([[3.0, 4.0]]), torch.tensor([1.0])
    optimizer = LARS([w.requires_grad_(), b.requires_grad_()], lr=2.0, weight_decay=0.1)
    w.grad, b.grad = torch.tensor([[1.0, 0.0]]), torch.tensor([0.5])
    optimizer.step()
    g = torch.tensor([1.3, 0.4])
    expected = torch.tensor([3.0, 4.0]) - 2.0 * 0.001 * 5 / g.norm() * g
    assert torch.allclose(w[0], expected)
    assert b.item() == pytest.approx(1 - 2.0 * 0.5)


def test_snapshots_cost_at_most_a_twentieth_of_a_long_run():
    cadence, clock, taken = Cadence(0, 10_000), 0.0, []
    for step in range(1, 10_001):
        clock += 0.05
        if cadence.due(step, clock):
            taken.append(step)
            clock += 0.2
            cadence.spent(step, 0.2)
    assert taken[:4] == [1, 2, 4, 8] and taken[-1] == 10_000
    assert 0.2 * len(taken) <= 0.05 * (clock - 0.2 * len(taken)) + CREDIT_SECONDS
    assert max(b - a for a, b in zip(taken[5:], taken[6:], strict=False)) * 0.05 < 6


def test_a_fixed_cadence_is_kept():
    cadence = Cadence(7, 20)
    assert [step for step in range(1, 21) if cadence.due(step, step)] == [7, 14, 20]

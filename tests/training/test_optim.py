import math
import subprocess
import sys

import pytest
import torch

from sslviz.config import RunConfig
from sslviz.training.cadence import Cadence
from sslviz.training.optim import LARS, learning_rate, uncompiled


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


def stepped(kind, **of):
    """(weights, state) after steps of an optimizer that has been saved and loaded on the way."""
    torch.manual_seed(0)
    network, x = torch.nn.Linear(4, 3), torch.randn(8, 4)
    optimizer = kind(network.parameters(), lr=0.1, weight_decay=0.01, **of)
    for _ in range(4):
        optimizer.zero_grad(set_to_none=True)
        network(x).square().mean().backward()
        optimizer.step()
        optimizer.load_state_dict(optimizer.state_dict())
    return network.weight.detach(), optimizer.state_dict()["state"][0]


@pytest.mark.parametrize(
    ("kind", "of"),
    [(torch.optim.AdamW, {"fused": True}), (torch.optim.SGD, {"momentum": 0.9})],
)
def test_an_uncompiled_optimizer_moves_as_torchs_own(kind, of):
    (ours, our_state), (theirs, their_state) = stepped(uncompiled(kind), **of), stepped(kind, **of)
    assert torch.equal(ours, theirs) and our_state.keys() == their_state.keys()
    assert all(torch.equal(our_state[name], their_state[name]) for name in our_state)


STARTED = """
import sys, torch
from sslviz.config import RunConfig
from sslviz.training.optim import build_optimizer
network = torch.nn.Linear(2, 1)
for kind in ("adamw", "sgd", "lars"):
    optimizer = build_optimizer(RunConfig().with_settings({"optimizer": kind}), network)
    optimizer.zero_grad(set_to_none=True)
    network(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    optimizer.load_state_dict(optimizer.state_dict())
print("torch._dynamo" in sys.modules)
"""


def test_no_optimizer_loads_torchs_compiler():
    done = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


@pytest.mark.parametrize("steps", [600, 20_000])
def test_snapshots_are_dense_at_first_and_cost_a_twentieth_of_the_run(steps):
    cadence, clock, taken = Cadence(0, steps), 0.0, []
    for step in range(1, steps + 1):
        clock += 0.1
        if cadence.due(step, clock):
            clock += 0.25
            taken.append((step, clock))
            cadence.spent(step, 0.25)
    assert taken[0][0] == 1 and taken[-1][0] == steps
    assert sum(at < 15 for _, at in taken) >= 4
    assert 0.25 * len(taken) <= 0.05 * (clock - 0.25 * len(taken)) + 0.25
    gaps = [b - a for (_, a), (_, b) in zip(taken, taken[1:], strict=False)]
    assert max(gaps) < 0.2 * clock


def test_a_fixed_cadence_is_kept():
    cadence = Cadence(7, 20)
    assert [step for step in range(1, 21) if cadence.due(step, step)] == [7, 14, 20]

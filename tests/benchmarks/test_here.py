"""`python -m benchmarks` at toy size: its parts answer; the usual way computes the same loss."""

import json

import pytest
import torch
import torch.nn.functional as F

from benchmarks import __main__ as here
from benchmarks.parts.usual import usual_loss
from sslviz.methods.contrastive.simclr import nt_xent

PARTS = ["step", "breakdown", "recipes", "looks", "probes", "folders"]


def test_its_parts_answer_at_toy_size(tmp_path):
    words = ["--quick", "--out", str(tmp_path), "--only", *PARTS]
    assert here.main(words) == 0
    found = json.loads((tmp_path / "results.json").read_text())
    assert set(found) == {"facts", *PARTS}
    assert found["facts"]["quick"] and found["step"]["tiny float32"]["ours"] > 0
    assert found["breakdown"]["tiny"]["gflop"] > 1


def test_the_usual_loss_is_the_same_loss():
    draws = torch.Generator().manual_seed(0)
    z1, z2 = (torch.randn(12, 8, generator=draws) for _ in range(2))
    loss, _ = usual_loss(0.2)
    ours = nt_xent(F.normalize(z1, dim=1), F.normalize(z2, dim=1), 0.2)
    assert float(loss(z1, z2)) == pytest.approx(float(ours), rel=1e-5)

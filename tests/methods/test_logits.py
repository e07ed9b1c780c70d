"""What a softmax is to sharpen is computed in float32, also where autocast runs the networks in
bfloat16: cosines with prototypes, and the classifiers' logits."""

import pytest
import torch
import torch.nn.functional as F
from small_methods import make_method, make_views
from torch import nn

from sslviz.methods.clustering.dino import Prototypes
from sslviz.methods.clustering.swav import scores
from sslviz.methods.pieces.decoder import Discriminator
from sslviz.methods.pieces.projector import Logits, mlp

CLASSIFIERS = {"supervised": "classifier", "rotnet": "classifier", "exemplar": "classifier"}


def rows(n, d, seed=0):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed))


def heads():
    """Of each kind: the module, and the width of what it reads."""
    torch.manual_seed(0)
    for name, part in CLASSIFIERS.items():
        method = make_method(name)
        yield name, getattr(method, part), getattr(method, part).in_features
    yield "dino", Prototypes(64, 512), 64
    centres = F.normalize(rows(512, 64, 1), dim=1)
    yield "swav", lambda z: scores(z, centres), 64
    yield "jigsaw", make_method("jigsaw").classifier[-1], 256
    yield "context_encoder", Discriminator().layers[-1], 1024


HEADS = {name: (head, width) for name, head, width in heads()}


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize("name", HEADS)
def test_logits_of_the_same_z_are_those_of_float32(name, kind):
    head, width = HEADS[name]
    z = rows(256, width).to(kind)
    expected = head(z.float())
    with torch.autocast("cpu", torch.bfloat16):
        actual = head(z)
    assert actual.dtype == torch.float32
    assert torch.equal(actual.argmax(1), expected.argmax(1))
    assert torch.allclose(actual, expected, rtol=1e-6, atol=1e-6)


def test_a_plain_layer_would_change_the_nearest_prototype():
    """What the float32 is for: the same cosines, rounded, over DINO's teacher temperature."""
    z, weight = (F.normalize(rows(2048, 64, seed), dim=1) for seed in (0, 1))
    with torch.autocast("cpu", torch.bfloat16):
        rounded = F.linear(z, weight).float()
    cosines = F.linear(z, weight)
    assert ((rounded - cosines) / 0.04).abs().max() > 0.03
    assert (rounded.argmax(1) != cosines.argmax(1)).float().mean() > 0.005


def test_dinos_student_and_teacher_agree_with_float32_from_z_on():
    method = make_method("dino", prototypes=256)
    views = make_views(method)
    with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
        step = method(views)
        z = method.teacher[:2](views.x[0])  # the teacher's backbone and projector
        outputs = method.teacher(views.x[0])
    assert z.dtype == torch.bfloat16 and outputs.dtype == torch.float32
    assert torch.allclose(outputs, method.head(z.float()), atol=1e-6)  # it is a copy still
    assert step.loss.dtype == torch.float32


def test_logits_draw_and_keep_the_weights_of_a_plain_layer():
    """Seeds and checkpoints do not notice."""
    torch.manual_seed(3)
    ours = mlp([6, 5, 4], logits=True)
    torch.manual_seed(3)
    plain = mlp([6, 5, 4])
    assert isinstance(ours[-1], Logits) and type(plain[-1]) is nn.Linear
    ours.load_state_dict(plain.state_dict())
    x = rows(7, 6)
    assert torch.equal(ours(x), plain(x))


def test_logits_pass_gradients_to_weights_and_input():
    layer, z = Logits(5, 3), rows(4, 5).requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        loss = layer(z).square().sum()
    loss.backward()
    assert z.grad is not None and z.grad.abs().max() > 0
    assert all(p.grad is not None and p.grad.dtype == torch.float32 for p in layer.parameters())

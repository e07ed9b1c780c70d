"""MoCo's queue against a deque, and what moves its keys."""

from collections import deque

import pytest
import torch
from small_methods import N, adam, make_method, make_views, train

from sslviz.methods.pieces.memory import Queue


def test_queue_is_first_in_first_out():
    queue, expected = Queue(10, 2), deque(maxlen=10)
    expected.extendleft(reversed(queue.vectors.tolist()))
    ages = deque([-1] * 10, maxlen=10)
    for step, size in enumerate((3, 4, 12, 1, 5)):
        fresh = torch.full((size, 2), float(step)) + torch.arange(size)[:, None] / 100
        queue.push(fresh)
        ages = deque([a if a < 0 else a + 1 for a in ages], maxlen=10)
        expected.extendleft(reversed(fresh.tolist()))
        ages.extendleft([0] * size)
        assert queue.vectors.shape == (10, 2)
        assert sorted(queue.vectors.tolist()) == sorted(newest(expected, fresh))
        assert queue.ages().tolist() == list(ages)


def newest(expected, fresh):
    """A batch longer than the queue keeps its first rows."""
    return fresh[:10].tolist() if len(fresh) >= 10 else list(expected)


def test_shortened_queue_keeps_the_newest_and_lengthened_queue_keeps_all():
    queue = Queue(6, 2)
    queue.push(torch.arange(8.0).reshape(4, 2))
    before = queue.vectors.clone()
    queue.resize(3)
    assert torch.equal(queue.vectors, before[:3]) and queue.ages().tolist() == [0, 0, 0]
    queue.resize(5)
    assert torch.equal(queue.vectors[:3], before[:3])
    assert queue.ages().tolist() == [0, 0, 0, -1, -1]
    assert torch.allclose(queue.vectors[3:].norm(dim=1), torch.ones(2))


def test_moco_pushes_its_keys_once_a_step_and_not_while_looking():
    method = make_method("moco")
    method(make_views(method))
    method(make_views(method))
    assert (method.queue.ages() == -1).all()
    method.after_step(0.1)
    assert (method.queue.ages() == 0).sum() == N
    method.after_step(0.2)
    assert (method.queue.ages() == 0).sum() == N


def test_moco_queue_holds_the_key_encoders_embeddings():
    method = make_method("moco")
    views = make_views(method)
    step = method(views)
    method.after_step(0.1)
    expected = torch.nn.functional.normalize(step.z2, dim=1)
    assert torch.equal(method.queue.vectors[:N], expected)


def test_moco_key_encoder_follows_with_its_momentum():
    method = make_method("moco", momentum=0.75)
    before = [p.clone() for p in method.key_backbone.parameters()]
    train(method, adam(method), range(1))
    for old, key, query in zip(
        before, method.key_backbone.parameters(), method.backbone.parameters(), strict=True
    ):
        assert torch.allclose(key, 0.75 * old + 0.25 * query, atol=1e-7)
    assert method.observe()["teacher_distance"] > 0


@pytest.mark.parametrize("stopped", [True, False])
def test_moco_keys_carry_gradient_only_without_stop_gradient(stopped):
    method = make_method("moco", stop_gradient=stopped)
    assert method.keys(make_views(method).x[1]).requires_grad is not stopped
    method(make_views(method)).loss.backward()
    assert all(p.grad is None for p in method.key_backbone.parameters())


def test_moco_queue_of_another_length_is_restored():
    method = make_method("moco")
    method.set_knobs({"queue": 32})
    other = make_method("moco")
    other.load_state_dict(method.state_dict())
    assert torch.equal(other.queue.vectors, method.queue.vectors)

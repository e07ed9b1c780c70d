"""A recorded step computes what the plain one does: its memory, draws, changes and refusals.

On the CPU a recording is the step itself, made again from the tensors that stay; what only a device
can show is marked gpu.
"""

import pytest
import torch

from sslviz.methods import METHODS, method_class
from sslviz.training.graph import WARM_UP, StepGraph, _tensors
from sslviz.training.losses import Losses
from sslviz.training.optim import set_rate
from sslviz.training.session import open_session

STEPS = WARM_UP + 4
GPU = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")]


def settings(method):
    own = {"swav": {"method.frozen_share": 0.25}, "npid": {"method.loss": "nce"}}.get(method, {})
    return {"method": method, "backbone": method_class(method).needs or "tiny"} | own


def by_graph(session, steps, record=lambda body: body):
    graph = session.__dict__.setdefault("graph", StepGraph(session, record))
    losses = []
    for _ in range(steps):
        set_rate(session.optimizer, session.learning_rate())
        losses.append(float(graph.step((session.step + 1) / session.config.steps).loss))
        session.step += 1
    return losses


def plain(session, steps):
    return [float(session.train_step(session.learning_rate()).loss) for _ in range(steps)]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_repeats_its_step_from_memory_that_stays(session_of, method):
    one, other = session_of(**settings(method)), session_of(**settings(method))
    assert by_graph(one, STEPS) == pytest.approx(plain(other, STEPS), rel=1e-3, abs=1e-5)
    assert one.graph.replay is not None
    kept = dict(other.method.state_dict())
    for name, value in one.method.state_dict().items():
        torch.testing.assert_close(value, kept[name], rtol=0.02, atol=2e-3, msg=lambda m: name + m)  # noqa: B023


@pytest.mark.parametrize("method", METHODS)
def test_what_a_method_keeps_between_steps_stays_where_it_is(session_of, method):
    """Anything else would be read where a recording left it: the first of all queues, for ever."""
    session = session_of(**settings(method))
    plain(session, 2)
    read = {name: value.data_ptr() for name, value in session.method.state_dict().items()}
    plain(session, 1)
    moved = {n for n, v in session.method.state_dict().items() if v.data_ptr() != read[n]}
    assert moved <= {"usage"}  # written for the picture, never read by a step


def test_changes_are_recorded_anew_and_the_rate_is_not(session_of):
    one, other = session_of(method="moco"), session_of(method="moco")
    assert by_graph(one, 5) == pytest.approx(plain(other, 5), rel=1e-3)
    first = one.graph.replay
    for session in (one, other):
        session.change({"lr": 0.01})
    assert by_graph(one, 2) == pytest.approx(plain(other, 2), rel=1e-3)
    assert one.graph.replay is first
    for session in (one, other):
        session.change({"method.tau": 0.5, "method.queue": 64, "view2.blur": 0.5})
    assert by_graph(one, 6) == pytest.approx(plain(other, 6), rel=1e-3)
    assert one.graph.replay not in (first, None)


def test_a_step_that_cannot_be_recorded_goes_on_piece_by_piece_and_says_so(session_of):
    def refuse(body):
        raise RuntimeError("operation not permitted when stream is capturing")

    one, other, told = session_of(), session_of(), []
    one.tell = told.append
    assert by_graph(one, STEPS, refuse) == plain(other, STEPS)
    assert len(told) == 1 and "not permitted when stream is capturing" in str(told[0])


def test_losses_are_those_of_their_steps_though_memory_is_used_again(session_of):
    session, kept = session_of(method="barlow"), Losses()
    read = []
    for step in range(STEPS):
        set_rate(session.optimizer, session.learning_rate())
        graph = session.__dict__.setdefault("graph", StepGraph(session, one_memory))
        made = graph.step((step + 1) / 20)
        kept.add({"step": step}, made)
        read.append((float(made.loss), float(made.terms["invariance"])))
        session.step += 1
    rows = kept.take()
    assert [(row["loss"], row["term_invariance"]) for row in rows] == read


def one_memory(body):
    """A recording that writes its results to the same place each time, as a graph does."""
    place = body()

    def replay():
        fresh = body()
        place.loss.copy_(fresh.loss)
        for name, term in place.terms.items():
            term.copy_(fresh.terms[name])
        return place

    return replay


def test_views_that_a_method_makes_for_itself_lie_in_tensors_that_stay(session_of):
    session = session_of(method="jigsaw")
    by_graph(session, STEPS)
    places = [value.data_ptr() for value in _tensors(session.graph.views)]
    by_graph(session, 2)
    assert [value.data_ptr() for value in _tensors(session.graph.views)] == places


def on_device(session_of, **of):
    """The same session on the CPU and on the device."""
    cpu = session_of(precision="float32", **of)
    split = cpu_split()
    return cpu, open_session(cpu.config, split, torch.device("cuda"))


def cpu_split():
    from sslviz.data.load import DataSplit
    from tests.training.conftest import images

    return DataSplit(images(64, 0), images(40, 1))


@pytest.mark.parametrize("method", [pytest.param(m, marks=GPU) for m in METHODS])
def test_a_device_records_every_method_and_never_waits(session_of, method):
    cpu, cuda = on_device(session_of, **settings(method))
    told = []
    cuda.tell = told.append
    steps = [cuda.train_step(cuda.learning_rate()).loss for _ in range(WARM_UP + 1)]
    torch.cuda.set_sync_debug_mode("error")
    try:
        steps += [cuda.train_step(cuda.learning_rate()).loss for _ in range(3)]
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert not told and cuda.graph.replay is not None
    made, piecewise = [float(x) for x in steps], open_session(cuda.config, cpu_split(), cuda.device)
    piecewise.graph.refused = True
    assert made == pytest.approx(plain(piecewise, STEPS), rel=0.02, abs=0.01)
    few = WARM_UP + 2  # where a nearest neighbour changes places the ways part
    assert made[:few] == pytest.approx(plain(cpu, few), rel=0.02, abs=0.01)


@pytest.mark.parametrize("method", [pytest.param(m, marks=GPU) for m in ("simclr", "jigsaw")])
def test_plain_steps_on_a_device_never_wait_either(session_of, method):
    _, cuda = on_device(session_of, **settings(method))
    cuda.graph.refused = True
    plain(cuda, 2)
    torch.cuda.set_sync_debug_mode("error")
    try:
        cuda.train_step(cuda.learning_rate())
    finally:
        torch.cuda.set_sync_debug_mode("default")


@pytest.mark.parametrize(
    "optimizer", [pytest.param(o, marks=GPU) for o in ("adamw", "sgd", "lars")]
)
def test_every_optimizer_is_recorded_with_its_rate(session_of, optimizer):
    of = {"optimizer": optimizer, "warmup_steps": 10, "lr": 0.01, "weight_decay": 0.1}
    _, cuda = on_device(session_of, **of)
    piecewise = open_session(cuda.config, cpu_split(), cuda.device)
    piecewise.graph.refused = True
    began = weights(cuda)
    plain(cuda, 10)
    plain(piecewise, 10)
    assert cuda.graph.replay is not None and piecewise.graph.replay is None
    apart, moved = weights(cuda) - weights(piecewise), weights(piecewise) - began
    assert apart.norm() < 0.02 * moved.norm()
    still = weights(cuda)
    cuda.train_step(0.0)
    assert torch.equal(weights(cuda), still)


def weights(session):
    """All convolutions' weights, in one row on the CPU."""
    parts = [p.detach().flatten() for p in session.method.backbone.parameters() if p.ndim > 1]
    return torch.cat(parts).cpu()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_a_snapshot_between_recorded_steps_is_that_of_the_cpu(session_of):
    cpu, cuda = on_device(session_of)
    assert plain(cuda, 6) == pytest.approx(plain(cpu, 6), rel=0.02)
    here, there = (s.observer.snapshot(s.method, 6)[0] for s in (cpu, cuda))
    for name in ("feature_std_z", "effective_rank_h", "alignment", "uniformity"):
        assert there[name] == pytest.approx(here[name], rel=0.05)

import pytest
import torch

from sslviz.refusal import Refusal
from sslviz.runs.store import RunWriter, create_run
from sslviz.training.checkpoint import load_checkpoint, save_checkpoint

METHODS = ["simclr", "moco", "byol", "simsiam"]


def train(session, steps):
    return [float(session.train_step(session.learning_rate()).loss.detach()) for _ in range(steps)]


@pytest.mark.parametrize("optimizer", ["adamw", "sgd", "lars"])
@pytest.mark.parametrize("method", METHODS)
def test_a_resumed_run_goes_on_exactly(session_of, tmp_path, method, optimizer):
    settings = {"method": method, "optimizer": optimizer}
    whole = session_of(**settings)
    losses = train(whole, 8)

    first = session_of(**settings)
    assert train(first, 5) == losses[:5]
    folder = create_run(first.config, tmp_path)
    writer = RunWriter(folder)
    save_checkpoint(writer, first)
    writer.release()

    second = session_of(**settings)
    assert load_checkpoint(folder, second) and second.step == 5
    assert train(second, 3) == losses[5:]
    for name, weight in whole.method.state_dict().items():
        assert torch.equal(weight, second.method.state_dict()[name]), name


def test_a_changed_knob_survives_resume(session_of, tmp_path):
    session = session_of()
    assert session.set_knob("method.tau", 0.5) == (0.2, 0.5)
    train(session, 1)
    folder = create_run(session.config, tmp_path)
    writer = RunWriter(folder)
    save_checkpoint(writer, session)
    writer.release()
    again = session_of()
    load_checkpoint(folder, again)
    assert again.method.config.tau == 0.5


def test_runs_that_differ_in_one_setting_see_the_same_views(session_of):
    plain = session_of()
    for other in (session_of(**{"method.tau": 0.5}), session_of(method="byol", lr=0.1)):
        for _ in range(6):
            a, b = (s.method.views(s.next_batch(), s.pipeline.at(s.step)) for s in (plain, other))
            assert torch.equal(a.x[0], b.x[0]) and torch.equal(a.x[1], b.x[1])
            plain.step += 1
            other.step += 1
        plain.step = 0
    reseeded = session_of(seed=1)
    assert not torch.equal(plain.next_batch().index, reseeded.next_batch().index)


def test_an_epoch_shows_every_image_once(session_of):
    session = session_of()
    seen = []
    for _ in range(4):
        seen += session.next_batch().index.tolist()
        session.step += 1
    assert sorted(seen) == list(range(64))


def test_only_live_knobs_change_in_mid_run(session_of):
    session = session_of()
    for name in ("method.embedding", "batch_size", "method.nonsense"):
        with pytest.raises(Refusal, match="cannot be changed while it trains.*method.tau"):
            session.set_knob(name, 4)
    with pytest.raises(Refusal, match="from 0.02 to 2"):
        session.set_knob("method.tau", 99)


@pytest.mark.parametrize("asked", [65, 128, 8192])
def test_a_batch_larger_than_the_data_takes_all_of_it(session_of, asked):
    session = session_of(batch_size=asked)
    assert session.batch_size == 64 and session.config.batch_size == asked
    assert sorted(session.next_batch().index.tolist()) == list(range(64))
    assert len(train(session, 3)) == session.step == 3


def test_a_config_that_asks_for_fewer_images_than_a_batch_has_is_refused(session_of):
    with pytest.raises(Refusal, match="batch_size is 128; there are only 64"):
        session_of(batch_size=128, train_images=64)

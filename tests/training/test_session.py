import json

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


CHANGES = {"method.tau": 0.5, "lr": 0.01, "view1.jitter": 0.0, "view2.crop_scale_max": 0.6}


def test_changes_survive_resume_bit_by_bit(session_of, tmp_path):
    whole, first = session_of(), session_of()
    for session in (whole, first):
        train(session, 3)
        made = session.change(CHANGES)
        assert {name: new for name, _, new in made} == CHANGES
    losses = train(whole, 6)
    assert train(first, 2) == losses[:2]
    folder = create_run(first.config, tmp_path)
    writer = RunWriter(folder)
    save_checkpoint(writer, first)
    writer.release()

    second = session_of()
    load_checkpoint(folder, second)
    assert second.changes == CHANGES
    assert train(second, 4) == losses[2:]
    assert losses != train(session_of(), 9)[3:]


def test_a_checkpoint_of_older_code_still_loads(session_of, tmp_path):
    session = session_of()
    train(session, 2)
    folder = create_run(session.config, tmp_path)
    writer = RunWriter(folder)
    save_checkpoint(writer, session)
    writer.release()
    for path in folder.glob("checkpoint-?.json"):
        record = json.loads(path.read_text())
        del record["state"]["changes"]
        record["state"]["knobs"] = {"tau": 0.4}
        path.write_text(json.dumps(record))
    again = session_of()
    assert load_checkpoint(folder, again)
    assert again.method.config.tau == 0.4 and again.changes == {"method.tau": 0.4}


def test_a_changed_learning_rate_scales_the_schedule(session_of):
    session, plain = session_of(lr=0.1), session_of(lr=0.1)
    session.change({"lr": 0.02})
    for step in (0, 5, 19):
        session.step = plain.step = step
        assert session.learning_rate() == pytest.approx(0.2 * plain.learning_rate())


def test_a_changed_view_acts_on_training_and_leaves_the_pictures(session_of):
    session, plain = session_of(), session_of()
    session.change({"view.jitter": 0.0, "view.gray": 1.0})
    assert session.now.view1.gray == session.now.view2.gray == 1.0
    views, others = (s.method.views(s.next_batch(), s.pipeline.at(0)).x for s in (session, plain))
    for view, other in zip(views, others, strict=True):
        assert torch.allclose(view[:, 0], view[:, 1], atol=1e-5)
        assert not torch.allclose(other[:, 0], other[:, 1], atol=1e-5)
    pictures = [s.observer.snapshot(s.method, 0)[0] for s in (session, plain)]
    assert pictures[0] == pictures[1]


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


def test_only_live_settings_that_fit_together_change_in_mid_run(session_of):
    session = session_of()
    for name in ("method.embedding", "batch_size", "method.nonsense", "view3.hue", "view.nonsense"):
        with pytest.raises(Refusal, match="cannot change while a run trains.*method.tau"):
            session.change({"lr": 0.5, name: 4})
    with pytest.raises(Refusal, match="from 0.02 to 2"):
        session.change({"lr": 0.5, "method.tau": 99})
    with pytest.raises(Refusal, match="view2.blur_sigma_min is 3; it must not exceed"):
        session.change({"lr": 0.5, "view2.blur_sigma_min": 3})
    assert session.changes == {} and session.learning_rate() == session_of().learning_rate()


@pytest.mark.parametrize("asked", [65, 128, 8192])
def test_a_batch_larger_than_the_data_takes_all_of_it(session_of, asked):
    session = session_of(batch_size=asked)
    assert session.batch_size == 64 and session.config.batch_size == asked
    assert sorted(session.next_batch().index.tolist()) == list(range(64))
    assert len(train(session, 3)) == session.step == 3


def test_a_config_that_asks_for_fewer_images_than_a_batch_has_is_refused(session_of):
    with pytest.raises(Refusal, match="batch_size is 128; there are only 64"):
        session_of(batch_size=128, train_images=64)

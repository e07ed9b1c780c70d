"""Glances: real places of a quarter of the probe images, paid for only while somebody watches."""

import numpy as np
import pytest
import torch

from sslviz.layout.pca import pca
from sslviz.training.cadence import ON_CPU, ON_CUDA, Cadence
from sslviz.training.glance import MOST_PARTS, PARTS, Glances
from sslviz.training.network import encode, evaluating

STEP, SNAPSHOT, GLANCE = 0.196, 0.254, 0.065  # seconds, as measured on two cores


def looks(steps, watched, budget=ON_CPU, step=STEP, costs=(SNAPSHOT, GLANCE), every=0, told=None):
    """(kind, when) of every look of a simulated run, its length, and its cadence. `told` gets
    (when the next look was said to come, which look that is) of every step."""
    cadence, clock, taken = Cadence(every, steps, budget), 0.0, []
    cost = dict(zip(("snapshot", "glance"), costs, strict=True))
    for number in range(1, steps + 1):
        clock += step
        kind = cadence.due(number, clock, watched)
        if kind:
            clock += cost[kind]
            cadence.spent(number, cost[kind], kind)
            taken.append((kind, clock))
        if told is not None and number < steps:
            told.append((clock + cadence.next_in(number, clock, step), len(taken)))
    return taken, clock, cadence


@pytest.mark.parametrize("steps", [300, 600, 20_000])
def test_somebody_who_watches_sees_motion_every_second_for_a_seventh_of_the_time(steps):
    taken, clock, cadence = looks(steps, watched=True)
    gaps = [b - a for (_, a), (_, b) in zip(taken, taken[1:], strict=False)]
    assert max(gaps) < 1.5
    assert cadence.total <= 0.15 * clock
    whole = [at for kind, at in taken if kind == "snapshot"]
    assert max(b - a for a, b in zip(whole, whole[1:], strict=False)) < 8


def test_the_first_minute_costs_a_watcher_no_more_than_the_rest():
    taken, _, cadence = looks(20_000, watched=True)
    early = [kind for kind, at in taken if at < 45]
    cost = {"snapshot": SNAPSHOT, "glance": GLANCE}
    assert sum(cost[kind] for kind in early) <= 0.155 * 45
    assert cadence.share < 0.15 / 0.85


@pytest.mark.parametrize("budget", [ON_CPU, ON_CUDA])
def test_nobody_watching_costs_a_twentieth_and_no_glance(budget):
    taken, clock, cadence = looks(600, watched=False, budget=budget)
    assert {kind for kind, _ in taken} == {"snapshot"}
    assert cadence.total <= 0.05 * clock + SNAPSHOT


def test_on_a_fast_device_something_moves_twice_a_second_within_a_twentieth():
    taken, clock, cadence = looks(20_000, True, ON_CUDA, step=0.02, costs=(0.03, 0.01))
    gaps = [b - a for (_, a), (_, b) in zip(taken, taken[1:], strict=False)]
    assert max(gaps) < 0.6 and cadence.total <= 0.05 * clock


@pytest.mark.parametrize(
    ("step", "costs", "every"),
    [
        (STEP, (SNAPSHOT, GLANCE), 0),
        (4.0, (9.0, 3.0), 0),
        (0.01, (0.2, 0.05), 70),
        (2, (30, 1.5), 5),
    ],
)
def test_what_is_said_of_the_next_look_comes_true(step, costs, every):
    told = []
    taken, _, _ = looks(300, True, step=step, costs=costs, every=every, told=told)
    cost = dict(zip(("snapshot", "glance"), costs, strict=True))
    begun = [at - cost[kind] for kind, at in taken]
    late = [abs(begun[look] - at) for at, look in told if look > 1]
    assert len(late) > 100 and max(late) <= 1.01 * step


def test_the_first_step_has_a_picture_unless_a_single_one_is_very_dear():
    for cost, expected in ((0.3, "snapshot"), (2.5, None)):
        cadence = Cadence(0, 1000)
        cadence.spent(0, cost)
        assert cadence.due(1, cost + STEP) == expected


def test_who_waits_for_the_first_motion_gets_a_glance():
    cadence = Cadence(0, 1000)
    cadence.spent(0, SNAPSHOT)
    assert cadence.due(1, SNAPSHOT + STEP, watched=True) == "glance"


def test_one_look_that_took_long_is_not_followed_by_a_long_rest():
    cadence, clock = Cadence(0, 1000), SNAPSHOT
    cadence.spent(0, SNAPSHOT)
    for number in range(1, 100):
        clock += STEP
        kind = cadence.due(number, clock, watched=True)
        if kind == "glance":
            if number > 1:
                break
            clock += 10 * GLANCE
            cadence.spent(number, 10 * GLANCE, kind)
            cadence.expect_glance(GLANCE)
        elif kind:
            clock += SNAPSHOT
            cadence.spent(number, SNAPSHOT, kind)
    assert kind == "glance" and clock < 4


def test_where_looking_is_dear_the_share_still_holds():
    _, clock, cadence = looks(400, watched=True, costs=(1.2, 0.4))
    assert cadence.total <= 0.16 * clock


def test_a_glance_shows_where_the_network_puts_the_images(session_of):
    session = session_of()
    session.observer.snapshot(session.method, 0)
    for _ in range(3):
        session.train_step(session.learning_rate())
    glances = Glances(session.observer)
    with torch.no_grad(), evaluating(session.method):
        observer = session.observer
        h, z = encode(session.method, observer.plain(observer.probe.images))
    parts = []
    for turn in range(PARTS):
        row, arrays = glances.take(session.method, 3)
        first, every = arrays["part"].tolist()
        parts += range(first, len(h), every)
        for name, x in (("h", h), ("z", z)):
            wanted = session.observer.pictures[f"{name}_pca"](x[first::every])
            assert np.allclose(arrays[f"layout_{name}_pca"], wanted, atol=2e-3)
        assert turn == first and row["glance"] and "verdict" in row
        assert "knn_h" not in row and "effective_rank_z" not in row
    assert sorted(parts) == list(range(len(h)))  # no image is left out


def test_a_glance_of_fewer_images_is_expected_to_take_less(session_of):
    session = session_of()
    session.observer.snapshot(session.method, 0)
    glances = Glances(session.observer)
    assert glances.fit(0.3, room=0.1) == pytest.approx(0.1), "the next one is tried"
    assert glances.fit(0.15, room=0.2) == pytest.approx(0.15)
    assert glances.fit(0.01, room=0.1) == pytest.approx(0.02)
    glances.fit(30, room=0.1)
    assert glances.fit(15, room=0.1) == pytest.approx(7.5), "as few as can be: it is so dear"


def test_a_glance_that_is_too_dear_takes_fewer_images_but_none_is_left_out(session_of):
    session = session_of()
    session.observer.snapshot(session.method, 0)
    glances = Glances(session.observer)
    for seconds in (0.5, 0.2, 0.2, 0.05):
        glances.fit(seconds, room=0.1)
    assert glances.parts == MOST_PARTS
    taken = [glances.take(session.method, 3)[1]["part"].tolist() for _ in range(MOST_PARTS)]
    assert sorted(taken) == [[first, MOST_PARTS] for first in range(MOST_PARTS)]
    for _ in range(5):
        glances.fit(0.01, room=0.1)
    assert glances.parts == PARTS


def test_glances_change_neither_weights_nor_draws(session_of):
    plain, looked = session_of(), session_of()
    looked.observer.snapshot(looked.method, 0)
    glances = Glances(looked.observer)
    for _ in range(4):
        losses = [float(s.train_step(s.learning_rate()).loss.detach()) for s in (plain, looked)]
        assert losses[0] == losses[1]
        glances.take(looked.method, looked.step)


def test_a_picture_places_images_it_was_not_made_of():
    x = torch.randn(60, 6, generator=torch.Generator().manual_seed(0))
    picture = pca(x)
    assert torch.allclose(picture(x)[20:30], picture(x[20:30]), atol=1e-6)

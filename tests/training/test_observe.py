"""More probe images than 1,000: the same measurements, smaller pictures, a core for replays."""

import numpy as np
import pytest
import torch

from sslviz.config import RunConfig
from sslviz.data.load import DataSplit
from sslviz.runs.core import CORE, core_images, core_look
from sslviz.training.glance import Glances
from sslviz.training.observe import thumbnail
from sslviz.training.session import open_session
from tests.training.conftest import images

MANY = 1200


@pytest.fixture(scope="module")
def observed():
    """(session, arrays) of networks of one seed that look at 1,000 and at 1,200 images."""
    test, small = images(MANY, 1), {"image_size": 16, "batch_size": 16, "device": "cpu"}
    data, cpu = DataSplit(images(64, 0), test), torch.device("cpu")
    sessions = [
        open_session(RunConfig().with_settings(small | {"probes": n}), data, cpu)
        for n in (CORE, MANY)
    ]
    return [(s, s.observer.snapshot(s.method, 0)[1]) for s in sessions]


def test_a_run_looks_at_as_many_images_as_it_is_told(observed):
    (_, few), (session, many) = observed
    assert [len(a["layout_h_pca"]) for a in (few, many)] == [CORE, MANY]
    assert np.array_equal(few["similarity"], many["similarity"])  # the same pairs
    h, _ = session.observer.embeddings(session.method)
    cosines = torch.nn.functional.normalize(h, dim=1)
    nearest = (cosines @ cosines.T).fill_diagonal_(-2).argmax(dim=1)
    assert float((nearest == torch.tensor(many["neighbours_h"][:, 0])).float().mean()) > 0.999
    assert many["neighbours_h"].max() >= CORE


def test_the_core_is_what_a_run_of_1000_would_have_shown(observed):
    (small, few), (session, many) = observed
    core = core_look(many)
    assert set(core) == set(few) and "core_neighbours_h" not in few
    for name in ("neighbours_h", "neighbours_z"):
        assert np.array_equal(core[name], few[name])
    assert core["layout_z_sphere"].shape == few["layout_z_sphere"].shape
    own, whole = small.observer.images(), core_images(session.observer.images())
    assert all(np.array_equal(own[name], whole[name]) for name in own if name != "probe")
    assert np.array_equal(own["probe"], session.observer.images()["probe"][:CORE])


def test_glances_of_many_images_stay_small(observed):
    glances = Glances(observed[1][0].observer)
    assert glances.parts == 8 and Glances(observed[0][0].observer).parts == 4
    parts = [glances.take(observed[1][0].method, 0)[1]["part"].tolist() for _ in range(8)]
    assert sorted(parts) == [[first, 8] for first in range(8)]


def test_many_thumbnails_together_are_no_more_pixels_than_a_page_can_fetch():
    assert [thumbnail(1000, side) for side in (28, 96, 128)] == [28, 96, 128]
    assert [thumbnail(n, 32) for n in (3000, 5000, 10_000)] == [32, 32, 24]
    assert thumbnail(10_000, 128) == 24 and thumbnail(2000, 128) == 48

"""What a sweep unfolds into, and what is refused before anything starts."""

import pytest

from sslviz.augment.catalogue import OPS
from sslviz.config import RunConfig
from sslviz.presets.catalogue import default
from sslviz.refusal import Refusal
from sslviz.sweeps.axes import parse_axis
from sslviz.sweeps.compose import composition
from sslviz.sweeps.sweep import Sweep, seeds, unfold


def sweep(*axes: str, named: tuple[int, ...] = (0,)) -> Sweep:
    return Sweep(default(), tuple(map(parse_axis, axes)), named)


def test_every_cell_is_trained_with_the_first_seed_before_any_with_the_second() -> None:
    members = unfold(sweep("method.tau=0.1,0.5", "batch_size=32,128", named=(7, 3)))
    assert [m.index for m in members] == list(range(8))
    assert [m.seed for m in members] == [7] * 4 + [3] * 4
    assert [m.cell.labels for m in members[:4]] == [(0.1, 32), (0.1, 128), (0.5, 32), (0.5, 128)]
    config = members[6].config
    assert (config.method_config().tau, config.batch_size, config.seed) == (0.5, 32, 3)
    assert config == default().with_settings({"method.tau": 0.5, "batch_size": 32, "seed": 3})


def test_a_sweep_survives_json() -> None:
    one = sweep("method=simclr,byol", "view.hue=0,0.5", "standardise=on,off", named=(0, 1))
    again = Sweep.from_json(one.to_json())
    assert again.to_json() == one.to_json()
    assert [m.config.to_json() for m in unfold(again)] == [m.config.to_json() for m in unfold(one)]


REFUSED = {
    ("method.nope=1,2",): "Cell 1 of 2 (method.nope 1) cannot be trained",
    ("method.tau=0.1,99",): "Cell 2 of 2 (method.tau 99) cannot be trained: method.tau is 99; it",
    ("method.tau=0.1,0.10",): "Cell 2 of 2 (method.tau 0.1) is the same as cell 1.",
    ("view.hue=0,0.5", "view1.hue=0.1"): "The axes view.hue and view1.hue both set view1.hue.",
    ("method=simclr,byol", "method.predictor_depth=1,2"): "Cell 1 of 4 (method simclr, method.pre",
    ("data=shapes,/no/such/place",): "Cell 2 of 2 (data /no/such/place) cannot be trained",
    ("seed=1,2",): "seed is no axis",
    ("lr=",): "An axis is KEY=VALUE",
    tuple(f"{k}=" + ",".join(map(str, range(4, 104))) for k in ("batch_size", "steps")): "10000",
}


@pytest.mark.parametrize(("axes", "words"), REFUSED.items())
def test_what_cannot_be_trained_is_refused_by_its_cell(axes: tuple[str, ...], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        unfold(sweep(*axes))
    assert words in str(refused.value) and str(refused.value).count("\n") == 0


def test_a_value_out_of_range_is_found_in_cell_37_of_60() -> None:
    lrs = [0.001 * (k + 1) for k in range(30)]
    lrs[18] = 5000.0
    axes = [f"lr={','.join(map(str, lrs))}", "batch_size=32,64"]
    with pytest.raises(Refusal, match=r"^Cell 37 of 60 \(lr 5000.0, batch_size 32\)"):
        unfold(sweep(*axes))


@pytest.mark.parametrize("bad", ["", "a", "0,0", "-1", [True], {}, "0,1.5", list(range(101))])
def test_seeds_are_different_whole_numbers(bad: object) -> None:
    with pytest.raises(Refusal, match="^seeds is"):
        seeds(bad)


@pytest.mark.parametrize("branches", ["both", "one"])
def test_ops_are_composed_alone_and_in_pairs(branches: str) -> None:
    ops = ["crop", "jitter", "blur", "rotate", "cutout"]
    cells = {m.cell.labels: m.config for m in unfold(composition(default(), ops, branches, (0,)))}
    assert len(cells) == 15
    pair, alone = cells["crop", "jitter"], cells["blur", "blur"]
    assert {op for op in OPS if getattr(pair.view1, op)} == {"crop", "jitter"}
    assert {op for op in OPS if getattr(alone.view1, op)} == {"blur"}
    other = {op for op in OPS if getattr(pair.view2, op)}
    assert other == ({"crop", "jitter"} if branches == "both" else set())
    with pytest.raises(Refusal, match="'nope' is no op"):
        composition(RunConfig(), ["crop", "nope"], branches, (0,))

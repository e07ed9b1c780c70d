"""The classic experiments: every sweep unfolds, every number of a paper is as it stands."""

import pytest

from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.sweeps.classics import CLASSICS
from sslviz.sweeps.classics.classic import Asked
from sslviz.sweeps.classics.recorded import own_settings, wanted
from sslviz.sweeps.classics.verdicts import is_measured_share

ASKED_FOR = {
    *("composition", "crop_colour", "jitter_strength", "temperature", "batch_size", "projector"),
    *(
        "stop_gradient",
        "predictor",
        "target_decay",
        "moco_momentum",
        "moco_queue",
        "parametric_or_bank",
        "predict_or_ignore",
    ),
    *("label_fractions", "dimensional_collapse", "alignment_uniformity", "feature_suppression"),
}
EACH = pytest.mark.parametrize("classic", CLASSICS.values(), ids=CLASSICS)


def test_those_that_a_seminar_asks_for_are_there():
    assert set(CLASSICS) >= ASKED_FOR
    assert all(name == classic.name for name, classic in CLASSICS.items())


@EACH
def test_its_sweeps_unfold_and_all_that_is_drawn_or_claimed_is_a_cell_of_them(classic):
    cells = {(arm.name, label) for arm, label, _ in classic.configs()}
    assert len(cells) == len(list(classic.configs())) > 0
    measured = {
        name for arm in classic.arms for asked in arm.asks for name in asked.metrics()
    }  # beside what every snapshot tells
    for place in (*classic.points, *(term for claim in classic.claims for term in claim.terms)):
        assert (place.arm, place.cell) in cells
        assert "@" not in place.metric or place.metric in measured
    assert len({(p.series, p.label) for p in classic.points}) == len(classic.points)
    assert classic.question.endswith("?") and classic.claims and classic.source


@EACH
def test_a_claim_is_the_papers_own_difference(classic):
    known = {(p.arm, p.cell, p.metric): p.paper for p in classic.points if p.paper is not None}
    for claim in classic.claims:
        signs = sum(term.weight for term in claim.terms)
        assert abs(signs) < 1e-9 and len(claim.terms) > 1
        assert len({is_measured_share(term.metric) for term in claim.terms}) == 1
        numbers = [known.get((t.arm, t.cell, t.metric)) for t in claim.terms]
        assert claim.paper is None or claim.paper > 0
        if None not in numbers:
            own = sum(t.weight * x for t, x in zip(claim.terms, numbers, strict=True) if x)
            assert claim.paper == pytest.approx(own, abs=0.06)


def test_every_run_is_wanted_once_a_seed_with_all_that_it_is_measured_by():
    runs = list(wanted(list(CLASSICS.values()), (0, 1)))
    names = [str(sorted(own_settings(config).items())) for config, _ in runs]
    half = len(runs) // 2
    assert len(set(names)) == half and names[:half] == names[half:]
    assert {config.seed for config, _ in runs[:half]} == {0}
    (labels,) = [asks for config, asks in runs[:half] if config.method == "simclrv2"]
    assert {(asked.protocol, asked.layer) for asked in labels} == {
        ("finetune", 0), ("finetune", 1), ("scratch", 0), ("distil", 0)
    }  # fmt: skip


@pytest.mark.parametrize(
    "asked", {a for c in CLASSICS.values() for arm in c.arms for a in arm.asks}
)
def test_what_is_asked_of_a_run_is_a_protocol(asked: Asked):
    labels = {} if asked.protocol == "knn" else {"labels": list(asked.labels)}
    EvaluationConfig.from_json({"protocol": asked.protocol, "layer": asked.layer} | labels)


def test_the_settings_of_a_run_make_that_run_again():
    for config, _ in wanted(list(CLASSICS.values()), (0,)):
        again = type(config)().with_settings(own_settings(config))
        assert again == config or again.to_json() == config.to_json()

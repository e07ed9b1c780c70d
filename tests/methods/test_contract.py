"""What every method must keep to, whatever its idea."""

import subprocess
import sys
from copy import deepcopy
from dataclasses import fields, replace
from math import isfinite
from pathlib import Path

import pytest
import torch
from small_methods import N, Noise, adam, make_batch, make_method, make_views, train

from sslviz.knobs import knobs
from sslviz.methods import FAMILIES, METHODS, card
from sslviz.methods.about import about, has, line, memory, uses_labels, year

ROOT = Path(__file__).parents[2]
UNTRAINED = {line("untrained")}
TRAINED = [name for name in METHODS if name not in UNTRAINED]
every_method = pytest.mark.parametrize("name", METHODS)
every_trained_method = pytest.mark.parametrize("name", TRAINED)


@every_method
def test_one_step_is_finite_and_well_shaped(name, device):
    method = make_method(name).to(device)
    torch.manual_seed(0)
    batch = make_batch()
    batch = replace(batch, **{f.name: getattr(batch, f.name).to(device) for f in fields(batch)})
    views = method.views(batch, Noise())
    step = method(views)
    assert step.loss.shape == () and isfinite(step.loss.item())
    assert step.z1.dtype == step.z2.dtype == torch.float32
    assert step.z1.shape == step.z2.shape and step.z1.shape[0] == N
    assert all(isfinite(float(term)) for term in step.terms.values())
    h, z = method.eval().encode(views.x[0][:N])
    assert h.shape == (N, method.backbone.width) and z.shape[0] == N


@every_trained_method
def test_twenty_steps_of_adam_lower_the_loss_on_fixed_data(name):
    """Queue, bank and target network are held still, so that only the gradient is at work."""
    method = make_method(name)
    optimizer = adam(method)
    views = make_views(method)
    losses = []
    for _ in range(20):
        loss = method(views).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert min(losses[-3:]) < losses[0]


@every_trained_method
def test_gradients_reach_the_backbone_and_no_frozen_network(name):
    method = make_method(name)
    method(make_views(method)).loss.backward()
    assert all(p.grad is not None for p in method.backbone.parameters())
    assert any(p.grad.abs().max() > 0 for p in method.backbone.parameters())
    for parameter in method.parameters():
        assert parameter.requires_grad or parameter.grad is None


@every_trained_method
def test_saved_state_resumes_exactly(name):
    method = make_method(name)
    optimizer = adam(method)
    train(method, optimizer, range(3))
    weights = {key: value.clone() for key, value in method.state_dict().items()}
    saved_optimizer = deepcopy(optimizer.state_dict())

    other = make_method(name, seed=99)
    other.load_state_dict(weights)
    other_optimizer = adam(other)
    other_optimizer.load_state_dict(saved_optimizer)
    assert train(other, other_optimizer, range(3, 6)) == train(method, optimizer, range(3, 6))
    for key, value in method.state_dict().items():
        assert torch.equal(value, other.state_dict()[key]), key


@every_trained_method
def test_bfloat16_networks_leave_the_loss_in_float32(name):
    method = make_method(name)
    views = make_views(method)
    with torch.autocast("cpu", torch.bfloat16):
        step = method(views)
    assert step.loss.dtype == torch.float32 and isfinite(step.loss.item())
    step.loss.backward()


@every_trained_method
def test_every_live_knob_may_change_between_two_steps(name):
    method = make_method(name)
    optimizer = adam(method)
    for knob in knobs(method.config).values():
        if not knob.live:
            continue
        values = list(knob.choices) or [knob.low, knob.high, knob.default]
        if isinstance(knob.default, bool):
            values = [not knob.default, knob.default]
        for value in values:
            value = type(knob.default)(min(value, 256) if knob.name == "queue" else value)
            method.set_knobs({knob.name: value})
            assert getattr(method.config, knob.name) == value
            step = method(make_views(method))
            assert isfinite(step.loss.item()), (knob.name, value)
            optimizer.zero_grad()
            step.loss.backward()
            optimizer.step()
            method.after_step(0.5)


@every_method
def test_observed_tensors_fit_a_snapshot(name):
    method = make_method(name)
    if name in TRAINED:
        train(method, adam(method), range(1))
    with torch.no_grad():
        shown = method.eval().attempt(make_batch(8), Noise())
    for key, value in (method.observe() | shown).items():
        assert isinstance(value, torch.Tensor) and not value.requires_grad, key
        assert value.nbytes <= 2**18 and torch.isfinite(value.float()).all(), key


@every_method
def test_chance_loss_is_a_number_or_absent(name):
    chance = make_method(name).chance_loss(N)
    assert chance is None or isfinite(chance)


@every_method
def test_knobs_carry_sane_defaults(name):
    config = card(name).config
    for knob in knobs(config).values():
        assert knob.checked(knob.default) == knob.default
        assert knob.label and knob.help.endswith(".")


@every_method
def test_file_is_short_and_teaches_in_both_languages(name):
    facts = card(name)
    assert len(facts.source.splitlines()) <= 130
    assert facts.title and facts.family in FAMILIES
    assert "arXiv" in facts.source or "baseline" in facts.family or "DOI" in facts.source
    korean = card(name).told("ko")
    assert len(korean) > 300
    for mark in ("**Idea.**", "**How it breaks.**"):
        assert mark in facts.lesson
    for mark in ("**핵심 아이디어.**", "**어떻게 무너지는가.**"):
        assert mark in korean
    assert facts.lesson.count("$$") == korean.count("$$")


@every_method
def test_the_toml_agrees_with_the_code(name):
    source, known, parts = card(name).source, knobs(card(name).config), about(name).parts
    assert has(name, "momentum") == ("ema_update(" in source)
    assert has(name, "predictor") == ("self.predictor = " in source)
    assert (memory(name) == "queue") == ("Queue(" in source)
    assert (memory(name) == "bank") == ("Bank(" in source)
    assert uses_labels(name) == ("batch.labels" in source)
    assert ("'" in parts.bottom or bool(parts.note)) == has(name, "momentum")
    assert (" q" in parts.top) == has(name, "predictor")
    assert parts.cut or "stop_gradient" not in known
    assert parts.negatives or not {"negatives", "repulsion"} & set(known)


@every_method
def test_no_method_grew_out_of_a_later_one(name):
    after = about(name).parts.after
    assert all((year(old) or 0) <= (year(name) or 9999) for old in after)


@every_method
def test_every_switch_is_rehearsed(name):
    switches = {k.name for k in knobs(card(name).config).values() if isinstance(k.default, bool)}
    rehearsed = {key for change in about(name).rehearsed.changes for key in change}
    assert {f"method.{switch}" for switch in switches - {"output_norm"}} <= rehearsed


@every_method
def test_every_array_that_is_drawn_is_there(name):
    method = make_method(name)
    if name in TRAINED:
        train(method, adam(method), range(1))
    with torch.no_grad():
        shown = method.eval().attempt(make_batch(8), Noise())
    assert set(about(name).panels.drawn) <= set(method.observe() | shown)


def test_cards_and_tomls_are_read_without_torch():
    code = (
        "import sys\nfrom sslviz.methods import METHODS, card\n"
        "from sslviz.methods.about import about\n"
        "for name in METHODS: card(name).config(), about(name)\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)

"""Which runs the page shows of those that its address asks for."""

import pytest
import streamlit as st

from sslviz.refusal import say
from sslviz.ui import state
from sslviz.ui.compare.facts import MOST
from sslviz.ui.compare.page import chosen_of

KNOWN = {f"r{i}": {"id": f"r{i}", "state": "finished"} for i in range(9)}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    st.session_state.clear()
    monkeypatch.setattr(state, "_in_url", lambda name: None)
    monkeypatch.setattr(state, "_to_url", lambda name, value: None)


def test_runs_keep_their_order_and_what_is_not_there_is_said() -> None:
    broken = {"bad": {"id": "bad", "state": "broken", "error": say("Its config is damaged.")}}
    state.set_listed("runs", ["r3", "../../etc", "r1", "r3"])
    assert chosen_of(KNOWN | broken) == ["r3", "r1"] == state.listed("runs")
    assert "There is no such run here" in state.said("compare")
    state.set_listed("runs", ["r1", "bad", "r2"])
    assert chosen_of(KNOWN | broken) == ["r1", "r2"]
    assert "Its config is damaged" in state.said("compare")


def test_more_than_fit_are_told() -> None:
    state.set_listed("runs", list(KNOWN))
    assert chosen_of(KNOWN) == list(KNOWN)[:MOST]
    assert "At most 6" in state.said("compare")
    assert chosen_of(KNOWN) == list(KNOWN)[:MOST] and not state.said("compare")

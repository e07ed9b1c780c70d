"""The left column of Evaluate: which runs, which protocol, its settings, and the one button."""

from typing import Any

import streamlit as st

from sslviz.data.catalogue import DATASETS
from sslviz.evaluate.protocols import PROTOCOLS, EvaluationConfig
from sslviz.knobs import knobs
from sslviz.refusal import Refusal
from sslviz.runs.store import runs_root
from sslviz.ui import state
from sslviz.ui.controls import knob_widget
from sslviz.ui.evaluate.rows import BUDGET, FROZEN, start
from sslviz.ui.glossary import prose
from sslviz.ui.text import _, marked

MOST_RUNS = 6
SHARES = (0.01, 0.02, 0.05, 0.1, 0.25, 1.0)


def form(candidates: dict[str, dict[str, Any]]) -> tuple[list[str], EvaluationConfig]:
    """Draws the form; the chosen run ids and the evaluation that its settings describe."""
    asked = [run for run in (state.listed("runs") or [state.run()]) if run in candidates]
    first = state.listed("protocol")
    runs = st.multiselect(
        _("Runs to compare"),
        list(candidates),
        default=list(dict.fromkeys(asked))[:MOST_RUNS] or list(candidates)[:1],
        key="evaluate.runs",
        format_func=lambda run: candidates[run]["title"],
        max_selections=MOST_RUNS,
        placeholder=_("Choose up to {n} runs").format(n=MOST_RUNS),
    )
    name = st.selectbox(
        _("Protocol"),
        list(PROTOCOLS),
        index=list(PROTOCOLS).index(first[0]) if first and first[0] in PROTOCOLS else 0,
        key="evaluate.protocol",
        format_func=lambda name: _(PROTOCOLS[name].title),
    )
    state.set_listed("runs", runs)
    state.set_listed("protocol", [name])
    prose(_(PROTOCOLS[name].help), small=True)
    settings = _settings(name)
    baselines = _baselines(name)
    try:
        config = EvaluationConfig.from_json(settings)
    except Refusal as refusal:
        st.markdown(f":material/error: {marked(refusal)}")
        return runs, EvaluationConfig(protocol=name)
    with st.container(key="evaluate-go", gap="xsmall"):
        st.button(
            _("Evaluate"),
            key="evaluate.start",
            type="primary",
            width="stretch",
            icon=":material/play_arrow:",
            disabled=not runs,
            on_click=_start,
            args=(runs, config, baselines),
        )
        said = state.said("evaluate")
        if said:
            st.markdown(said)
    return runs, config


def _settings(name: str) -> dict[str, Any]:
    """The settings that this protocol uses, from widgets; its own defaults for all others."""
    protocol, known = PROTOCOLS[name], knobs(EvaluationConfig)
    chosen: dict[str, Any] = {"protocol": name}
    if "data" in protocol.uses and name == "transfer":
        chosen["data"] = st.selectbox(
            _("Other data"),
            list(DATASETS),
            key="evaluate.data",
            format_func=lambda data: _(DATASETS[data].title),
            help=_(known["data"].help),
        )
    if "labels" in protocol.uses:
        chosen["labels"] = st.pills(
            _("Share of the labels"),
            SHARES,
            selection_mode="multi",
            default=list(protocol.fractions),
            key=f"evaluate.labels.{name}",
            format_func="{:.0%}".format,
            help=_("Each class keeps this share of its labels; the other images have none."),
        )
    with st.expander(_("More settings"), type="compact"):
        chosen["layer"] = knob_widget(known["layer"], "evaluate.layer", 0)
        if "seeds" in protocol.uses:
            n = st.slider(
                _("Repeats"),
                1,
                5,
                3,
                key="evaluate.repeats",
                help=_("Seeds 0, 1, 2 ...: each draws its own labels and new weights."),
            )
            chosen["seeds"] = list(range(n))
        for setting in (*BUDGET, "temperature", "student"):
            if setting in protocol.uses:
                knob = known[setting]
                chosen[setting] = knob_widget(knob, f"evaluate.{setting}", knob.default)
    return chosen


def _baselines(name: str) -> list[str]:
    offered = {}
    if name in FROZEN:
        offered["random"] = _("Random encoder")
    if name not in ("scratch", "transfer"):
        offered["scratch"] = _("From scratch")
    if not offered:
        return []
    chosen = st.pills(
        _("Baselines"),
        list(offered),
        selection_mode="multi",
        default=list(offered),
        key=f"evaluate.baselines.{name}",
        format_func=offered.__getitem__,
        help=_(
            "Random: the first run's network before its first step. From scratch: the same network "
            "trained with labels only. What self-supervision is worth lies between or above them."
        ),
    )
    return list(chosen)


def _start(runs: list[str], config: EvaluationConfig, baselines: list[str]) -> None:
    try:
        started = start(runs, config, baselines, runs_root())
    except (Refusal, OSError) as refusal:
        state.say("evaluate", f":material/error: {marked(refusal)}")
        return
    if not started:
        state.say("evaluate", _("All of this is measured already."))

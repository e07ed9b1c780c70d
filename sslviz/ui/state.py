"""The only place that reads or writes `st.session_state` and `st.query_params`.

What must survive a reload lives in the URL; what belongs to one visitor's session lives in the
session; everything else lives in the run folders.
"""

from secrets import token_hex
from typing import Any

import streamlit as st

from sslviz.config import RunConfig

_LANGUAGE = "lang"
_RUN = "run"
_STEP = "step"
_METHOD = "method"
_SWEEP = "sweep"
_CLASSIC = "classic"


def _in_url(name: str) -> str | None:
    return st.query_params.get(name)


def _to_url(name: str, value: str | None) -> None:
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def language() -> str | None:
    """The language asked for in the URL, else the one chosen earlier in this session."""
    return _in_url(_LANGUAGE) or st.session_state.get(_LANGUAGE)


def set_language(value: str) -> None:
    st.session_state[_LANGUAGE] = value
    _to_url(_LANGUAGE, value)


def large() -> bool:
    """Whether this visitor wants large letters: chosen in this session, else in an earlier one."""
    chosen = st.session_state.get("large")
    return st.context.cookies.get("sslviz_large") == "1" if chosen is None else chosen


def set_large(value: bool) -> None:
    st.session_state["large"] = value


def run() -> str | None:
    """Id of the run on screen (`?run=`), else the one this session looked at last."""
    return _in_url(_RUN) or st.session_state.get(_RUN)


def set_run(run_id: str | None) -> None:
    st.session_state[_RUN] = run_id
    _to_url(_RUN, run_id)


def step() -> int | None:
    """The training step asked for in the URL (`?step=`); None follows the newest."""
    value = _in_url(_STEP)
    return int(value) if value and value.isdecimal() else None


def set_step(value: int | None) -> None:
    _to_url(_STEP, None if value is None else str(value))


def method() -> str | None:
    """Name of the method asked for in the URL (`?method=`), else the one looked at last."""
    return _in_url(_METHOD) or st.session_state.get(_METHOD)


def set_method(value: str) -> None:
    st.session_state[_METHOD] = value
    _to_url(_METHOD, value)


def sweep() -> str | None:
    """Id of the sweep asked for in the URL (`?sweep=`), else the one looked at last."""
    return _in_url(_SWEEP) or st.session_state.get(_SWEEP)


def set_sweep(value: str | None) -> None:
    st.session_state[_SWEEP] = value
    _to_url(_SWEEP, value)


def classic() -> str | None:
    """Name of the classic experiment in the URL (`?classic=`), else the one looked at last."""
    return _in_url(_CLASSIC) or st.session_state.get(_CLASSIC)


def set_classic(value: str) -> None:
    st.session_state[_CLASSIC] = value
    _to_url(_CLASSIC, value)


def started_sweep() -> str | None:
    """Id of the sweep that this visitor started from an experiment last."""
    return st.session_state.get("started_sweep")


def set_started_sweep(value: str) -> None:
    st.session_state["started_sweep"] = value


def listed(name: str) -> list[str]:
    """Words asked for in the URL (`?runs=a,b`), else those this session chose last."""
    text = _in_url(name)
    return text.split(",") if text else st.session_state.get(f"listed.{name}", [])


def set_listed(name: str, words: list[str]) -> None:
    st.session_state[f"listed.{name}"] = words
    _to_url(name, ",".join(words) or None)


def draft() -> RunConfig | None:
    """The recipe being edited in this session."""
    return st.session_state.get("draft")


def set_draft(config: RunConfig) -> None:
    st.session_state["draft"] = config


def draft_preset() -> str:
    """Name of the preset the recipe started from; "" is none."""
    return st.session_state.get("draft_preset", "")


def set_draft_preset(name: str) -> None:
    st.session_state["draft_preset"] = name


def draft_from_link() -> str | None:
    """The recipe in the URL where a link brought it: not what this session wrote there itself."""
    text = _in_url("recipe")
    return None if text == st.session_state.get("draft_written") else text


def set_draft_in_url(text: str | None) -> None:
    st.session_state["draft_written"] = text
    _to_url("recipe", text)


def visitor() -> str:
    """A random name for this session."""
    return st.session_state.setdefault("visitor", token_hex(8))


def press(name: str) -> str:
    """The token of the next press of a button: part of its key, so that a click on a button that
    was drawn before a press took effect is no second press."""
    return st.session_state.setdefault(f"press.{name}", token_hex(8))


def pressed(name: str) -> None:
    """The press took effect; the next one is another."""
    st.session_state[f"press.{name}"] = token_hex(8)


def said(key: str) -> str:
    """A sentence left by a callback for the page to show, once."""
    return st.session_state.pop(f"said.{key}", "")


def say(key: str, sentence: str) -> None:
    st.session_state[f"said.{key}"] = sentence


def asked_start_over() -> str | None:
    """The run that this visitor was asked about: may it begin at step 0?"""
    return st.session_state.get("start_over")


def ask_start_over(run_id: str | None) -> None:
    st.session_state["start_over"] = run_id


def wrong_code() -> bool:
    """Whether the form with the code has just brought this visitor back (`?code=wrong`)."""
    return _in_url("code") == "wrong"


def deleted() -> tuple[str, str] | None:
    """Id and title of the run that this visitor deleted last, while that can be undone."""
    return st.session_state.get("deleted")


def set_deleted(run: tuple[str, str] | None) -> None:
    st.session_state["deleted"] = run


def draws() -> int:
    """How often this session asked for new random views; the seed of what is drawn."""
    return st.session_state.get("draws", 0)


def draw_again() -> None:
    st.session_state["draws"] = draws() + 1


def set_widget(key: str, value: Any) -> None:
    """Puts a value into a widget; only before the widget is drawn or in a callback."""
    st.session_state[key] = value


def widget(key: str, default: Any = None) -> Any:
    """What a widget holds, also before it is drawn in this run of the script."""
    return st.session_state.get(key, default)

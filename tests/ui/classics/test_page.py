"""The page of the classic experiments: what it says follows from what was recorded."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sslviz.sweeps.classics import CLASSICS
from sslviz.sweeps.classics import recorded as records
from sslviz.sweeps.classics.verdicts import Recording
from sslviz.ui.ablations import begin
from sslviz.ui.classics import rerun
from sslviz.ui.classics.claims import claims, where
from sslviz.ui.classics.pictures import pictures
from sslviz.ui.classics.plane import mean_way
from sslviz.ui.recipe.draft import Draft, read_draft
from sslviz.ui.text import speaking
from tests.sweeps.classics.test_verdicts import recorded

EACH = pytest.mark.parametrize("name", CLASSICS)


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


def lines(name: str, value, seeds=(0, 1, 2)) -> dict:
    """As the recorder writes them, with all that a page asks of a line."""
    found = recorded(name, value, seeds)
    drawn = {(p.arm, p.cell, p.metric) for p in CLASSICS[name].points}
    for arm, label, config in CLASSICS[name].configs():
        for seed in seeds:
            line = found[records.key(records.own_settings(config), seed)]
            own = {m: value(a, c, m, seed) for a, c, m in drawn if (a, c) == (arm.name, label)}
            line["metrics"] = own | line["metrics"]
            line |= {"steps": config.steps, "device": "a card", "date": "2026-01-02"}
            line["track"] = [[0, 1.8, -3.2, 0.3], [config.steps, 0.4, -2.0, 0.8]]
    return found


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


@EACH
def test_an_experiment_is_drawn_with_and_without_a_recording(name: str) -> None:
    classic = CLASSICS[name]
    known = Recording(classic, lines(name, lambda arm, cell, metric, seed: 0.5 + seed / 100))
    drawn = pictures(classic, known)
    assert "Here" in text_of(drawn) and 'role="img"' in drawn and "aria-label" in drawn
    assert ("The paper" in drawn) == any(p.paper is not None for p in classic.points)
    table = text_of(claims(known.findings()))
    assert table.count("? cannot tell") == len(classic.claims)
    assert "seeds 0, 1, 2" in where(classic, known) and "a card" in where(classic, known)
    nothing = Recording(classic, {})
    assert "Here" not in text_of(pictures(classic, nothing)) or classic.picture == "plane"
    assert text_of(claims(nothing.findings())).count("– not recorded") == len(classic.claims)
    assert where(classic, nothing) == ""


def test_the_verdict_is_that_of_the_recorded_numbers() -> None:
    def value(arm, cell, metric, seed):
        return {0.1: 0.9, 1.0: 0.95}.get(cell[0], 0.6) + seed * (0.1 + cell[0] / 100)

    known = Recording(CLASSICS["temperature"], lines("temperature", value))
    rows = text_of(claims(known.findings()))
    assert "0.1 is better than 0.05. +4.7 pp +30.1 pp +29.9 pp to +30.2 pp" in rows
    verdicts = re.findall("same direction|the opposite|cannot tell", rows)
    assert verdicts == ["same direction", "same direction", "the opposite", "the opposite"]
    drawn = pictures(CLASSICS["temperature"], known)
    assert "SimCLR 0.1 64.4" in drawn  # the paper's
    assert "SimCLR 0.1 100" in drawn  # ours: the mean of 90, 100.1 and 110.2 percent


def test_failed_runs_are_told_with_their_reason() -> None:
    known = lines("temperature", lambda arm, cell, metric, seed: 0.5)
    first = next(iter(known))
    known[first] = {"settings": {}, "seed": 0, "error": "It diverged."}
    said = where(CLASSICS["temperature"], Recording(CLASSICS["temperature"], known))
    assert said.startswith("11 of 12 runs recorded") and said.endswith(
        "1 runs failed: It diverged."
    )


def test_the_way_in_the_plane_is_the_mean_over_the_seeds() -> None:
    tracks = [[[0, 2.0, -3.0, 0.3], [9, 1.0, -2.0, 0.5]], [[0, 1.0, -1.0, 0.3], [9, 0.0, -4.0, 1]]]
    assert mean_way(tracks) == [(1.5, -2.0), (0.5, -3.0)]
    assert mean_way([]) == []


@EACH
def test_a_cell_is_one_link_from_train_live(name: str) -> None:
    for _arm, _label, config in CLASSICS[name].configs():
        opened = read_draft(Draft("", config).text()).config
        assert opened.to_json() == config.to_json()


def test_the_page_shows_the_experiment_of_the_url_and_starts_its_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page():
        from sslviz.ui.classics import page as classics

        classics.show()

    started = []
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path))
    monkeypatch.setattr(begin, "start_sweep", lambda made, root: started.append(made) or tmp_path)
    monkeypatch.setattr(rerun.frame, "link", lambda *args, **query: None)
    file = tmp_path / "classics.jsonl"
    found = lines("crop_colour", lambda arm, cell, metric, seed: 0.5)
    file.write_text("".join(json.dumps(line) + "\n" for line in found.values()))
    monkeypatch.setattr(records, "FILE", file)
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["classic"] = "crop_colour"
    app.run()
    assert not app.exception
    assert app.subheader[0].value.startswith("What happens when the two views keep their colours")
    assert any("24 of 24 runs recorded" in caption.value for caption in app.caption)
    app.selectbox(key="classics.arm.crop_colour").select("BYOL").run()
    app.number_input(key="classics.seeds").set_value(3).run()
    (button,) = [b for b in app.button if b.label == "Train 12 runs"]
    button.click().run()
    assert not app.exception
    (made,) = started
    assert made.base.method == "byol" and made.seeds == (0, 1, 2)


def test_an_unknown_experiment_is_said_and_the_first_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page():
        from sslviz.ui.classics import page as classics

        classics.show()

    monkeypatch.setattr(records, "FILE", tmp_path / "none")
    monkeypatch.setattr(rerun.frame, "link", lambda *args, **query: None)
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["classic"] = "alchemy"
    app.run()
    assert "There is no experiment" in app.warning[0].value and "alchemy" in app.warning[0].value
    assert app.query_params["classic"] == next(iter(CLASSICS))

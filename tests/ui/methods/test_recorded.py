"""What the page Methods shows as recorded: whole, of today's presets, and one click from a run."""

import html
import re
from statistics import fmean
from urllib.parse import parse_qs, urlsplit

import pytest

from sslviz.config import settings_of
from sslviz.methods import METHODS, card
from sslviz.methods.about import about, line
from sslviz.presets.catalogue import PRESETS
from sslviz.ui.methods.recorded import reached, reading, recorded, where
from sslviz.ui.methods.switches import rehearsed
from sslviz.ui.recipe.draft import read_draft

REACHED = {row["method"]: row for row in recorded("methods")["rows"]}
TRIED = recorded("switches")
# They paint pixels: what they keep is colour and place, so their neighbours are not shapes.
PAINTERS = {"autoencoder", "context_encoder", "mae"}
UNTRAINED = line("untrained")


def test_rows_measured_elsewhere_are_named_with_their_place() -> None:
    head = {"date": "2026-01-01", "machine": "Xeon", "torch": "2.0"}
    later = {"date": "2026-02-02", "machine": "EPYC", "torch": "2.1"}
    rows = [{"method": name} for name in ("simclr", "byol", "moco")]
    assert where(head, rows) == "Recorded on 2026-01-01 on Xeon, torch 2.0."
    rows[2]["measured"] = later
    both = where(head, rows)
    assert both.endswith("MoCo: recorded on 2026-02-02 on EPYC, torch 2.1.") and "Xeon" in both
    assert where(head, rows[2:]) == "Recorded on 2026-02-02 on EPYC, torch 2.1."


def test_what_was_measured_is_the_preset_of_today() -> None:
    assert list(REACHED) == [name for name in METHODS if name in REACHED]
    for name, row in REACHED.items():
        config = PRESETS[name].config
        assert (row["steps"], row["data"]) == (config.steps, config.data)
        assert len(row["seeds"]) >= 3 and len(row["knn"]) == len(row["seeds"])


@pytest.mark.parametrize("name", sorted(set(REACHED) - PAINTERS - {UNTRAINED}))
def test_every_other_method_beats_the_random_encoder(name: str) -> None:
    for key in ("knn", "linear"):
        assert min(REACHED[name][key]) > max(REACHED[UNTRAINED][key]) + 0.05


def test_what_paints_pixels_keeps_the_background() -> None:
    hue = {name: fmean(row["probe_bg_hue_h"]) for name, row in REACHED.items()}
    others = [hue[n] for n in REACHED if card(n).family in ("contrastive", "siamese", "baseline")]
    assert all(hue[name] > max(h for h in others if h != hue[UNTRAINED]) for name in PAINTERS)


@pytest.mark.parametrize("name", sorted({row["method"] for row in TRIED["rows"]}))
def test_what_was_tried_is_what_the_toml_rehearses(name: str) -> None:
    rows = [row["settings"] for row in TRIED["rows"] if row["method"] == name]
    assert rows == [{}, *about(name).rehearsed.changes]


@pytest.mark.parametrize("name", sorted({row["method"] for row in TRIED["rows"]}))
def test_each_change_leads_to_the_recipe_that_was_tried(name: str) -> None:
    rows = [row for row in TRIED["rows"] if row["method"] == name]
    links = re.findall(r'href="([^"]*)"', rehearsed(name))
    assert rows[0]["settings"] == {} and len(links) == len(rows)
    for link, row in zip(links, rows, strict=True):
        (recipe,) = parse_qs(urlsplit(html.unescape(link)).query)["recipe"]
        wanted = PRESETS[name].config.with_settings({**row["settings"], "steps": TRIED["steps"]})
        assert settings_of(read_draft(recipe).config) == settings_of(wanted)


def test_the_random_network_has_nothing_to_try() -> None:
    assert rehearsed(str(UNTRAINED)) == ""


def test_the_table_has_every_method_and_says_where_it_was_measured() -> None:
    page = reached("byol")
    assert sorted(re.findall(r'data-method="(\w+)"', page)) == sorted(REACHED)
    assert page.count("<tr class=chosen>") == 1
    measured = recorded("methods")
    assert all(measured[key] in reading() for key in ("date", "machine", "torch"))

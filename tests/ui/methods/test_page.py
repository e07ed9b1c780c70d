"""The page Methods: data flow with shapes, formulas with terms, colours that keep the text."""

import html
import re
import xml.etree.ElementTree as ET

import pytest
from streamlit.testing.v1 import AppTest

from sslviz.backbone_names import BACKBONES
from sslviz.data.catalogue import DATASETS
from sslviz.methods import METHODS, card
from sslviz.methods.about import about
from sslviz.methods.terms import objective
from sslviz.presets.catalogue import default
from sslviz.runs.store import create_run
from sslviz.ui.methods.code import coloured
from sslviz.ui.methods.diagram import diagram, note
from sslviz.ui.methods.formula import mathml
from sslviz.ui.methods.shapes import sizes
from sslviz.ui.methods.table import table
from sslviz.ui.methods.tree import places, tree

each_method = pytest.mark.parametrize("name", METHODS)


@each_method
def test_every_term_can_be_pointed_at(name: str) -> None:
    known = about(name).terms
    text = mathml(objective(card(name).lesson), [term.tex for term in known]).replace("&nbsp;", " ")
    root = ET.fromstring(f"<p>{text}</p>")
    marked = {row.get("data-term") for row in root.iter("mrow")} - {None}
    assert marked == {str(i) for i in range(len(known))}


@each_method
def test_marking_terms_changes_no_symbol(name: str) -> None:
    def shown(terms: list[tuple[str, ...]]) -> str:
        return re.sub(r"<[^>]*>", "", mathml(objective(card(name).lesson), terms))

    assert shown([term.tex for term in about(name).terms]) == shown([])


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        ("a_i^2", "<msubsup><mi>a</mi><mi>i</mi><mrow><mn>2</mn></mrow></msubsup>"),
        (r"\frac1N", "<mfrac><mn>1</mn><mi>N</mi></mfrac>"),
        ("z'_2", "<msubsup><mi>z</mi><mn>2</mn><mrow><mo>′</mo></mrow></msubsup>"),
    ],
)
def test_latex_becomes_mathml(latex: str, wanted: str) -> None:
    assert mathml(latex, []) == f'<math display="block">{wanted}</math>'


@each_method
def test_colours_keep_every_character(name: str) -> None:
    source = card(name).source
    plain = [html.unescape(re.sub(r"<[^>]*>", "", line)) for line in coloured(source)]
    assert "\n".join(plain) + "\n" == source


def test_colours_tell_the_tokens_apart() -> None:
    (line,) = coloured('def f(self): return "a<b" + 1  # why\n')
    for piece in (
        '<i class="key">def</i> <i class="def">f</i>',
        '<i class="self">self</i>',
        '<i class="str">"a&lt;b"</i>',
        '<i class="num">1</i>',
        '<i class="com"># why</i>',
    ):
        assert piece in line


@each_method
def test_the_diagram_is_drawn_with_the_shapes_of_the_config(name: str) -> None:
    backbone = card(name).needs or "resnet9"
    config = default(name).with_settings({"batch_size": 48, "backbone": backbone})
    svg = ET.fromstring(diagram(config))
    texts = [t.text for t in svg.iter("text")]
    assert any((t or "").endswith(f"×{BACKBONES[backbone]}") for t in texts)
    assert any((t or "").startswith(("48×", "96×", "192×", "432×")) for t in texts)
    right = float((svg.get("viewBox") or "").split()[2])
    for box in svg.iter("rect"):
        assert float(box.get("x", 0)) + float(box.get("width", 0)) <= right


def test_a_switch_changes_the_diagram() -> None:
    config = default("byol")
    assert "stop-gradient" in diagram(config) and "f′" in diagram(config)
    off = diagram(config.with_settings({"method.stop_gradient": False}))
    assert "stop-gradient" not in off and "f′" not in off
    assert ">q<" not in diagram(config.with_settings({"method.predictor": False}))


def test_tiles_have_half_the_side_of_the_image() -> None:
    svg = diagram(default("jigsaw").with_settings({"batch_size": 10}))
    assert ">90×3×16×16<" in svg and ">10×64<" in svg


def test_mae_reads_visible_patches_and_paints_all() -> None:
    config = default("mae").with_settings({"batch_size": 10, "method.mask": 0.5})
    svg = diagram(config)
    assert ">20×32×48<" in svg and ">20×32×96<" in svg and ">20×64×48<" in svg


def test_views_that_are_not_drawn_are_told() -> None:
    lejepa = default("lejepa")
    assert "4 views" in note(lejepa)
    assert note(lejepa.with_settings({"method.n_views": 2})) == ""


def test_pirl_with_rotation_reads_one_turned_view() -> None:
    svg = diagram(default("pirl").with_settings({"method.transform": "rotation"}))
    assert "Turned view" in svg and "9 tiles" not in svg and ">128×3×32×32<" in svg


def test_a_bank_has_one_entry_for_each_image() -> None:
    everything = default("npid").with_settings({"train_images": 0})
    assert sizes(everything).k == DATASETS["shapes"].n_train
    assert sizes(default("npid").with_settings({"train_images": 512})).k == 512


def test_chips_do_not_overlap_and_all_are_links() -> None:
    chips, *_rest, width, height = places()
    assert set(chips) == set(METHODS)
    boxes = list(chips.values())
    for i, (x, y, w) in enumerate(boxes):
        assert x + w <= width and y + 27 <= height
        assert all(x + w <= x2 or x2 + w2 <= x or abs(y - y2) >= 27 for x2, y2, w2 in boxes[:i])
    for page in (tree("byol"), table("byol")):
        assert all(f'href="?method={name}&amp;lang=en"' in page for name in METHODS)


def page() -> None:
    from sslviz.ui.methods import page as methods_page

    methods_page.overview(name := methods_page.chosen())
    methods_page.show(name)


@pytest.mark.parametrize("asked", ["nonsense", "../byol", "<b>x</b>", ""])
def test_an_unknown_method_is_one_sentence(asked: str, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("sslviz.ui.frame.link", lambda *args, **query: None)
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path))
    app = AppTest.from_function(page)
    app.query_params["method"] = asked
    app.run(timeout=30)
    assert not app.exception
    assert len(app.warning) == bool(asked)
    assert app.header[0].value == "SimCLR"


def test_the_run_on_screen_gives_method_and_shapes(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("sslviz.ui.frame.link", lambda *args, **query: None)
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path))
    run = create_run(default("byol").with_settings({"batch_size": 48}), tmp_path).name
    app = AppTest.from_function(page)
    app.query_params["run"] = run
    app.run(timeout=30)
    assert not app.exception and not app.warning
    assert app.header[0].value == "BYOL"
    assert any("Shapes of the run BYOL" in caption.value for caption in app.caption)
    app.query_params["method"] = "moco"
    app.run(timeout=30)
    assert app.header[0].value == "MoCo"
    assert not any("Shapes of the run BYOL" in caption.value for caption in app.caption)

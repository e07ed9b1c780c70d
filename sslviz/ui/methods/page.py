"""The page about one method: lesson, data flow, switches, and its formula beside its code."""

import re
from html import escape

import streamlit as st

from sslviz.config import RunConfig
from sslviz.methods import FAMILIES, METHODS, card
from sslviz.methods.about import about, arxiv, reference, term_lines
from sslviz.methods.terms import OBJECTIVE, objective
from sslviz.presets.catalogue import PRESETS, default, home
from sslviz.refusal import Refusal
from sslviz.runs.read import find_run, read_config, runs_root
from sslviz.ui import frame, state
from sslviz.ui.glossary import prose
from sslviz.ui.methods.code import coloured
from sslviz.ui.methods.diagram import diagram, note
from sslviz.ui.methods.formula import mathml
from sslviz.ui.methods.recorded import reached, reading
from sslviz.ui.methods.switches import rehearsed, switches
from sslviz.ui.methods.table import table
from sslviz.ui.methods.tree import tree
from sslviz.ui.panels.mount import component
from sslviz.ui.recipe.draft import from_preset, of_method
from sslviz.ui.run_list import title_of
from sslviz.ui.text import _, language, literal
from sslviz.ui.theme import style

_mount = component("methods", framed=False)


def _draw(html: str, key: str) -> None:
    """Draws `html`; a link with `data-method` in it chooses that method without a reload."""

    def chosen() -> None:
        name = (state.widget(key) or {}).get("method")
        if name in METHODS:
            state.set_method(name)

    _mount(data={"now": {"html": html}}, key=key, on_method_change=chosen)


def chosen() -> str:
    """The method to show: of the URL, else of the run on screen. Says where it is unknown."""
    asked, run = state.method(), _run()
    if asked in METHODS:
        state.set_method(asked)
        return asked
    if asked:
        sentence = _("There is no method {name}; choose one below.")
        st.warning(sentence.format(name=literal(repr(asked[:60]))), icon=":material/help:")
    return run[1].method if run else RunConfig.method


def _run() -> tuple[str, RunConfig] | None:
    """Id and config of the run on screen; None where there is none that can be read."""
    asked = state.run()
    try:
        return (asked, read_config(find_run(asked, runs_root()))) if asked else None
    except Refusal:
        return None


def overview(name: str) -> None:
    """The family tree; behind further tabs the table of parts, and what each method reached."""
    years, parts, numbers = st.tabs(
        [_("Family tree"), _("Compare the parts"), _("Compare what they reach")]
    )
    with years:
        _draw(tree(name), "methods.tree")
        st.caption(
            _(
                "Year of the first preprint. Lines lead from a method to those that grew out of "
                "it. Choose a method to read about it below."
            )
        )
    with parts:
        _draw(table(name), "methods.table")
    with numbers:
        _draw(reached(name), "methods.reached")
        st.caption(reading())


def show(name: str) -> None:
    """Everything about one method."""
    st.html(style("methods"))
    run = _run()
    config = run[1] if run and run[1].method == name else default(name)
    _heading(name)
    lesson, flow = st.columns([1, 1.6], gap="medium")
    with lesson:
        prose(_lesson(name))
    with flow:
        st.subheader(_("Data flow"), anchor=False)
        _draw(diagram(config), "methods.flow")
        st.caption(" ".join(filter(None, (_whose(config, run), note(config)))))
        st.subheader(_("What if …"), anchor=False)
        _draw(switches(config), "methods.switches")
        tried = rehearsed(name)
        if tried:
            st.subheader(_("What happened when we tried it"), anchor=False)
            _draw(tried, "methods.rehearsed")
    st.subheader(_("The formula, and the lines that compute it"), anchor=False)
    _draw(anatomy(name), "methods.anatomy")


def _heading(name: str) -> None:
    about, train = st.columns([5, 1], vertical_alignment="bottom")
    with about:
        st.header(_(card(name).title), anchor=False)
        paper = literal(reference(name))
        number = arxiv(name)
        if number:
            link = f"[arXiv {number}](https://arxiv.org/abs/{number})"
            paper = paper.replace(f"arXiv {number}", link)
        st.caption(f"{_(FAMILIES[card(name).family])} · {paper}")
    with train, st.container(key="methods-train"):
        label = f"**{_('Set up this run')}**"
        recipe = of_method(name, home(name)).text()
        frame.link(frame.train_live(), label, ":material/tune:", recipe=recipe)
    _versions(name)


def _versions(name: str) -> None:
    """Links to the recipes of the method's other versions, and what such a link does."""
    versions = [p for p in PRESETS.values() if p.kind == "variant" and p.config.method == name]
    with st.container(horizontal=True, key="methods-versions", vertical_alignment="center"):
        for preset in versions:
            recipe = from_preset(preset.name).text()
            frame.link(frame.train_live(), _(preset.title), ":material/tune:", recipe=recipe)
        st.caption(_("Opens Train live with that recipe; nothing starts until you press Train."))


def _lesson(name: str) -> str:
    """The lesson in the visitor's language, each displayed formula on lines of its own."""
    text = card(name).told(language())
    return OBJECTIVE.sub(_stacked, text)


def _stacked(formula: re.Match[str]) -> str:
    """The formula with its statements one below the other, for a narrow column."""
    statements = re.split(r",?\s*\\q?quad\s*", formula[1].strip())
    lines = " \\\\[6pt] ".join(" ".join(statement.split()) for statement in statements)
    return f"$$\n\\begin{{gathered}}\n{lines}\n\\end{{gathered}}\n$$"


def _whose(config: RunConfig, run: tuple[str, RunConfig] | None) -> str:
    if run and run[1] is config:
        return _("Shapes of the run {run}.").format(run=literal(title_of(runs_root() / run[0])))
    return _("Shapes of the preset on the built-in shapes.")


def anatomy(name: str) -> str:
    """The objective with its terms in words at the left, the method's file at the right."""
    known, places = about(name).terms, term_lines(name)
    formula = mathml(objective(card(name).lesson), [term.tex for term in known])
    rows = []
    for i, (term, lines) in enumerate(zip(known, places, strict=True)):
        symbol = mathml(term.tex[0], []).replace(' display="block"', "")
        where = _("line {lines}") if len(lines) == 1 else _("lines {lines}")
        rows.append(
            f'<li data-term="{i}" tabindex="0">{symbol}<span>{escape(_(term.words))}'
            f"<small>{escape(where.format(lines=', '.join(map(str, lines))))}</small></span></li>"
        )
    hint = _("Point at a term, or step through the list with the Tab key: its lines light up.")
    left = f'{formula}<ul class="words">{"".join(rows)}</ul><p class="hint">{escape(hint)}</p>'
    return f'<div class="anatomy"><div>{left}</div><div>{_source(name, places)}</div></div>'


def _source(name: str, places: list[list[int]]) -> str:
    source = card(name).source
    start = min((line for lines in places for line in lines), default=1)
    lines = []
    for number, html in enumerate(coloured(source), 1):
        mine = " ".join(str(i) for i, of in enumerate(places) if number in of)
        mark = f' data-terms="{mine}"' if mine else ""
        mark += " data-start" if number == max(1, start - 12) else ""
        lines.append(f"<li{mark}>{html}</li>")
    label = escape(_("Source of {method}").format(method=card(name).title))
    return (
        f'<div class="file">sslviz/methods/{METHODS[name]}/{name}.py</div>'
        '<div class="source" tabindex="0" '
        f'role="region" aria-label="{label}"><ol>{"".join(lines)}</ol></div>'
    )

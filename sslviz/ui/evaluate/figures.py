"""Still figures of evaluations: accuracies with their spread, learning curves, confusions."""

from html import escape
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from sslviz.ui import state
from sslviz.ui.evaluate.rows import Row, percent
from sslviz.ui.text import _
from sslviz.ui.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, page_theme

# Okabe-Ito, without black and the pale yellow, the blue that stands out first; baselines are grey
COLOURS = {
    "light": (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION),
    "dark": (SKY, ORANGE, GREEN, PURPLE, BLUE, VERMILION),
}
INKS = {"light": "#1c2127", "dark": "#e8ebee"}  # of what is written on a figure
SHAPES = ("circle", "diamond", "square", "triangle-up", "cross", "x")
DASHES = ("dot", "dash", "dashdot")
QUIET = {"displayModeBar": False}
ABOVE = {"orientation": "h", "y": 1.06, "yanchor": "bottom", "x": 0}
LEGEND_LINE = 22  # pixels; two names stand in one line
# counted from the figure's edge: a tab is drawn before it has its width, and the legend its lines
ON_TOP = {"orientation": "h", "yref": "container", "y": 1, "yanchor": "top", "x": 0}
SPREAD = {"thickness": 2, "width": 7, "color": GREY}


def plain(text: str) -> str:
    """`text` for plotly, which takes <b> and <a href> in a text for marks."""
    return escape(text, quote=False)


def accuracies(rows: list[Row], height: int) -> None:
    """One line an evaluation, one mark a share of the labels, bars one standard deviation."""
    found = [(row, result) for row in rows for result in row.record["results"]]
    shares = sorted({_share(result) for _row, result in found})
    figure = go.Figure()
    for k, share in enumerate(shares):
        points = [(row, result) for row, result in found if _share(result) == share]
        words = _("{share} of the labels").format(share=percent(share)) if share else _("no labels")
        figure.add_scatter(
            x=[r["mean"] for _row, r in points],
            y=[plain(row.name) for row, _r in points],
            error_x={"array": [r["std"] or 0 for _row, r in points], **SPREAD},
            mode="markers",
            marker={
                "size": 13,
                "symbol": SHAPES[k % len(SHAPES)],
                "color": [_colour(rows, row) for row, _r in points],
            },
            name=words,
            hovertemplate="%{y}<br>%{x:.1%} ± %{error_x.array:.1%}<extra>%{fullData.name}</extra>",
        )
    last = [row.record["results"][-1] for row in rows]
    figure.add_scatter(  # the numbers, each clear of its bar
        x=[r["mean"] + (r["std"] or 0) + 0.008 for r in last],
        y=[plain(row.name) for row in rows],
        mode="text",
        text=[f"{r['mean']:.1%}" for r in last],
        textposition="middle right",
        hoverinfo="skip",
        showlegend=False,
    )
    _chance(figure, rows, vertical=True)
    figure.update_xaxes(  # beyond 100% there is room for the number beside a mark
        title=_("Accuracy on test images"), range=[0, 1.14], dtick=0.2, tickformat=".0%"
    )
    order = {"categoryorder": "array", "categoryarray": [plain(row.name) for row in rows]}
    figure.update_yaxes(autorange="reversed", automargin=True, ticklabelstandoff=6, **order)
    figure.update_layout(showlegend=len(shares) > 1, legend=ABOVE)
    _draw(figure, height, "evaluate.accuracies", _reading(rows))


def learning_curves(rows: list[Row], height: int) -> None:
    """Accuracy against the number of labels, on a logarithmic axis."""
    figure = go.Figure()
    for row in rows:
        results = [r for r in row.record["results"] if r["n_labels"]]
        figure.add_scatter(
            x=[r["n_labels"] for r in results],
            y=[r["mean"] for r in results],
            error_y={"array": [r["std"] or 0 for r in results], **SPREAD},
            mode="lines+markers",
            line={"color": _colour(rows, row), "width": 3, "dash": _dash(rows, row)},
            marker={"size": 10, "symbol": SHAPES[rows.index(row) % len(SHAPES)]},
            name=plain(row.name),
        )
    _chance(figure, rows, vertical=False)
    figure.update_xaxes(title=_("Labelled training images"), type="log", dtick=1)
    figure.update_yaxes(title=_("Accuracy on test images"), range=[0, 1.02], tickformat=".0%")
    figure.update_layout(legend=ON_TOP)
    _draw(figure, height, "evaluate.curves", _reading(rows), LEGEND_LINE * ((len(rows) + 1) // 2))


def confusion(row: Row, names: list[str], height: int) -> None:
    """Rows: true classes; columns: what was said; colour: share of the row."""
    counts = row.record["confusion"]
    shares = [[n / max(1, sum(line)) for n in line] for line in counts]
    few, names = len(names) <= 12, [*map(plain, names)]
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=names,
            y=names,
            zmin=0,
            zmax=1,
            colorscale="Cividis",
            text=counts if few else None,
            texttemplate="%{text}" if few else None,
            hovertemplate=_("{true} taken for {said}: {share}").format(
                true="%{y}", said="%{x}", share="%{z:.0%}"
            )
            + "<extra></extra>",
            colorbar={"tickformat": ".0%", "thickness": 12},
        )
    )
    figure.update_xaxes(title=_("Predicted class"), side="bottom")
    figure.update_yaxes(title=_("True class"), autorange="reversed")
    right = sum(counts[i][i] for i in range(len(counts)))
    total = sum(map(sum, counts))
    alt = _("{name}: {right} of {total} test images right").format(
        name=row.name, right=right, total=total
    )
    _draw(figure, height, "evaluate.confusion", alt)


def _draw(figure: go.Figure, height: int, key: str, alt: str, legend: int = 0) -> None:
    """`legend`: pixels that a legend of several lines takes above the plot."""
    margin = {"l": 8, "r": 8, "t": 26 + legend, "b": 8}
    ink = INKS[page_theme()]
    font = {"size": 25 if state.large() else 15, "color": ink}
    figure.update_layout(height=height, margin=margin, font=font, dragmode=False)
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(title_font_color=ink, tickfont_color=ink)
    figure.update_annotations(font_color=ink)
    st.plotly_chart(figure, key=key, config=QUIET, alt=alt)


def _chance(figure: go.Figure, rows: list[Row], vertical: bool) -> None:
    chances = {row.record["chance"] for row in rows}
    for chance in chances:
        line: dict[str, Any] = {"line": {"color": GREY, "width": 1.5, "dash": "dot"}}
        line |= {"annotation_text": _("chance"), "annotation_font_size": 13}
        if vertical:
            figure.add_vline(chance, annotation_position="top", **line)
        else:
            figure.add_hline(chance, annotation_position="bottom right", **line)


def _share(result: dict[str, Any]) -> float:
    """The share of the labels that was learned from; 0 where none was."""
    return result["labels"] if result["n_labels"] else 0.0


def _colour(rows: list[Row], row: Row) -> str:
    colours = COLOURS[page_theme()]
    return GREY if row.baseline else colours[rows.index(row) % len(colours)]


def _dash(rows: list[Row], row: Row) -> str:
    return DASHES[rows.index(row) % len(DASHES)] if row.baseline else "solid"


def _reading(rows: list[Row]) -> str:
    """One sentence that reads the plot: each evaluation's accuracy with the most labels."""
    parts = [f"{row.name} {row.record['results'][-1]['mean']:.0%}" for row in rows]
    return _("Accuracy: {list}").format(list=", ".join(parts))

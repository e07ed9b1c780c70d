"""The two pictures of an experiment: what the paper found, and what was found here."""

from collections.abc import Iterator
from html import escape
from statistics import fmean

from sslviz.sweeps.classics.classic import Classic, Point
from sslviz.sweeps.classics.verdicts import Recording, is_measured_share
from sslviz.ui.classics.charts import Mark, chart, grid, legend
from sslviz.ui.classics.plane import plane
from sslviz.ui.classics.words import called, op, shown
from sslviz.ui.text import _


def pictures(classic: Classic, recording: Recording) -> str:
    """HTML: the paper's numbers beside ours, as far as there are any."""
    paper = [(point, [point.paper]) for point in classic.points if point.paper is not None]
    ours = [(p, _values(recording, p)) for p in classic.points]
    columns = []
    if paper:
        title = _("The paper (from a figure)") if classic.from_figure else _("The paper")
        columns.append((title, "".join(_drawn(classic, paper, _("percent")))))
    found = [(point, values) for point, values in ours if values]
    if classic.picture == "plane":
        columns.append((_("Here"), plane(recording)))
    elif found:
        columns.append((_("Here"), "".join(_drawn(classic, found, ""))))
    body = "".join(f"<figure><h4>{escape(t)}</h4>{html}</figure>" for t, html in columns)
    return f'<div class="classic">{body}</div>'


def _values(recording: Recording, point: Point) -> list[float]:
    """One a seed; shares in percent."""
    factor = 100 if is_measured_share(point.metric) else 1
    found = recording.values(point.arm, point.cell, point.metric)
    return [factor * value for value in found.values()]


def _drawn(classic: Classic, points: list[tuple[Point, list[float]]], unit: str) -> Iterator[str]:
    """A chart for each kind of number: accuracies apart from ranks."""
    if classic.picture == "grid":
        yield _grid(points)
        return
    for share in (True, False):
        chosen = [(p, values) for p, values in points if is_measured_share(p.metric) == share]
        if chosen:
            marks = [Mark(shown(p.series), shown(p.label), values) for p, values in chosen]
            every = [p for p in classic.points if is_measured_share(p.metric) == share]
            names = list(dict.fromkeys(shown(p.series) for p in every))
            title, joined = unit or _unit(chosen[0][0].metric), classic.picture == "lines"
            yield legend(marks, names) + chart(marks, names, joined, title, _read(marks))


def _unit(metric: str) -> str:
    """What the numbers of a chart are."""
    if not is_measured_share(metric):
        return _("effective rank")
    return _("test accuracy, percent") if "@" in metric else _("kNN accuracy, percent")


def _grid(points: list[tuple[Point, list[float]]]) -> str:
    ops = list(dict.fromkeys(p.cell[0] for p, _values in points))
    values = {(ops.index(p.cell[0]), ops.index(p.cell[1])): fmean(v) for p, v in points}
    marks = [Mark("", called(p.cell), v) for p, v in points]
    names = [op(name).partition("(")[0] for name in ops]  # the English term would not fit
    return grid(names, values, _read(marks))


def _read(marks: list[Mark]) -> str:
    """One sentence that reads the picture."""
    parts = [f"{mark.series} {mark.label} {mark.mean:.3g}".strip() for mark in marks]
    return _("In order: {list}").format(list=", ".join(parts))

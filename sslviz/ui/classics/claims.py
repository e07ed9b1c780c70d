"""The claims of an experiment as a table: what the paper says, ours beside it, the verdict."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from sslviz.sweeps.classics.classic import Classic
from sslviz.sweeps.classics.verdicts import Finding, Recording
from sslviz.ui.classics.words import MARKS, difference, verdict_words
from sslviz.ui.text import _, told

WIDTH, HEIGHT = 150, 18


def claims(findings: list[Finding]) -> str:
    """HTML: a row a claim. Shares and other numbers have a scale of their own."""
    heads = (_("The paper says"), _("paper"), _("here, with its 95% interval"), "", _("Verdict"))
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    most = {share: _most(findings, share) for share in (True, False)}
    rows = "".join(_row(finding, most[finding.share]) for finding in findings)
    return (
        f'<table class="matters claims"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _most(findings: list[Finding], share: bool) -> float:
    """The largest end of the bars of one kind; a wide interval does not flatten all others."""
    ends = [abs(f.difference) for f in findings if f.share == share and f.difference is not None]
    return 1.6 * max(ends, default=0.0) or 1.0


def _row(finding: Finding, most: float) -> str:
    claim = finding.claim
    paper = "> 0" if claim.paper is None else difference(claim.paper / 100, True)
    source = f"<small>{escape(claim.source)}</small>" if claim.source else ""
    verdict = (
        f'<b class="verdict {finding.verdict}">{MARKS[finding.verdict]} '
        f"{escape(verdict_words()[finding.verdict])}</b>"
        f"<small>{escape(_why(finding))}</small>"
    )
    cells = (escape(paper), _here(finding), _bar(finding, most), verdict)
    line = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(_(claim.said))}{source}</th>{line}</tr>'


def _why(finding: Finding) -> str:
    """What the interval allows to say; where it is against the paper, what is true here."""
    if finding.verdict != "opposite":
        return told(finding.sentence)
    words = _("Here it is the other way round, by more than the seeds' spread ({n} seeds).")
    return words.format(n=finding.n)


def _here(finding: Finding) -> str:
    """Our difference, and below it the ends of its interval."""
    if finding.difference is None:
        return "–"
    between = ""
    if finding.low is not None and finding.high is not None:
        low, high = (difference(end, finding.share) for end in (finding.low, finding.high))
        between = f"<small>{escape(_('{low} to {high}').format(low=low, high=high))}</small>"
    return difference(finding.difference, finding.share) + between


def _bar(finding: Finding, most: float) -> str:
    """Our difference as a dot over its interval; right of the line is the paper's direction."""

    def x(number: float) -> float:
        return WIDTH / 2 * (1 + 0.96 * max(-1.0, min(1.0, number / most)))

    if finding.difference is None:
        return ""
    middle = HEIGHT / 2
    parts = [f'<path d="M{WIDTH / 2} 0V{HEIGHT}" stroke="currentColor" opacity=".4"/>']
    if finding.low is not None and finding.high is not None:
        ends = f'x1="{x(finding.low):.1f}" x2="{x(finding.high):.1f}"'
        parts.append(
            f'<line {ends} y1="{middle}" y2="{middle}" stroke="currentColor" stroke-width="2"/>'
        )
    fill = "currentColor" if finding.verdict in ("same", "opposite") else "none"
    parts.append(
        f'<circle cx="{x(finding.difference):.1f}" cy="{middle}" r="5" fill="{fill}" '
        'stroke="currentColor" stroke-width="2"/>'
    )
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'


def where(classic: Classic, recording: Recording) -> str:
    """On what, when, with which seeds and how many steps the runs were recorded; "" for none."""
    lines = recording.lines()
    if not lines:
        return ""
    steps = sorted({int(line.get("steps", 0)) for line in lines})
    seeds = sorted({int(line["seed"]) for line in lines})
    total = len(seeds) * len({id(runs) for runs in recording.runs.values()})
    words = _(
        "{n} of {total} runs recorded on {date} on {device} ({precision}, torch {torch}): seeds "
        "{seeds}; {steps} steps; kNN of h among 1,000 held-out images (k = 20, cosine, temperature "
        "0.1) where nothing else is said."
    ).format(
        n=len(lines),
        total=total,
        seeds=", ".join(map(str, seeds)),
        steps="–".join(dict.fromkeys(f"{n:,}" for n in (steps[0], steps[-1]))),
        **{key: _all(lines, key) for key in ("date", "device", "precision", "torch")},
    )
    failed = recording.failed()
    if failed:
        words += " " + _("{n} runs failed: {reason}").format(
            n=len(failed), reason=str(failed[0]["error"])
        )
    return words


def _all(lines: Sequence[Mapping[str, Any]], key: str) -> str:
    """Every value that the lines have for a fact."""
    return ", ".join(sorted({str(line.get(key, "?")) for line in lines}))

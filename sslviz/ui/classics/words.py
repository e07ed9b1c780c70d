"""What the cells, series and verdicts of the classic experiments are called on screen."""

from sslviz.augment.catalogue import OPS
from sslviz.knobs import Scalar
from sslviz.sweeps.classics.classic import Label
from sslviz.sweeps.classics.verdicts import Finding, Verdict
from sslviz.ui.text import _

# what a verdict is drawn as, beside its word: told apart without colour
MARKS: dict[Verdict, str] = {"same": "✓", "opposite": "✗", "unknown": "?", "missing": "–"}


def verdict_words() -> dict[Verdict, str]:
    return {
        "same": _("same direction"),
        "opposite": _("the opposite"),
        "unknown": _("cannot tell"),
        "missing": _("not recorded"),
    }


def shown(label: Scalar) -> str:
    """A cell or a series as a word: a number, or the word itself."""
    return _(label) if isinstance(label, str) else f"{label:g}"


def op(name: Scalar) -> str:
    """An op's title."""
    return _(OPS[str(name)].chance.label)


def called(cell: Label) -> str:
    """A cell of a sweep: its label, or the ops of a pair, one where both are the same."""
    if len(cell) == 2:
        return " + ".join(map(op, dict.fromkeys(cell)))
    return " · ".join(map(shown, cell)) or _("base")


def difference(value: float, share: bool) -> str:
    """With its sign; shares in percentage points."""
    words = f"{100 * value:+.1f} pp" if share else f"{value:+.3g}"
    return words.replace("-", "−")


def counted(findings: list[Finding]) -> str:
    """`3 same direction, 1 cannot tell`."""
    verdicts = [finding.verdict for finding in findings]
    words = verdict_words().items()
    return ", ".join(f"{verdicts.count(v)} {word}" for v, word in words if v in verdicts)

"""`sweep classics` and `sweep run --classic`: experiments of the field, recorded, to repeat."""

from dataclasses import replace
from typing import Any

from sslviz.refusal import Refusal
from sslviz.runs.files import dumps
from sslviz.sweeps.classics import CLASSICS
from sslviz.sweeps.classics import recorded as records
from sslviz.sweeps.classics.classic import Classic
from sslviz.sweeps.classics.verdicts import Finding, Recording
from sslviz.sweeps.sweep import Sweep

WORDS = {"same": "same direction", "opposite": "opposite", "unknown": "cannot tell"}
WORDS["missing"] = "not recorded"


def classic_sweep(name: str, seeds: tuple[int, ...]) -> Sweep:
    """The sweep NAME, or NAME/PART where an experiment has several. Raises Refusal."""
    name, _, part = name.partition("/")
    classic = _named(name)
    parts = {arm.name: arm for arm in classic.arms}
    if part not in parts and not (part == "" and len(parts) == 1):
        raise Refusal(
            "The experiment {name} has the parts {parts}; ask for one, as {example}.",
            name=name,
            parts=", ".join(parts),
            example=f"'{name}/{next(iter(parts))}'",
        )
    return replace((parts.get(part) or classic.arms[0]).sweep, seeds=seeds)


def show_classics(names: list[str], as_json: bool) -> int:
    """Prints the experiments, or what the named ones claim and came to. Raises Refusal."""
    lines = records.read_lines(records.FILE)
    chosen = [_named(name) for name in names or CLASSICS]
    found = {classic.name: Recording(classic, lines).findings() for classic in chosen}
    if as_json:
        facts = [_facts(classic, found[classic.name]) for classic in chosen]
        print(dumps(facts, indent=1).decode())
        return 0
    for classic in chosen:
        verdicts = [finding.verdict for finding in found[classic.name]]
        counts = [f"{verdicts.count(v)} {word}" for v, word in WORDS.items() if v in verdicts]
        print(f"{classic.name:<22} {classic.title}: {', '.join(counts)}")
        if names:
            print(f"  {classic.question}\n  {classic.source}. {classic.setting}.")
            print(f"  parts: {', '.join(arm.name for arm in classic.arms)}")
            print("\n".join(map(_line, found[classic.name])))
    return 0


def _named(name: str) -> Classic:
    if name not in CLASSICS:
        raise Refusal(
            "There is no experiment {name}; the experiments are {allowed}.",
            name=repr(name)[:80],
            allowed=", ".join(CLASSICS),
        )
    return CLASSICS[name]


def _line(finding: Finding) -> str:
    scale, unit = (100, " pp") if finding.share else (1, "")
    numbers = []
    if finding.claim.paper is not None:
        numbers.append(f"paper {finding.claim.paper:+.3g} pp")
    if finding.difference is not None:
        numbers.append(f"here {scale * finding.difference:+.3g}{unit}")
    if finding.low is not None and finding.high is not None:
        numbers.append(f"({scale * finding.low:+.3g} to {scale * finding.high:+.3g})")
    return f"  [{WORDS[finding.verdict]}] {finding.claim.said} {' '.join(numbers)}"


def _facts(classic: Classic, findings: list[Finding]) -> dict[str, Any]:
    claims = [
        {
            "said": finding.claim.said,
            "paper": finding.claim.paper,
            "seeds": finding.n,
            "difference": finding.difference,
            "low": finding.low,
            "high": finding.high,
            "verdict": WORDS[finding.verdict],
        }
        for finding in findings
    ]
    facts = {"name": classic.name, "title": classic.title, "question": classic.question}
    return facts | {"parts": [arm.name for arm in classic.arms], "claims": claims}

"""Which evaluations stand on screen, what each is called, and which ones a press would start."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sslviz.config import RunConfig
from sslviz.evaluate.protocols import PROTOCOLS, EvaluationConfig
from sslviz.evaluate.records import ACTIVE, list_evaluations
from sslviz.refusal import Refusal
from sslviz.runs.store import find_run, newest_checkpoint, read_config
from sslviz.ui.acting import start_evaluation
from sslviz.ui.run_list import titles
from sslviz.ui.text import _

BUDGET = ("steps", "batch_size", "lr")
FROZEN = ("knn", "linear", "transfer", "kmeans")


@dataclass(frozen=True)
class Row:
    """An evaluation under the name it has in every chart."""

    name: str
    folder: Path
    record: dict[str, Any]

    @property
    def baseline(self) -> bool:
        return self.state != "broken" and self.record["settings"]["encoder"] == "random"

    @property
    def state(self) -> str:
        return self.record["state"]


def percent(share: float) -> str:
    return f"{100 * share:.3g}%"


def config_of(record: dict[str, Any]) -> EvaluationConfig:
    return EvaluationConfig.from_json(record["settings"])


def rows_of(runs: list[str], protocol: str, root: Path) -> list[Row]:
    """The newest result of each name by this protocol, and what was begun since; baselines, and
    then damaged records, which may be of any protocol, last.

    Training from scratch stands beside every protocol but transfer, which uses other data; alone
    it stands only under its own.
    """
    found: dict[tuple[str, str], dict[bool, Row]] = {}
    broken: list[Row] = []
    named = titles(root)
    for run in runs:
        folder = find_run(run, root)
        for record in list_evaluations(folder):
            if record["state"] == "broken":
                broken.append(Row(record["id"].rpartition("/")[2], folder, record))
                continue
            config = config_of(record)
            if config.protocol == protocol or (config.protocol, protocol) in _BESIDE:
                name = _name(folder, config, named.get(run, run))
                row = Row(name + _at(record), folder, record)
                known = found.setdefault(("" if row.baseline else run, name), {})
                if True not in known:  # newest first: what is older than a result is history
                    known.setdefault(row.state == "finished", row)
    rows = [row for known in found.values() for row in known.values()]
    if all(row.record["protocol"] != protocol for row in rows):
        return broken
    ordered = sorted(rows, key=lambda row: row.baseline)
    return [*(_told_apart(row, rows) for row in ordered), *broken]


_BESIDE = {("scratch", name) for name in PROTOCOLS if name != "transfer"}


def _told_apart(row: Row, rows: list[Row]) -> Row:
    """The row, with the end of its run's id where another run's row has the same name."""
    twins = any(other.name == row.name and other.folder != row.folder for other in rows)
    return replace(row, name=f"{row.name} · {row.folder.name[-6:]}") if twins else row


def _at(record: dict[str, Any]) -> str:
    """The step of the checkpoint that was measured, where there is one."""
    step = record.get("step")
    return f" · {_('step {step}').format(step=step)}" if step else ""


def _name(folder: Path, config: EvaluationConfig, title: str) -> str:
    run, words = read_config(folder), [title, config.data]
    if config.encoder != "trained":
        words = [_untrained(run, config), config.data or Path(run.data).stem]
    if config.layer:
        words.append(_("layer {k}").format(k=config.layer))
    if config.protocol == "distil":
        student = run.backbone if config.student == "same" else config.student
        words.append(f"→ {student}, t = {config.temperature:g}")
    return " · ".join(filter(None, words))


def _untrained(run: RunConfig, config: EvaluationConfig) -> str:
    scratch = config.protocol == "scratch"
    words = _("From scratch ({backbone})") if scratch else _("Random encoder ({backbone})")
    raw = "" if run.standardise else f", {_('not standardised')}"
    return words.format(backbone=run.backbone + raw)


def start(runs: list[str], config: EvaluationConfig, baselines: list[str], root: Path) -> int:
    """Starts what is neither under way nor known already; returns how many. Raises Refusal."""
    folders = [find_run(run, root) for run in runs]
    wanted = [(folder, config) for folder in folders]
    for folder in _one_of_a_kind(folders):
        wanted += [(folder, baseline) for baseline in baseline_configs(config, baselines)]
    started = 0
    for folder, settings in wanted:
        if not _known(folder, settings):
            start_evaluation(folder, settings)
            started += 1
    return started


def _one_of_a_kind(folders: list[Path]) -> list[Path]:
    """The first run of each network and data: runs of one kind share their baselines."""
    kinds: dict[tuple[str, bool, str], Path] = {}
    for folder in folders:
        run = read_config(folder)
        kinds.setdefault((run.backbone, run.standardise, run.data), folder)
    return list(kinds.values())


def baseline_configs(config: EvaluationConfig, names: list[str]) -> list[EvaluationConfig]:
    """The same evaluation of a random encoder, and of the network trained from scratch."""
    chosen = []
    if "random" in names and config.protocol in FROZEN:
        chosen.append(EvaluationConfig.from_json(config.to_json() | {"encoder": "random"}))
    if "scratch" in names and config.protocol not in ("scratch", "transfer"):
        changed = {"protocol": "scratch", "encoder": "random", "data": ""}
        chosen.append(EvaluationConfig.from_json(config.to_json() | changed))
    return chosen


def _known(folder: Path, config: EvaluationConfig) -> bool:
    """Whether the same is under way, or finished at the checkpoint the run has now."""
    checkpoint = newest_checkpoint(folder) if config.encoder == "trained" else None
    if config.encoder == "trained" and checkpoint is None:
        raise Refusal(
            "The run {run} has no checkpoint yet; let it train on first.", run=folder.name
        )
    step = checkpoint[1]["step"] if checkpoint else 0
    for record in [r for r in list_evaluations(folder) if r["state"] != "broken"]:
        held = config_of(record)
        done = record["state"] == "finished" and record.get("step") == step
        if done or record["state"] in ACTIVE:
            if (held.essence(), held.seeds) == (config.essence(), config.seeds):
                return True
    return False

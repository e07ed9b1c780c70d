"""What a film says of a run, in a language."""

from pathlib import Path
from time import gmtime, strftime

from sslviz.export.arrays import Recorded
from sslviz.export.pen import writable
from sslviz.export.said import Bar, Said
from sslviz.methods import card
from sslviz.runs.status import read_status
from sslviz.ui.panels.collapse import gauges, verdicts
from sslviz.ui.panels.embedding import data_words
from sslviz.ui.run_words import device_of
from sslviz.ui.text import _, speaking


def film_language(wanted: str) -> str:
    """`wanted`, or English where this machine has no font with its letters."""
    with speaking(wanted):
        return wanted if all(map(writable, (_("Loss"), _("Map of the images")))) else "en"


def film_words(folder: Path, language: str) -> Said:
    """Raises Refusal for a run that cannot be read."""
    run = Recorded(folder)
    with speaking(film_language(language)):
        return Said(
            title=_("{method} on {data}").format(
                method=_(card(run.config.method).title), data=Path(run.config.data).name
            ),
            recorded=_recorded(run),
            step=_("step {step} / {steps}"),
            map=_("Map of the images"),
            matrix=_("Similarity of all views"),
            pairs=_("Pair cosines"),
            positives=_("positives"),
            negatives=_("negatives"),
            collapse=_("Is it collapsing?"),
            random=_("random init"),
            loss=_("Loss"),
            chance=_("chance"),
            knn=_("kNN accuracy"),
            verdicts={kind: (one["word"], one["ink"]) for kind, one in verdicts().items()},
            bars=tuple(
                Bar(gauge.name, gauge.label, gauge.kind, gauge.low, gauge.high, gauge.digits)
                for gauge in gauges()
                if gauge.spaces
            ),
            names=data_words(),
        )


def _recorded(run: Recorded) -> str:
    status = read_status(run.folder)
    at = status.get("updated_at")
    date = strftime("%Y-%m-%d", gmtime(at)) if isinstance(at, int | float) else "?"
    words = _("recorded on {device}, {date}, seed {seed}")
    return words.format(device=device_of(status), date=date, seed=run.config.seed)

"""What can be changed in a method: its knobs, and what moving the telling ones did when tried."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from sslviz.config import RunConfig
from sslviz.knobs import Scalar, knobs
from sslviz.methods import card
from sslviz.presets.catalogue import default, home
from sslviz.ui.methods.recorded import recorded, where
from sslviz.ui.panels.collapse import verdicts
from sslviz.ui.recipe.draft import Draft, of_method
from sslviz.ui.text import _, language

WIDTHS = ("projector_depth", "projector_width", "predictor_width", "embedding", "joint_width")
NUMBERS = {"knn_h": 2, "effective_rank_z": 1, "feature_std_z": 2}  # and how many decimals


def switches(config: RunConfig) -> str:
    """The method's own knobs: what each does, its value in this config, whether it is live."""
    values = vars(config.method_config())
    known = [k for k in knobs(card(config.method).config).values() if k.name not in WIDTHS]
    known.sort(key=lambda knob: (not isinstance(knob.default, bool), not knob.live))
    rows = []
    for knob in known:
        live = f'<span class="live">{escape(_("live"))}</span>' if knob.live else ""
        rows.append(
            f"<b>{escape(_(knob.label))}{live}</b>"
            f'<span class="value">{escape(_shown(values[knob.name]))}</span>'
            f"<span>{escape(_(knob.help))}</span>"
        )
    hint = _("Live ones may be changed while a run trains.")
    return f'<div class="switches">{"".join(rows)}</div><p class="hint">{escape(hint)}</p>'


def rehearsed(name: str) -> str:
    """A table: the preset as it is, then each change that was tried, and how it ended; "" if none.

    Each change is a link to *Train live* with that very recipe.
    """
    measured = recorded("switches")
    rows = [row for row in measured["rows"] if row["method"] == name]
    if not rows:
        return ""
    heads = [_("Change"), _("kNN from h"), _("rank of z"), _("spread of z"), _("Verdict")]
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(_rehearsal(row, measured["steps"]) for row in rows)
    about = _(
        "{steps} steps each, one seed; kNN among 1,000 held-out images, {random} before training. "
        "A change is a link: it opens Train live with that recipe; nothing starts until you press "
        "Train."
    )
    whole = default(name, home(name)).steps
    words = _fewer(measured["steps"], whole) if measured["steps"] < whole else ""
    words = words + about.format(steps=measured["steps"], random=f"{rows[0]['start_knn_h']:.2f}")
    return (
        f'<table class="parts tried"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        f'<p class="hint">{escape(words)} {escape(where(measured, rows))}</p>'
    )


def _fewer(steps: int, whole: int) -> str:
    """Why these numbers are lower than those of the whole preset on the same page."""
    words = _(
        "After {steps} of the preset's {whole} steps, so lower than under Compare what they reach."
    )
    return words.format(steps=f"{steps:,}", whole=f"{whole:,}") + " "


def _rehearsal(row: dict[str, Any], steps: int) -> str:
    name, settings = row["method"], row["settings"]
    config = of_method(name, home(name)).config.with_settings({**settings, "steps": steps})
    link = f"train_live?{urlencode({'lang': language(), 'recipe': Draft('', config).text()})}"
    words = ", ".join(_moved(name, *pair) for pair in settings.items()) or _("as it is")
    cells = [f"{row[key]:.{n}f}" for key, n in NUMBERS.items()]
    cells.append(verdicts()[row["verdict"]]["word"])
    line = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return (
        f'<tr class="{row["verdict"]}"><th scope="row"><a href="{escape(link)}" target="_self">'
        f"{escape(words)}</a></th>{line}</tr>"
    )


def _moved(method: str, setting: str, value: Scalar) -> str:
    """`method.stop_gradient`, False -> "Stop-gradient: off"."""
    config = card(method).config if setting.startswith("method.") else RunConfig
    label = knobs(config)[setting.removeprefix("method.")].label
    return f"{_(label)}: {_shown(value)}"


def _shown(value: Scalar) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return f"{value:g}" if isinstance(value, float) else _(str(value))

"""The words of runs: their states, one line on how far a run is, how long ago."""

from time import time
from typing import Any

from sslviz.ui.text import _, literal

# what Streamlit draws before a state's word
ICONS = {
    "starting": ":material/hourglass_top:",
    "queued": ":material/schedule:",
    "training": ":material/play_arrow:",
    "paused": ":material/pause:",
    "held": ":material/hard_drive:",
    "silent": ":material/hourglass:",
    "finished": ":material/check:",
    "stopped": ":material/stop:",
    "failed": ":material/error:",
    "interrupted": ":material/link_off:",
    "broken": ":material/error:",
}


def state_words() -> dict[str, str]:
    """The words for a run's `state`, and for what only a page knows: loading, offline."""
    return {
        "loading": _("Loading"),
        "offline": _("Offline"),
        "starting": _("Starting"),
        "queued": _("Queued"),
        "training": _("Training"),
        "paused": _("Paused"),
        "held": _("Held"),
        "silent": _("Silent"),
        "finished": _("Finished"),
        "stopped": _("Stopped"),
        "failed": _("Failed"),
        "interrupted": _("Interrupted"),
        "broken": _("Not readable"),
    }


def one_line(summary: dict[str, Any]) -> str:
    """Markdown: `SimCLR · Crop only · 420/1600 · Training · 3 min ago`, of one of `named_runs`."""
    words = [literal(summary["title"]), f"{summary['step']}/{summary['steps']}"]
    words += [state_words()[summary["state"]], ago(time() - summary["created_at"])]
    return " · ".join(words)


def device_of(status: dict[str, Any]) -> str:
    """What a run computes on: the name of the card, else the kind of device; the same in every
    language."""
    kind = str(status.get("device") or "?").upper()
    return str(status.get("device_name") or kind) if kind == "CUDA" else kind


def ago(seconds: float) -> str:
    """How long ago, in the largest fitting unit."""
    for size, words in ((86400, _("{n} d ago")), (3600, _("{n} h ago")), (60, _("{n} min ago"))):
        if seconds >= size:
            return words.format(n=int(seconds // size))
    return _("just now")

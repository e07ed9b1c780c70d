"""Whether a bundle that somebody handed in holds what a run writes: panels take its word for it."""

from io import BytesIO
from typing import Any

from PIL import Image

from sslviz.feed.bundle import Bundle
from sslviz.feed.packets import read_packet
from sslviz.refusal import Refusal
from sslviz.runs.states import STATES

MOST_STEP = 10**9
MOST_TIME = 10**11  # seconds since 1970 that a calendar still has
MOST_IMAGES = 10_000
MOST_PIXELS = 64 << 20  # of one picture; a browser unpacks it whole
LONGEST = 10_000  # letters of a word or sentence
WORDS = ("verdict", "verdict_reason")  # of a row; all else in it is numbers


def check(held: Bundle) -> None:
    """Raises Refusal, naming the part, for what no run would have written."""
    parts = {
        "status": _status(held.status),
        "rows": all(map(_row, held.rows)),
        "events": all(map(_event, held.events)),
        "probe": _probe(held.probe),
        "pictures": all(map(_picture, held.pictures.values())),
    }
    wrong = next((name for name, fits in parts.items() if not fits), None)
    if wrong is not None:
        raise _damaged(wrong)
    for step, packet in held.snapshots.items():
        written, arrays = read_packet(packet)
        own = {len(array) for name, array in arrays.items() if name.startswith("layout_")}
        if written != step or own != {held.probe["n"]}:
            raise _damaged(f"snapshot {step}")


def _damaged(part: str) -> Refusal:
    return Refusal("This replay is damaged: no run writes its {part} so.", part=part)


def _status(status: dict[str, Any]) -> bool:
    notes, time = status.get("notes"), status.get("updated_at")
    rest = {name: value for name, value in status.items() if name != "notes"}
    return (
        _scalars(rest)
        and rest.get("state") in STATES
        and all(_is(rest.get(name), str) for name in ("device", "device_name", "error", "message"))
        and (time is None or (_is(time, int, float) and 0 <= time < MOST_TIME))
        and _list(notes, str)
    )


def _row(row: dict[str, Any]) -> bool:
    words = all(_is(row.get(name), str) for name in WORDS)
    numbers = (value for name, value in row.items() if name not in WORDS)
    return words and _event(row) and not any(isinstance(value, str) for value in numbers)


def _event(event: dict[str, Any]) -> bool:
    """Steps may go back: a run goes on from its newest checkpoint."""
    return _scalars(event) and 0 <= event["step"] <= MOST_STEP


def _probe(probe: dict[str, Any]) -> bool:
    n, counts = probe.get("n"), (probe.get(name) for name in ("n", "tile", "columns", "views_n"))
    if not all(type(count) is int and 0 <= count <= MOST_IMAGES for count in counts):
        return False
    factors = probe.get("factors")
    return (
        all(_list(probe.get(name), int) for name in ("labels", "diag_labels"))
        and all(_list(probe.get(name, []), str) for name in ("class_names", "names"))
        and len(probe["labels"]) in (0, n)
        and (not probe.get("names") or len(probe["names"]) >= n)  # of all, where few are shown
        and _is(probe.get("mark"), str)
        and isinstance(factors, dict)
        and all(_factor(factor, n) for factor in factors.values())
    )


def _factor(factor: Any, n: Any) -> bool:
    if not isinstance(factor, dict) or type(factor.get("kind")) is not str:
        return False
    values = factor.get("values", [])
    known = _list(factor.get("names"), str) and _list(values, int, float, type(None))
    return known and len(values) == n


def _picture(data: bytes) -> bool:
    try:
        with Image.open(BytesIO(data), formats=["WEBP"]) as picture:
            return picture.width * picture.height <= MOST_PIXELS
    except (OSError, ValueError, Image.DecompressionBombError):
        return False


def _scalars(values: dict[str, Any]) -> bool:
    return all(_is(value, bool, int, float, str) for value in values.values())


def _list(values: Any, *kinds: type) -> bool:
    known = isinstance(values, list) and all(type(value) in kinds for value in values)
    return known and all(_is(value, *kinds) for value in values)


def _is(value: Any, *kinds: type) -> bool:
    """Nothing, or of one of the kinds and no longer than a sentence."""
    if value is None:
        return True
    return type(value) in kinds and (type(value) is not str or len(value) <= LONGEST)

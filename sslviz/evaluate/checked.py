"""A record of an evaluation, checked field by field, so that pages may rely on it. Torch-free."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from sslviz.evaluate.protocols import PROTOCOLS, EvaluationConfig
from sslviz.knobs import knobs
from sslviz.refusal import Refusal, Sentence, say

Check = Callable[[Any], bool]


def checked(record: Mapping[str, Any], evaluation: str) -> dict[str, Any]:
    """The record with every field that a page reads. Raises Refusal, naming the first wrong one."""
    known = dict(record)
    settings = _part(known, "settings", lambda value: isinstance(value, Mapping))
    names = {*knobs(EvaluationConfig), "labels", "seeds"}
    unknown = [name for name in settings if name not in names]
    config = EvaluationConfig.from_json({k: v for k, v in settings.items() if k in names})
    known |= {"settings": config.to_json(), "protocol": config.protocol}
    known["words"] = known.get("words") if isinstance(known.get("words"), str) else None
    known["note"] = _newer(evaluation, unknown) if unknown else None
    _part(known, "id", lambda value: value == evaluation)
    _part(known, "created_at", _number)
    _part(known, "state", lambda value: isinstance(value, str))
    results = _part(known, "results", lambda value: isinstance(value, list))
    known["results"] = [_result(row) for row in results]
    for name in ("progress", "eta_seconds"):
        known[name] = float(known[name]) if _number(known.get(name)) else None
    if known["state"] == "finished":
        _check_finished(known)
    return known


def _newer(evaluation: str, unknown: list[str]) -> Sentence:
    return say(
        "{run} was written by a newer version; these settings are not known here: {settings}.",
        run=evaluation,
        settings=", ".join(unknown)[:400],
    )


def _check_finished(record: dict[str, Any]) -> None:
    _part(record, "results", bool)
    classes = _part(record, "class_names", _list_of(lambda name: isinstance(name, str)))
    for name in ("n_train", "n_test"):
        _part(record, name, _count)
    _part(record, "chance", _share)
    _part(record, "step", lambda value: value is None or _count(value))
    square = _list_of(_list_of(_count, len(classes)), len(classes))
    _part(record, "confusion", square)
    wrong = _part(record, "wrong", lambda value: isinstance(value, Mapping))
    n = len(_part(wrong, "index", _list_of(_count)))
    for name in ("true", "predicted"):
        _part(wrong, name, _list_of(lambda k: _count(k) and k < len(classes), n))
    shown = _part(record, "shown", lambda value: isinstance(value, Mapping))
    _part(shown, "labels", _share)
    _part(shown, "seed", _count)
    words = PROTOCOLS[record["protocol"]].words
    words.format(**record["settings"] | {k: record[k] for k in ("n_train", "n_test")})


def _result(row: Any) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise _damaged("results")
    _part(row, "labels", _share)
    _part(row, "n_labels", _count)
    _part(row, "seeds", lambda value: _list_of(_count)(value) and len(value) > 0)
    _part(row, "accuracies", _list_of(_share))
    _part(row, "mean", _share)
    _part(row, "std", lambda value: value is None or _number(value))
    extra = _part(row, "extra", lambda value: isinstance(value, Mapping))
    for name in extra:
        _part(extra, name, lambda value: _list_of(_number)(value) and len(value) > 0)
    return dict(row)


def _part(values: Mapping[str, Any], name: str, fits: Check) -> Any:
    value = values.get(name)
    if not fits(value):
        raise _damaged(name)
    return value


def _damaged(name: str) -> Refusal:
    return Refusal("Its {field} is damaged or missing.", field=name[:40])


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _share(value: Any) -> bool:
    return _number(value) and 0 <= value <= 1


def _list_of(fits: Check, length: int | None = None) -> Check:
    """A list of which every part fits, of that many parts where a length is given."""

    def check(value: Any) -> bool:
        right = isinstance(value, list) and (length is None or len(value) == length)
        return right and all(fits(part) for part in value)

    return check

"""Pictures of numbers: round scales that hold every number, one look for a series in all charts."""

import pytest

from sslviz.ui.classics.charts import Mark, _scale, chart, legend


@pytest.mark.parametrize(
    "values", [(0.3, 72.5), (59.6, 63.2), (98.0, 99.9), (5.0,), (0.0, 0.0), (-3.0, 2.0), ()]
)
def test_a_scale_is_round_and_holds_every_number(values):
    low, high, step = _scale(values)
    assert low < high and step > 0
    assert all(low <= value <= high for value in values)
    assert low >= 0 or min(values) < 0
    assert high <= 100 or max(values) > 100
    assert (high - low) / step <= 8


def test_a_series_keeps_its_colour_and_mark_where_others_are_missing():
    names = ["h", "z"]
    both = [Mark("h", "a", [1.0]), Mark("z", "a", [2.0])]
    alone = chart(both[1:], names, True, "percent", "z 2")
    assert "--orange" in alone.split('aria-label="z 2"')[1] and "h" not in legend(both[1:], ["h"])
    assert "--orange" in legend(both[1:], names) and "--blue" not in legend(both[1:], names)


def test_what_was_written_elsewhere_is_escaped():
    drawn = chart([Mark("<s>", "<b>", [1.0, 2.0])], ["<s>"], False, "<u>", '"<i>')
    assert not {"<s>", "<b>", "<u>", "<i>"} & {drawn[i : i + 3] for i in range(len(drawn))}

"""No time left is told before the pace is known: the first spans are slow."""

from sslviz.training.pace import KNOWN, Pace


def test_slow_beginnings_are_forgotten() -> None:
    pace = Pace()
    assert (pace.speed, pace.left(100)) == (0.0, None)
    for _ in range(KNOWN):
        pace.measured(1, 10.0)
        assert pace.left(100) is None
    pace.measured(100, 1.0)
    assert pace.left(1000) is not None and pace.speed > 20
    for _ in range(20):
        pace.measured(100, 1.0)
    assert 9 < (pace.left(1000) or 0) < 11

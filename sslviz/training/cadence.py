"""When to take a snapshot: dense at first, then as often as 5% of the training time pays for."""

SHARE = 0.04
CREDIT_SECONDS = 1.0
FIRST_STEPS = (1, 2, 4, 8, 16)
SHORTEST_SECONDS = 0.4


class Cadence:
    """Keeps the time spent on looking below SHARE of the time spent, after a small credit."""

    def __init__(self, every: int, last_step: int) -> None:
        self.every, self.last_step = every, last_step
        self.total = self.newest = 0.0
        self.elapsed = self.taken_at = 0.0
        self.step = -1

    def due(self, step: int, elapsed: float) -> bool:
        """Is a snapshot due after `step`, `elapsed` seconds into the loop?"""
        self.elapsed = elapsed
        if step == self.step:
            return False
        if step == self.last_step:
            return True
        if self.every:
            return step % self.every == 0
        if step in FIRST_STEPS:
            return self.total < CREDIT_SECONDS
        if elapsed - self.taken_at < SHORTEST_SECONDS:
            return False
        return self.total + self.newest <= SHARE * elapsed + CREDIT_SECONDS * (elapsed > 5) * 0.5

    def spent(self, step: int, seconds: float) -> None:
        """A snapshot after `step` took this long."""
        self.total += seconds
        self.newest = seconds
        self.step = step
        self.taken_at = self.elapsed + seconds

    @property
    def share(self) -> float:
        """Seconds spent on looking for each second of training."""
        return min(0.5, self.total / max(self.elapsed - self.total, 1e-9))

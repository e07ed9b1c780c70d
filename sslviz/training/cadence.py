"""When to take a snapshot: dense at first, for at most 5% of the time of the whole run."""

SHARE = 0.045
EARLY_SHARE, EARLY_SECONDS = 0.25, 2.0
FIRST_STEPS = (1, 4)
SHORTEST_SECONDS = 0.4


class Cadence:
    """Spends SHARE of the expected time of the run on looking, most of it early.

    After a share p of the steps it may have spent the share sqrt(p) of all it will ever spend, but
    in a long run never more than EARLY_SHARE of the time so far and EARLY_SECONDS.
    """

    def __init__(self, every: int, last_step: int) -> None:
        self.every, self.last_step = every, last_step
        self.total = self.newest = 0.0
        self.elapsed = self.taken_at = 0.0
        self.step = -1

    def due(self, step: int, elapsed: float, wanted: bool = False) -> bool:
        """Is a snapshot due after `step`, `elapsed` seconds into the loop? One that is `wanted`
        waits for nothing but a moment's rest since the last."""
        self.elapsed = elapsed
        if step == self.step:
            return False
        if step == self.last_step:
            return True
        if wanted and elapsed - self.taken_at >= SHORTEST_SECONDS:
            return True
        if self.every:
            return step % self.every == 0
        if step == 1:
            return True
        if step not in FIRST_STEPS and elapsed - self.taken_at < SHORTEST_SECONDS:
            return False
        return self.total + self.newest <= self._allowance(step)

    def _allowance(self, step: int) -> float:
        """Seconds that may have been spent on looking by now."""
        progress = step / self.last_step
        whole = SHARE * self.elapsed / progress
        return min(whole * progress**0.5, EARLY_SHARE * self.elapsed + EARLY_SECONDS)

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

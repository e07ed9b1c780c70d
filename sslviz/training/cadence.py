"""When to look: snapshots dense at first, and glances in between while somebody watches.

Snapshots spend `Budget.always` of the time of the whole run, most of it early. While somebody
watches they spend it evenly, for `Budget.watched` comes on top: a glance every `Budget.every`
seconds, and for what that leaves, snapshots more often.
"""

from dataclasses import dataclass
from math import ceil, inf

EARLY_SHARE, EARLY_SECONDS = 0.25, 2.0
WATCHED_EARLY_SECONDS = 0.5  # for the first snapshots
FIRST_STEPS = (1, 4)
SHORTEST_SECONDS = 0.4
MOST_SAVED = 1.0  # seconds of looking that a quiet time may save up
MOST_OWED = 0.1  # and that one look may owe, which took longer than expected


@dataclass(frozen=True)
class Budget:
    """Shares of the time of training, and the seconds between two glances."""

    always: float
    watched: float
    every: float

    @property
    def glance(self) -> float:
        """Seconds a glance may take for one to come every `every` seconds."""
        return self.watched * self.every


ON_CPU = Budget(0.045, 0.095, 0.85)
ON_CUDA = Budget(0.02, 0.025, 0.4)


class Cadence:
    """Decides after each step whether to look, and keeps the books on what looking has cost.

    After a share p of the steps snapshots may have spent the share sqrt(p) of all they will ever
    spend, but in a long run never more than EARLY_SHARE of the time so far and EARLY_SECONDS. The
    first step has one too, unless a single one takes longer than that; while somebody waits for the
    first motion it is a glance.
    """

    def __init__(self, every: int, last_step: int, budget: Budget = ON_CPU) -> None:
        self.every, self.last_step, self.budget = every, last_step, budget
        self.cost = {"snapshot": 0.0, "glance": 0.0}  # seconds the newest of each took
        self.total = self.base = 0.0  # seconds of all looks, and of those that are always due
        self.saved = 0.0  # seconds that watching may still spend
        self.elapsed = self.looked_at = self.whole_at = 0.0
        self.step, self.extra = -1, False  # `extra`: the look that is due is paid for by watching

    def due(
        self, step: int, elapsed: float, watched: bool = False, wanted: bool = False
    ) -> str | None:
        """ "snapshot", "glance" or None, `elapsed` seconds into the loop.

        A snapshot that is `wanted` waits for nothing but a moment's rest since the last.
        """
        passed, self.elapsed = max(0.0, elapsed - self.elapsed), elapsed
        self.saved = min(self.saved + watched * passed * self.budget.watched, MOST_SAVED)
        self.extra = False
        if step == self.step:
            return None
        if step == self.last_step or (self.every and step % self.every == 0):
            return "snapshot"
        if wanted and elapsed - self.whole_at >= SHORTEST_SECONDS:
            return "snapshot"
        if not self.every and self._whole_due(step, watched):
            first_motion = step == 1 and watched and self.whole_at
            return "glance" if first_motion else "snapshot"
        self.extra = True
        rested = elapsed - self.looked_at >= self.budget.every
        return self._between(elapsed) if watched and self.whole_at and rested else None

    def _whole_due(self, step: int, watched: bool) -> bool:
        if step == 1:
            return self.cost["snapshot"] <= EARLY_SECONDS
        if step not in FIRST_STEPS and self.elapsed - self.whole_at < SHORTEST_SECONDS:
            return False
        return self.base + self.cost["snapshot"] <= self._allowance(step, watched)

    def _allowance(self, step: int, watched: bool) -> float:
        """Seconds that may have been spent by now on snapshots that are always due."""
        if watched:
            return self.budget.always * self.elapsed + WATCHED_EARLY_SECONDS
        progress = step / self.last_step
        whole = self.budget.always * self.elapsed / progress
        return min(whole * progress**0.5, EARLY_SHARE * self.elapsed + EARLY_SECONDS)

    def _between(self, elapsed: float) -> str | None:
        """What watching pays for: a snapshot where a glance can still follow it, else a glance."""
        snapshot, glance = self.cost["snapshot"], self.cost["glance"]
        rested = elapsed - self.whole_at >= 3 * self.budget.every
        if not self.every and rested and self.saved >= snapshot + glance:
            return "snapshot"
        return "glance" if self.saved >= glance else None

    def next_in(self, step: int, elapsed: float, pace: float) -> float:
        """Seconds until the next look while somebody watches, `pace` seconds a step; a look follows
        a step, and the last step always has one."""
        costs, budget = self.cost, self.budget
        whole = (self.base + costs["snapshot"] - WATCHED_EARLY_SECONDS) / budget.always - elapsed
        rested = self.whole_at + SHORTEST_SECONDS - elapsed
        saved = (costs["glance"] - self.saved) / budget.watched
        glance = max(saved, self.looked_at + budget.every - elapsed)
        waits = [
            inf if self.every else max(whole, rested),
            glance if self.whole_at and costs["glance"] <= MOST_SAVED else inf,
        ]
        planned = self.every - step % self.every if self.every else inf
        return pace * min(max(1, self.last_step - step), planned, _steps(min(waits), pace))

    def spent(self, step: int, seconds: float, kind: str = "snapshot") -> None:
        """A look after `step` took this long."""
        if self.extra:
            self.saved = max(self.saved - seconds, -MOST_OWED)
        else:
            self.base += seconds
        self.total += seconds
        self.cost[kind] = seconds
        self.step = step
        self.elapsed = self.looked_at = self.elapsed + seconds
        if kind == "snapshot":
            self.whole_at = self.elapsed

    def expect_glance(self, seconds: float) -> None:
        """The next glance takes about so long."""
        self.cost["glance"] = seconds

    @property
    def share(self) -> float:
        """Seconds spent on looking for each second of training."""
        return min(0.5, self.total / max(self.elapsed - self.total, 1e-9))


def _steps(seconds: float, pace: float) -> float:
    """How many whole steps pass until `seconds` have; at least the one that is being made."""
    return max(1, ceil(seconds / pace)) if seconds < inf else inf

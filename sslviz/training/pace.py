"""How fast a run goes and how long it will still take, once that can be told."""

KNOWN = 3  # spans of training before: caches are cold, libraries are still being loaded


class Pace:
    """`speed`: images a second, smoothed; 0 before the first span was measured."""

    def __init__(self) -> None:
        self.speed = 0.0
        self.spans = 0

    def measured(self, images: int, seconds: float) -> None:
        """A span of training: `images` in `seconds`."""
        speed = images / max(seconds, 1e-9)
        self.speed = 0.7 * self.speed + 0.3 * speed if self.spans >= KNOWN else speed
        self.spans += 1

    def left(self, images: int) -> float | None:
        """Seconds that `images` will take; None before the pace is known."""
        return images / max(self.speed, 1e-9) if self.spans > KNOWN else None

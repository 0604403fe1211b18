"""Stop asking what doesn't answer, for a while."""


class Breaker:
    """Open for `seconds` after `failures` in a row. Moments are passed in (seconds of a monotonic clock)."""

    def __init__(self, *, failures: int, seconds: float) -> None:
        self.limit = failures
        self.seconds = seconds
        self.count = 0
        self.open_until = 0.0

    def closed(self, now: float) -> bool:
        """Return whether one may ask."""
        return now >= self.open_until

    def failed(self, now: float) -> None:
        """Count a failure."""
        self.count += 1
        if self.count >= self.limit:
            self.open_until = now + self.seconds

    def succeeded(self) -> None:
        """Forget earlier failures."""
        self.count = 0

"""From values to places in the picture; the only part that knows about right to left."""

from collections.abc import Sequence

from practice.pages.charts.drawn import Stripe


class Plane:
    """Turns values into places."""

    def __init__(
        self,
        *,
        size: tuple[float, float],
        y_range: tuple[float, float],
        places: Sequence[float],
        room: float,
        rtl: bool,
        headroom: float,
        tail: float = 0,
    ) -> None:
        self.width, self.height = size
        self.low, self.high = y_range
        self.rtl = rtl
        self.left, self.right = (12.0, self.width - room) if rtl else (room, self.width - 12.0)
        self.tail = tail
        """Room kept free after the last point, for the names of zones."""
        self.top, self.bottom = headroom, self.height - 32.0
        self.first, self.last = (min(places), max(places)) if places else (0.0, 1.0)

    def x(self, place: float) -> float:
        """A place in time as a coordinate, with a small margin so that points don't sit on the edge."""
        margin = 8.0
        span = self.last - self.first
        share = 0.5 if span == 0 else (place - self.first) / span
        length = share * (self.right - self.left - 2 * margin - self.tail)
        return round(self.right - margin - length if self.rtl else self.left + margin + length, 1)

    def y(self, value: float) -> float:
        """A value as a coordinate; beyond the scale it stays at the edge."""
        inside = min(max(value, self.low), self.high)
        return round(self.bottom - (inside - self.low) / (self.high - self.low) * (self.bottom - self.top), 1)

    def stripe(self, low: float, high: float) -> Stripe:
        """A range of values as a rectangle across the plot."""
        top, bottom = self.y(high), self.y(low)
        return Stripe(round(self.left, 1), top, round(self.right - self.left, 1), round(bottom - top, 1))

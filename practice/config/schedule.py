"""The beat: the only table of what ticks when. Intervals in UTC, never a client's time."""

SCHEDULE: dict[str, dict[str, object]] = {}

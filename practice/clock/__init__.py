"""Pure arithmetic of local time: zones, gaps and folds, quiet hours, working hours, durations.

Every conversion between a wall clock and UTC happens here; SQL and the rest of the house only see UTC.
No framework lives here, nothing reads the system clock: moments are passed in.
"""

from practice.clock.durations import duration_parts, duration_said
from practice.clock.hours import Hours, is_open, next_opening, parse_hours, reply_by
from practice.clock.quiet import quiet_end
from practice.clock.resolving import day_start, local, next_local, resolve
from practice.clock.zones import UnknownZone, canonical_zone, zone

__all__ = [
    "Hours",
    "UnknownZone",
    "canonical_zone",
    "day_start",
    "duration_parts",
    "duration_said",
    "is_open",
    "local",
    "next_local",
    "next_opening",
    "parse_hours",
    "quiet_end",
    "reply_by",
    "resolve",
    "zone",
]

"""Tables, one file an aggregate."""

from alliance.models.rating import Rating, RatingStatus
from alliance.models.signal import Signal

__all__ = ["Rating", "RatingStatus", "Signal"]

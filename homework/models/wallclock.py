"""A column for a time on someone's wall: `timestamp without time zone`."""

import datetime as dt
from typing import Any

from django.db import models


class WallClockField(models.Field):  # type: ignore[type-arg]
    """A naive datetime. What it means in UTC depends on the zone beside it and is decided by `practice.clock`."""

    def db_type(self, connection: Any) -> str:
        """Return the column's type."""
        return "timestamp"

    def to_python(self, value: Any) -> dt.datetime | None:
        """Return a naive datetime. Raises ValueError for an aware one."""
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        if moment is not None and moment.tzinfo is not None:
            raise ValueError("a wall clock shows no zone")
        return moment

    def get_prep_value(self, value: Any) -> Any:
        """Return what the driver stores."""
        return self.to_python(value)

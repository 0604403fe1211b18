"""A statement that PostgreSQL plans once a connection. Worth it where connections are kept: on the sockets' threads."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from practice.live.executor import on_own_thread


class Prepared:
    """`sql` with `%(name)s` parameters of the types given. Elsewhere than on our threads it runs as it is."""

    def __init__(self, name: str, sql: str, **types: str) -> None:
        self.name = name
        self.sql = sql
        self.types = types
        places = {key: f"${number}" for number, key in enumerate(types, 1)}
        self.body = re.sub(r"%\((\w+)\)s", lambda found: places[str(found[1])], sql)

    def run(self, cursor: Any, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Run it and return its first row."""
        if on_own_thread():
            self._prepare(cursor)
            given = ", ".join(f"%({key})s::{kind}" for key, kind in self.types.items())
            cursor.execute(f"EXECUTE {self.name} ({given})", values)
        else:
            cursor.execute(self.sql, values)
        row: Sequence[Any] | None = cursor.fetchone()
        return row

    def _prepare(self, cursor: Any) -> None:
        mine = connections[DEFAULT_DB_ALIAS]  # this thread's own
        known = mine.__dict__.setdefault("prepared", {})
        if known.get(self.name) is not mine.connection:
            cursor.execute("SET plan_cache_mode = force_generic_plan")
            cursor.execute(f"PREPARE {self.name} ({', '.join(self.types.values())}) AS {self.body}")
            known[self.name] = mine.connection

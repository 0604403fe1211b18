"""Statements that are asked for each row: a connection plans them once, which else costs more than they take."""

import re
from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

VALUE: Final = re.compile(r"%\((\w+)\)s")


class Prepared:
    """An SQL statement with named values, `%(id)s`, of which each has its SQL type."""

    def __init__(self, name: str, statement: str, types: Mapping[str, str]) -> None:
        values = list(types)
        numbered = VALUE.sub(lambda found: f"${values.index(found[1]) + 1}", statement)
        self.name = name
        self.making = f"PREPARE {name} ({', '.join(types.values())}) AS {numbered}"
        self.running = f"EXECUTE {name} ({', '.join(f'%({value})s' for value in values)})"

    def execute(self, cursor: CursorWrapper, params: Mapping[str, Any]) -> None:
        """Run it by a cursor of the default connection; what it gives is read from the cursor as ever."""
        made = _MADE.setdefault(connection.connection, set())
        if self.name not in made:
            cursor.execute(self.making)
            made.add(self.name)
        cursor.execute(self.running, params)


_MADE: Final[WeakKeyDictionary[Any, set[str]]] = (
    WeakKeyDictionary()
)  # by the driver's connection: a new one knows nothing

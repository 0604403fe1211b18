"""Statements that are asked for each row: a connection plans them once, which else costs more than they take.

Behind a transaction pooler a connection is another one each time. Where that shows, they go unprepared from then on.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

VALUE: Final = re.compile(r"%\((\w+)\)s")
ANOTHER_CONNECTION: Final = {"26000", "42P05"}  # no such statement, or one that was made by somebody else
_MADE: Final[WeakKeyDictionary[Any, set[str]]] = WeakKeyDictionary()  # by the driver's connection; a new one has none


class Prepared:
    """An SQL statement with named values, `%(id)s`, of which each has its SQL type."""

    works: ClassVar[bool] = True

    def __init__(self, name: str, statement: str, types: Mapping[str, str]) -> None:
        values = list(types)
        numbered = VALUE.sub(lambda found: f"${values.index(found[1]) + 1}", statement)
        self.name, self.plain = name, statement
        self.making = f"PREPARE {name} ({', '.join(types.values())}) AS {numbered}"
        self.running = f"EXECUTE {name} ({', '.join(f'%({value})s' for value in values)})"

    def execute(self, cursor: CursorWrapper, params: Mapping[str, Any]) -> None:
        """Run it by a cursor of the default connection; what it gives is read from the cursor as ever."""
        try:
            if Prepared.works:
                self._run(cursor, params)
                return
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", "") not in ANOTHER_CONNECTION:
                raise
            Prepared.works = False
            if connection.in_atomic_block:  # it is over
                raise
        cursor.execute(self.plain, params)

    def _run(self, cursor: CursorWrapper, params: Mapping[str, Any]) -> None:
        made = _MADE.setdefault(connection.connection, set())
        if self.name not in made:
            cursor.execute(self.making)
            made.add(self.name)
        cursor.execute(self.running, params)

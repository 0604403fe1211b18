"""A count that every page of a door asks for, compiled once a process (compiled.py).

WAITING = Counted(lambda user: Response.objects.to_review(user))
WAITING.of(user)
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django_scopes.exceptions import ScopeError

from practice.people.models import User
from practice.tenancy.compiled import Compiled
from practice.tenancy.scoping import current_practice_id


class Counted:
    """How many of these rows there are for a user in the open scope. Nothing else may vary: no moment, no word."""

    def __init__(self, rows: Callable[[User], "QuerySet[Any]"]) -> None:
        self.rows = rows
        self._ids = Compiled(lambda user: rows(user).order_by().values_list("pk", flat=True))

    def of(self, user: User) -> int:
        """Return the count. One query. Raises ScopeError outside the scope of one practice."""
        if not current_practice_id():
            raise ScopeError("counted in the scope of one practice only")
        sql, params = self._ids.sql(user)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS counted", params)  # noqa: S608 - the ORM's own SQL
            return int(cursor.fetchone()[0])

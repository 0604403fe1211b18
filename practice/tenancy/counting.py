"""A count that every page of a door asks for, compiled once a process instead of at each request.

    WAITING = Counted(lambda user: Response.objects.to_review(user))
    WAITING.of(user)

The rule stays where it is, in the QuerySet: it is compiled with stand-ins for practice and user, which are replaced by
the real ones at each run. Building and compiling such a query costs ten times what PostgreSQL takes to answer it.
"""

from collections.abc import Callable
from typing import Any, Final

import django_scopes
from django.db import connection
from django.db.models import QuerySet
from django_scopes.exceptions import ScopeError

from practice.people.models import User
from practice.tenancy.scoping import current_practice_id

A_PRACTICE: Final = -7_000_001
A_USER: Final = -7_000_002


class Counted:
    """How many of these rows there are for a user in the open scope. Nothing else may vary: no moment, no word."""

    def __init__(self, rows: Callable[[User], "QuerySet[Any]"]) -> None:
        self.rows = rows
        self._compiled: tuple[str, tuple[Any, ...]] | None = None

    def of(self, user: User) -> int:
        """Return the count. One query. Raises ScopeError outside the scope of one practice."""
        practice_id = current_practice_id()
        if not practice_id:
            raise ScopeError("counted in the scope of one practice only")
        if self._compiled is None:
            self._compiled = self._compile()
        sql, params = self._compiled
        real = {A_PRACTICE: practice_id, A_USER: user.pk}
        with connection.cursor() as cursor:
            cursor.execute(sql, [real.get(value, value) for value in params])
            return int(cursor.fetchone()[0])

    def _compile(self) -> tuple[str, tuple[Any, ...]]:
        with django_scopes.scope(practice=A_PRACTICE):  # whatever scope is open: nothing runs in it
            rows = self.rows(User(pk=A_USER)).order_by().values("pk")
            sql, params = rows.query.sql_with_params()
        return f"SELECT count(*) FROM ({sql}) AS counted", params  # noqa: S608 - the ORM's own SQL

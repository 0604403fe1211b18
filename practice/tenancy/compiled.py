"""Queries that pages ask at every request, built and compiled once a process.

    OPEN = Compiled(lambda client, now: Assignment.objects.filter(client=client, send_at__lte=now).order_by("send_at"))
    OPEN.of(client, now)

The rule stays where it is, in the QuerySet: it is compiled with stand-ins for the scope's practice and for each value,
which the real ones replace at each run. Building and compiling a query costs several times what PostgreSQL takes to
answer it. What comes back is made by Django as ever.

Values are ids, moments, rows (their id counts), or lists of ids. `rows` puts each of them into the query as it is, a
moment also earlier or later by a fixed time. It must not decide anything by a value, nor by who asks. At the first run
it is compiled twice, with other stand-ins, in another zone and language: what changes or drops a value, decides by one,
reads more of a row than its id, or takes a moment or a day from elsewhere is refused. So is what only a QuerySet can do
itself (lock rows, fetch others along, ask another database), and what would find the same for every practice.
"""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import timezone as offset
from typing import Any, Final, Generic, TypeVar

import django_scopes
from django.core.exceptions import EmptyResultSet, ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.utils import timezone, translation

from practice.tenancy.models import TenantModel
from practice.tenancy.scoping import current_practice_id

M = TypeVar("M")
A_PRACTICE: Final = -7_000_000
LAST: Final = A_PRACTICE - 100_000  # stand-ins of ids count down to here
KEPT: Final = 64  # forms of one query: lists of ids have as many as they have lengths
A_MOMENT: Final = datetime(1000, 1, 1, tzinfo=UTC)  # those of moments, centuries back ...
APART: Final = timedelta(days=10_000)  # ... and so far apart
SHIFT: Final = timedelta(days=40, hours=5, minutes=41, seconds=13, microseconds=77)  # of the second compilation
SHIFT_OF_IDS: Final = 50_000
READERS: Final = ((UTC, "en"), (offset(timedelta(hours=13)), "de"))  # zone and language of each compilation


class NotFixed(Exception):
    """A query depends on something that its stand-ins don't show; the message says on what."""


@dataclass(frozen=True)
class _Statement:
    """A compiled query, and which of its parameters stand for which value."""

    rows: Any
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int, timedelta | None], ...]

    def fixed(self) -> tuple[Any, ...]:
        """Return what no value may change."""
        placed = {place for place, _which, _later in self.places}
        rest = [str(one) for place, one in enumerate(self.params) if place not in placed]
        return self.sql, self.places, rest


class Compiled(Generic[M]):
    """The rows of a QuerySet for given values, in the open scope."""

    def __init__(self, rows: "Callable[..., QuerySet[Any, M]]") -> None:
        self.rows = rows
        self._statements: dict[Any, _Statement] = {}

    def of(self, *values: Any) -> list[M]:
        """Return what `rows(*values)` finds. One query. Raises ScopeError where the ORM does."""
        statement, params = self._filled(values)
        if not statement.sql:  # nothing is in a list of none
            return []
        compiler = copy(statement.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_named: (statement.sql, params)
        return list(statement.rows._iterable_class(_Asked(statement.rows, compiler)))

    def first(self, *values: Any) -> M | None:
        """Return the first of them, or None. `rows` says how many are fetched."""
        return next(iter(self.of(*values)), None)

    def sql(self, *values: Any) -> tuple[str, list[Any]]:
        """Return the query itself, with the real values."""
        statement, params = self._filled(values)
        return statement.sql, params

    def _filled(self, values: Sequence[Any]) -> tuple[_Statement, list[Any]]:
        practice_id = current_practice_id()
        shape = (practice_id and A_PRACTICE, *map(_shape, values))
        statement = self._statements.get(shape)
        if statement is None:
            statement = self._compile(values, practice_id and A_PRACTICE)
            if len(self._statements) < KEPT:
                self._statements[shape] = statement
        real = [practice_id, *(one for value in values for one in _parts(value))]
        if None in real[1:]:
            raise NotFixed("a value is missing: the ORM would ask for rows without one, this for none at all")
        params = list(statement.params)
        for place, which, later in statement.places:
            params[place] = real[which] + later if later else real[which]
        return statement, params

    def _compile(self, values: Sequence[Any], practice_id: int | None) -> _Statement:
        first, second = (self._compiled(values, practice_id, time) for time in (0, 1))
        if first.fixed() != second.fixed():
            raise NotFixed("the query changes a value, or differs by one")
        return first

    def _compiled(self, values: Sequence[Any], practice_id: int | None, time: int) -> _Statement:
        given, stand_ins = [], [A_PRACTICE]
        for value in values:
            given.append(_stand_in(value, len(stand_ins), time))
            stand_ins.extend(_parts(given[-1]))
        zone, language = READERS[time]
        # whatever scope is open: nothing runs in it
        with django_scopes.scope(practice=practice_id), timezone.override(zone), translation.override(language):
            try:
                rows = self.rows(*given)
                _require_plain(rows)
                compiler = rows.query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
                sql, params = compiler.as_sql()
            except EmptyResultSet:
                if [] in values:
                    return _Statement(rows, compiler, "", (), ())
                raise NotFixed("the query finds nothing, whatever is asked") from None
            except ObjectDoesNotExist as read:
                raise NotFixed("the query reads more of a row than its id") from read
        places = tuple((place, *_which(one, stand_ins, time)) for place, one in enumerate(params) if _stands_in(one))
        if [] not in values:
            _require_all(rows, stand_ins, {which for _place, which, _later in places}, practice_id)
        return _Statement(rows, compiler, sql, tuple(params), places)


class _Asked:
    """What Django's iterables need of a QuerySet and its query, with the compiler that is ready."""

    def __init__(self, rows: Any, compiler: Any) -> None:
        self.model, self.db, self._fields = rows.model, compiler.using or DEFAULT_DB_ALIAS, rows._fields
        self._known_related_objects: dict[Any, Any] = {}
        self.query, self.compiler = self, compiler

    def get_compiler(self, *_args: Any, **_named: Any) -> Any:
        return self.compiler


def _shape(value: Any) -> Any:
    """What the SQL may depend on."""
    return len(value) if isinstance(value, list) else isinstance(value, datetime)


def _parts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value.pk if isinstance(value, Model) else value]


def _stand_in(value: Any, number: int, time: int) -> Any:
    """The value's stand-in, counted so that no two are alike, another one the second time."""
    first = A_PRACTICE - number - SHIFT_OF_IDS * time
    if isinstance(value, list):
        return [first - place for place in range(len(value))]
    if isinstance(value, datetime):
        return A_MOMENT + APART * number + SHIFT * time
    if isinstance(value, Model):
        meta = value._meta
        return meta.model.from_db(DEFAULT_DB_ALIAS, [meta.pk.attname], [first])  # asked for more, it looks and fails
    return first


def _require_plain(rows: Any) -> None:
    """Refuse what a QuerySet does when it runs, which nobody would do here."""
    for asked, what in (
        (rows.query.select_for_update, "locks its rows"),
        (rows._prefetch_related_lookups, "fetches other rows along"),
        (rows._db, "asks a database of its own"),
    ):
        if asked:
            raise NotFixed(f"the query {what}: ask the ORM")


def _require_all(rows: Any, stand_ins: list[Any], used: set[int], practice_id: int | None) -> None:
    """Refuse a query from which an id fell out (a column may be too narrow for its stand-in), or the practice."""
    ids = {which for which, one in enumerate(stand_ins) if which and not isinstance(one, datetime)}
    if ids - used:
        raise NotFixed("the query drops a value")
    if practice_id and issubclass(rows.model, TenantModel) and 0 not in used:
        raise NotFixed("the query was built in another scope")


def _stands_in(one: Any) -> bool:
    """Whether a parameter stands for a value; every moment must, and every day."""
    return isinstance(one, date) or (isinstance(one, int) and LAST < one <= A_PRACTICE)


def _which(one: Any, stand_ins: list[Any], time: int) -> tuple[int, timedelta | None]:
    """Which value a parameter stands for, and how much later it is."""
    if isinstance(one, datetime):
        which, rest = divmod(one - A_MOMENT - SHIFT * time + APART / 2, APART)
        if which < len(stand_ins) and isinstance(stand_ins[which], datetime):
            return which, rest - APART / 2 or None
    elif one in stand_ins:
        return stand_ins.index(one), None
    raise NotFixed(f"the query has a value of its own, or one changed: {one}")

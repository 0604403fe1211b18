"""What a process asks the database every five seconds, in one query: is something newer, may they still listen.

Rooms register what they know: a `HeadSource` says how far a topic has come, a `MemberSource` who may listen to it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from practice.contributions import Registry


@dataclass(frozen=True)
class HeadSource:
    """`sql` selects (topic id, number) for the topics `%(ids)s` of `kind`; a number that grew means `what` is new."""

    kind: str
    what: str
    sql: str


@dataclass(frozen=True)
class MemberSource:
    """`sql` selects (topic id, user id) of those who may listen, reading `FROM asked`: pairs of topic and person."""

    kind: str
    sql: str


HEADS: Registry[HeadSource] = Registry("heads of live topics")
MEMBERS: Registry[MemberSource] = Registry("members of live topics")

SIGNED_IN: Final = (
    "SELECT 'session', session_key, 0::bigint, 0::bigint FROM django_session"
    " WHERE session_key = ANY(%(sessions)s) AND expire_date > now()"
    " UNION ALL SELECT 'user', '', id, ('x' || left(md5(password), 15))::bit(60)::bigint FROM practice_user"
    " WHERE id = ANY(%(users)s) AND is_active"
)


def mark_of(password: str) -> int:
    """Return what `SIGNED_IN` says of a user with this (hashed) password: it tells one from another, nothing more."""
    return int(hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()[:15], 16)


@dataclass
class Question:
    """Sessions, users, topics by kind, and (topic, user) pairs by kind."""

    sessions: set[str] = field(default_factory=set)
    users: set[int] = field(default_factory=set)
    topics: dict[str, set[int]] = field(default_factory=dict)
    pairs: dict[str, set[tuple[int, int]]] = field(default_factory=dict)


@dataclass
class Answer:
    """What is still valid, and how far each topic has come."""

    sessions: set[str] = field(default_factory=set)
    users: dict[int, int] = field(default_factory=dict)
    heads: list[tuple[str, int, str, int]] = field(default_factory=list)
    pairs: dict[str, set[tuple[int, int]]] = field(default_factory=dict)


def ask(question: Question) -> Answer:
    """Return the database's answer, by one query whatever is asked."""
    parts = [SIGNED_IN]
    values: dict[str, Any] = {"sessions": list(question.sessions), "users": list(question.users)}
    for key, head in HEADS.items():
        if ids := question.topics.get(head.kind):
            values[f"{key}_ids"] = list(ids)
            body = head.sql.replace("%(ids)s", f"%({key}_ids)s")
            parts.append(f"SELECT 'head', '{key}', part.* FROM ({body}) AS part")  # noqa: S608 - our own SQL
    for key, members in MEMBERS.items():
        if pairs := sorted(question.pairs.get(members.kind, ())):
            values |= {f"{key}_topics": [t for t, _ in pairs], f"{key}_people": [p for _, p in pairs]}
            asked = f"unnest(%({key}_topics)s::bigint[], %({key}_people)s::bigint[]) AS asked(topic, person)"
            body = members.sql.replace("FROM asked", f"FROM {asked}", 1)
            parts.append(f"SELECT 'pair', '{key}', part.* FROM ({body}) AS part")  # noqa: S608 - our own SQL
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return _read(cursor.fetchall())


def _read(rows: Iterable[tuple[Any, ...]]) -> Answer:
    answer = Answer()
    for part, key, first, second in rows:
        if part == "session":
            answer.sessions.add(key)
        elif part == "user":
            answer.users[first] = second
        elif part == "head":
            source = HEADS[key]
            answer.heads.append((source.kind, first, source.what, second))
        else:
            answer.pairs.setdefault(MEMBERS[key].kind, set()).add((first, second))
    return answer

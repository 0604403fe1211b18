"""Who is in a conversation, as SQL: for the one-statement post, a socket's way in and the check every five seconds.

`rules.py` says the same in Python for everything else; a test compares the two. The aliases are fixed: `c` is the
conversation, `cl` its client.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from clients.queries.membership import CLIENTS_OF_PEOPLE

ON_CARE_TEAM: Final = """
    SELECT team.user_id FROM clients_careteammember team
    JOIN practice_membership staff
      ON staff.user_id = team.user_id AND staff.practice_id = team.practice_id AND staff.is_active
    WHERE team.client_id = cl.id AND team.practice_id = c.practice_id AND team.until IS NULL
    UNION
    SELECT away.stand_in_id FROM clients_leave away
    JOIN practice_membership staff
      ON staff.user_id = away.stand_in_id AND staff.practice_id = away.practice_id AND staff.is_active
    WHERE away.user_id = cl.therapist_id AND away.practice_id = c.practice_id AND cl.status = 'active'
      AND away.starts_at <= now() AND away.ends_at > now()
"""

JOIN_CLIENT: Final = "JOIN clients_client cl ON cl.id = c.client_id"
"""By the client's own number alone: the database holds the two in one practice already, and a plan that may look for
the practice as well reads all clients of it."""

LISTENERS: Final = f"""
    SELECT asked.topic, asked.person FROM asked
    JOIN messaging_conversation c ON c.id = asked.topic
    {JOIN_CLIENT}
    WHERE cl.user_id = asked.person OR asked.person IN ({ON_CARE_TEAM})
"""  # noqa: S608 - constants of this module

HEADS_OF_PEOPLE: Final = f"""
    SELECT person, sum(head)::bigint FROM (
        SELECT cl.user_id AS person, c.head
        FROM clients_client cl JOIN messaging_conversation c ON c.client_id = cl.id
        WHERE cl.user_id = ANY(%(ids)s)
        UNION ALL
        SELECT team.user_id, c.head
        FROM ({CLIENTS_OF_PEOPLE}) AS team JOIN messaging_conversation c ON c.client_id = team.client_id
    ) AS theirs GROUP BY person
"""  # noqa: S608 - constants of ours; values are bound

IS_OPEN: Final = "cl.status = 'active' AND cl.treatment_consent"


def is_member(person: str) -> str:
    """Return SQL that is true when the user bound to `person` is in the conversation."""
    return f"(cl.user_id = {person} OR {person} IN ({ON_CARE_TEAM}))"


@dataclass(frozen=True)
class Place:
    """A conversation as a socket needs it. `is_noted`: it is the client's own, or they opened it lately."""

    pk: int
    practice_id: int
    head: int
    client_id: int
    is_noted: bool


PLACE: Final = f"""
    SELECT c.id, c.practice_id, c.head, cl.id, cl.user_id = %(user)s OR EXISTS (
        SELECT 1 FROM practice_auditevent opened
        WHERE opened.client_ref = cl.id AND opened.at > %(since)s AND opened.verb = 'conversation_opened'
          AND opened.actor_id = %(user)s AND opened.subject_ref = c.id
    )
    FROM messaging_conversation c {JOIN_CLIENT}
    WHERE c.id = %(conversation)s AND {is_member("%(user)s")}
"""  # noqa: S608 - constants of ours; values are bound


def place_of(*, conversation_id: int, user_id: int, since: datetime) -> Place | None:
    """Return the conversation, in whichever practice, for someone who is in it. One query, made without the ORM:
    a thousand sockets come back at once. `since` is what "lately" means."""
    with connection.cursor() as cursor:
        cursor.execute(PLACE, {"conversation": conversation_id, "user": user_id, "since": since})
        row = cursor.fetchone()
    return Place(*row) if row else None


STATE: Final = "state"
STATES: Final = f"""
    SELECT c.id, CASE WHEN {IS_OPEN} THEN 1 ELSE 0 END::bigint FROM messaging_conversation c {JOIN_CLIENT}
    WHERE c.id = ANY(%(ids)s)
"""  # noqa: S608 - constants of this module

"""Who is in a conversation, as SQL: for the one-statement post and the sockets' check every five seconds.

`rules.py` says the same in Python for everything else; a test compares the two. The aliases are fixed: `c` is the
conversation, `cl` its client.
"""

from typing import Final

ON_CARE_TEAM: Final = """
    SELECT team.user_id FROM clients_careteammember team
    JOIN practice_membership staff
      ON staff.user_id = team.user_id AND staff.practice_id = team.practice_id AND staff.is_active
    WHERE team.client_id = cl.id AND team.practice_id = c.practice_id AND team.until IS NULL
"""

JOIN_CLIENT: Final = "JOIN clients_client cl ON cl.id = c.client_id AND cl.practice_id = c.practice_id"

LISTENERS: Final = f"""
    SELECT asked.topic, asked.person FROM asked
    JOIN messaging_conversation c ON c.id = asked.topic
    {JOIN_CLIENT}
    WHERE (cl.user_id = asked.person AND cl.status = 'active') OR asked.person IN ({ON_CARE_TEAM})
"""  # noqa: S608 - constants of this module

HEADS_OF_PEOPLE: Final = """
    SELECT person, sum(head)::bigint FROM (
        SELECT cl.user_id AS person, c.head
        FROM clients_client cl JOIN messaging_conversation c ON c.client_id = cl.id
        WHERE cl.user_id = ANY(%(ids)s)
        UNION ALL
        SELECT team.user_id, c.head
        FROM clients_careteammember team JOIN messaging_conversation c ON c.client_id = team.client_id
        WHERE team.user_id = ANY(%(ids)s) AND team.until IS NULL
    ) AS theirs GROUP BY person
"""

IS_OPEN: Final = "cl.status = 'active' AND cl.treatment_consent"


def is_member(person: str) -> str:
    """Return SQL that is true when the user bound to `person` is in the conversation."""
    return f"((cl.user_id = {person} AND cl.status = 'active') OR {person} IN ({ON_CARE_TEAM}))"

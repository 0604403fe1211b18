"""Whose clients are whose, as SQL: for the sockets' check every five seconds, which serves every practice at once."""

from typing import Final

CLIENTS_OF_PEOPLE: Final = """
    SELECT team.user_id, team.client_id FROM clients_careteammember team
    WHERE team.user_id = ANY(%(ids)s) AND team.until IS NULL
    UNION
    SELECT away.stand_in_id, cl.id FROM clients_leave away
    JOIN clients_client cl ON cl.therapist_id = away.user_id AND cl.practice_id = away.practice_id
    WHERE away.stand_in_id = ANY(%(ids)s) AND away.starts_at <= now() AND away.ends_at > now()
      AND cl.status = 'active'
"""

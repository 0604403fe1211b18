"""Many rows of the audit trail at once, written by SQL alone, for benchmarks and speed tests."""

from typing import Any

PRACTICES = """
INSERT INTO practice_practice (id, name, country, zone, language, phone, settings, is_demo, created_at)
SELECT 9000 + n, 'Bench ' || n, 'DE', 'Europe/Berlin', 'en', '', '{}', false, now() FROM generate_series(1, 20) n
ON CONFLICT DO NOTHING
"""
EVENTS = """
INSERT INTO practice_auditevent (practice_id, at, verb, client_ref, subject_type, subject_ref, address, facts)
SELECT 9001 + n %% 20, now() - (%(rows)s - n) * interval '1 second', 'client_opened', n %% 1000, 'clients.client', n,
  CASE WHEN n %% 5 = 0 THEN '192.0.2.7'::inet END,
  CASE WHEN n %% 5 = 0 THEN '{"what": "therapist", "count": 3}'::jsonb ELSE '{}'::jsonb END
FROM generate_series(1, %(rows)s) n
"""


def fill_audit(cursor: Any, *, rows: int) -> None:
    """Add that many events over twenty practices."""
    cursor.execute(PRACTICES)
    cursor.execute(EVENTS, {"rows": rows})

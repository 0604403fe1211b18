"""Many due sends at once, written by SQL alone: people with one channel each, one enrolment an assignment.

For benchmarks and faults. Foreign keys are not checked while filling: what the rows name beside people is not there.
"""

from typing import Any

USERS = 10_000
PEOPLE = f"""
INSERT INTO practice_practice (id, name, country, zone, language, phone, settings, is_demo, created_at)
VALUES (1, 'Bench', 'DE', 'Europe/Berlin', 'en', '', '{{}}', false, now());
INSERT INTO practice_user (id, password, is_superuser, email, name, zone, language, is_active, created_at)
SELECT n, '!', false, 'u' || n || '@bench.example', 'U', 'Europe/Berlin', 'en', true, now()
FROM generate_series(1, {USERS}) n;
INSERT INTO practice_userchannel (user_id, kind, channel) SELECT n, 0, 2 FROM generate_series(1, {USERS}) n;
"""
FILL = f"""
SET LOCAL session_replication_role = replica;
INSERT INTO homework_assignment (practice_id, client_id, recipient_id, rater, enrolment_id, step, occurrence, plan_rev,
  activity_version_id, local_at, tz, send_at, status)
SELECT 1, n %% {USERS} + 1, n %% {USERS} + 1, 'client', n, 'step', 1, 1, 1, now()::timestamp, 'Europe/Berlin',
  now() - interval '10 minutes' + n %% 600 * interval '1 ms', 2
FROM generate_series(%(first)s, %(last)s) n;
"""
LEFT = "SELECT count(*) FROM homework_assignment WHERE status = 2"
SENT = "SELECT count(*) FROM homework_assignment WHERE status = 3"
TOLD = "SELECT count(*), count(DISTINCT subject_id) FROM practice_notification WHERE channel = 2"
ALONE = """
SELECT count(*) FROM homework_assignment a FULL JOIN practice_notification n ON n.subject_id = a.id AND n.channel = 2
WHERE (a.status = 3) IS DISTINCT FROM (n.id IS NOT NULL)
"""


def execute(link: Any, statement: str, params: dict[str, int] | None = None) -> None:
    """Run one statement in a transaction of its own."""
    with link.cursor() as cursor:
        cursor.execute(statement, params)
    link.commit()


def fill(link: Any, *, first: int, last: int) -> None:
    """Make the sends with these numbers due."""
    execute(link, FILL, {"first": first, "last": last})


def one(link: Any, query: str) -> Any:
    """The first row of a query, or its only value."""
    with link.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    link.commit()
    return row[0] if len(row) == 1 else row

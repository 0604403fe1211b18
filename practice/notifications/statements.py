"""The outbox's SQL. It serves every practice; status numbers are those of `NotificationStatus`."""

from typing import Final

from practice.notifications.prepared import Prepared

# Round-robin by practice, urgent first: the practices that have anything ready, the first few rows of each, then turns.
# Rows that may be joined wait while another of the same person is being sent.
LEASE: Final = """
WITH RECURSIVE practices(id) AS (
  SELECT min(practice_id) FROM practice_notification WHERE channel = %(channel)s AND status IN (1, 2)
  UNION ALL
  SELECT (SELECT min(n.practice_id) FROM practice_notification n
    WHERE n.channel = %(channel)s AND n.status IN (1, 2) AND n.practice_id > p.id)
  FROM practices p WHERE p.id IS NOT NULL
), turns AS (
  SELECT first.id FROM practices p CROSS JOIN LATERAL (
    SELECT n.id, n.priority, row_number() OVER (ORDER BY n.priority, n.not_before, n.id) AS turn
    FROM practice_notification n
    WHERE n.channel = %(channel)s AND n.practice_id = p.id AND n.status IN (1, 2)
      AND n.not_before <= coalesce(%(moment)s, now()) AND (n.status = 1 OR n.lease_until < coalesce(%(moment)s, now()))
      AND n.priority <= %(least_urgent)s AND (n.payload IS NOT NULL OR n.kind = ANY(%(essential)s) OR NOT EXISTS (
        SELECT 1 FROM practice_notification busy WHERE busy.user_id = n.user_id AND busy.status = 2
          AND busy.channel = n.channel AND busy.id <> n.id AND busy.lease_until >= coalesce(%(moment)s, now())
          AND busy.payload IS NULL AND NOT busy.kind = ANY(%(essential)s)))
    ORDER BY n.priority, n.not_before, n.id LIMIT %(limit)s) first
  WHERE p.id IS NOT NULL ORDER BY first.priority, first.turn LIMIT %(limit)s
), chosen AS MATERIALIZED (
  SELECT n.id FROM practice_notification n JOIN turns USING (id)
  WHERE n.status = 1 OR (n.status = 2 AND n.lease_until < coalesce(%(moment)s, now()))
  FOR NO KEY UPDATE OF n SKIP LOCKED
)
UPDATE practice_notification n
SET status = 2, lease_token = %(token)s, lease_until = coalesce(%(moment)s, now()) + %(lease)s, attempts = attempts + 1
FROM chosen WHERE n.id = chosen.id
RETURNING n.id
"""

# What else waits for the same people by the same channel: joined with what was leased. 9 is COLLAPSED. What somebody is
# taking back this moment is left to them.
COLLAPSE: Final = """
WITH others AS MATERIALIZED (
  SELECT n.id, lead.into_id
  FROM practice_notification n
  JOIN unnest(%(users)s::bigint[], %(into)s::bigint[]) AS lead(user_id, into_id) USING (user_id)
  WHERE n.channel = %(channel)s AND n.practice_id = ANY(%(practices)s) AND n.status = 1
    AND n.not_before <= coalesce(%(moment)s, now()) AND n.payload IS NULL AND NOT n.kind = ANY(%(essential)s)
  FOR NO KEY UPDATE OF n SKIP LOCKED
)
UPDATE practice_notification n SET status = 9, done_at = coalesce(%(moment)s, now()), last_error = 'into ' || into_id
FROM others WHERE n.id = others.id
"""

# What was joined into notifications that will not be sent stands for itself again. `leads` is a relation `lead` with
# their ids, `users` an array of whom they were to reach.
PART: Final = """
UPDATE practice_notification n SET status = 1, done_at = NULL, last_error = '' FROM {leads}
WHERE n.user_id = ANY({users}) AND n.status = 9 AND n.last_error = 'into ' || lead.id
"""

SETTLE: Final = """
UPDATE practice_notification SET status = %(status)s, last_error = %(error)s, provider_ref = %(reference)s,
  done_at = %(done_at)s, not_before = coalesce(%(not_before)s, not_before),
  expires_at = CASE WHEN expires_at IS NOT NULL THEN greatest(expires_at, %(expires_at)s) END,
  attempts = attempts - %(give_back)s, lease_until = NULL, lease_token = NULL,
  payload = CASE WHEN %(done_at)s IS NULL THEN payload END
WHERE id = %(id)s AND lease_token = %(token)s
"""

# Whether a row is still ours just before the provider is spoken to: not taken back, the lease not over. It is looked up
# by its number alone: to young statistics the index of what is leased looks as good, and that has every worker's rows.
STILL_OURS: Final = """
SELECT coalesce((SELECT status = 2 AND lease_token = %(token)s AND lease_until > coalesce(%(moment)s, now())
  FROM practice_notification WHERE id = %(id)s), false)
"""

# What a try came to, in one statement and so in one transaction: the row's new state where it is still ours, the try in
# the log, and the breaker closed when the provider has shown that it lives. It says too whether the following row is
# still ours: that one is handed over next.
SETTLE_TRY: Final = Prepared(
    "outbox_settle_try",
    f"""
WITH settled AS ({SETTLE} RETURNING id), tried AS (
  INSERT INTO practice_sendattempt (notification_id, n, started_at, ended_at, outcome, provider_code)
  SELECT id, %(n)s, %(started_at)s, %(ended_at)s, %(outcome)s, %(code)s FROM settled
), closed AS (
  UPDATE practice_enginelane SET failures = 0, open_until = NULL
  WHERE %(alive)s AND name = %(lane)s AND (failures > 0 OR open_until IS NOT NULL)
)
SELECT (SELECT count(*) FROM settled), ({STILL_OURS.replace("%(id)s", "%(following)s")})
""",  # noqa: S608 - put together from constants
    {
        "id": "bigint",
        "token": "uuid",
        "status": "smallint",
        "error": "text",
        "reference": "text",
        "done_at": "timestamptz",
        "not_before": "timestamptz",
        "expires_at": "timestamptz",
        "give_back": "smallint",
        "n": "smallint",
        "started_at": "timestamptz",
        "ended_at": "timestamptz",
        "outcome": "text",
        "code": "text",
        "alive": "boolean",
        "lane": "text",
        "following": "bigint",
        "moment": "timestamptz",
    },
)

OLDEST_READY: Final = """
SELECT min(not_before), coalesce(%(moment)s, now()) FROM practice_notification
WHERE channel = %(channel)s AND status IN (1, 2) AND not_before <= coalesce(%(moment)s, now())
"""

# One lease at a time for each channel: it takes milliseconds, and what one worker took the next one sees.
LEASING: Final = "SELECT pg_advisory_xact_lock(%(lock)s, %(channel)s)"

NOW: Final = "SELECT coalesce(%(moment)s, now())"

"""The engine's SQL, all of it. It serves every practice, so it names none; time arrives in UTC.

Status numbers are those of `AssignmentStatus` and `NotificationStatus`, written out so that partial indexes match.
"""

from typing import Final

SLOT: Final = """
SELECT pg_try_advisory_xact_lock(%(lane)s, 0) OR pg_try_advisory_xact_lock(%(lane)s, 1),
  set_config('statement_timeout', '30s', true), set_config('lock_timeout', '2s', true)
"""

# One batch: claim what is due, mark it, write the outbox, report. 2 scheduled, 3 sent, 10 expired.
# Outbox rows: one for each channel of the recipient, and one that sleeps until the reminder is due. Late ones wait a
# little, so that all that one person missed is there before the outbox looks and makes one of it. They have nothing
# sealed, so one seal_id does for a batch: making a random one a row costs a fiftieth of the rate.
CLAIM: Final = """
WITH due AS MATERIALIZED (
  SELECT id FROM homework_assignment
  WHERE status = 2 AND send_at <= coalesce(%(moment)s, now()) AND send_at >= %(watermark)s {only}
  ORDER BY send_at, id LIMIT %(limit)s
  FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
  UPDATE homework_assignment a
  SET status = CASE WHEN a.expires_at <= coalesce(%(moment)s, now()) THEN 10 ELSE 3 END,
      sent_at = CASE WHEN a.expires_at <= coalesce(%(moment)s, now()) THEN NULL ELSE coalesce(%(moment)s, now()) END,
      done_at = CASE WHEN a.expires_at <= coalesce(%(moment)s, now()) THEN coalesce(%(moment)s, now()) END
  FROM due WHERE a.id = due.id
  RETURNING a.id, a.practice_id, a.recipient_id, a.enrolment_id, a.rater, a.status, a.send_at, a.closes_at,
            a.remind_at, a.sent_at
), told AS (
  INSERT INTO practice_notification (practice_id, user_id, kind, channel, subject_type, subject_id, generation,
    priority, not_before, expires_at, status, attempts, created_at, seal_id, done_at, last_error)
  SELECT m.practice_id, m.recipient_id, CASE m.rater WHEN 'client' THEN %(kind)s ELSE %(staff_kind)s END, c.channel,
    %(subject)s, m.id, 0, %(priority)s,
    CASE WHEN m.sent_at - m.send_at > %(late)s THEN m.sent_at + %(gather)s ELSE m.sent_at END,
    least(m.send_at + %(stale)s, m.closes_at),
    CASE WHEN c.channel = 1 THEN 4 WHEN %(quiet)s THEN 3 WHEN m.send_at + %(stale)s <= m.sent_at THEN 8 ELSE 1 END, 0,
    m.sent_at, %(seal)s::uuid, CASE WHEN %(quiet)s OR c.channel = 1
      OR m.send_at + %(stale)s <= m.sent_at THEN m.sent_at END,
    CASE WHEN NOT %(quiet)s AND c.channel <> 1 AND m.send_at + %(stale)s <= m.sent_at THEN 'late' ELSE '' END
  FROM moved m JOIN practice_userchannel c ON c.user_id = m.recipient_id
    AND (c.kind = CASE m.rater WHEN 'client' THEN %(kind)s ELSE %(staff_kind)s END
      OR c.kind = 0 AND NOT CASE m.rater WHEN 'client' THEN %(kind)s ELSE %(staff_kind)s END = ANY(c.but))
  WHERE m.status = 3
  ON CONFLICT DO NOTHING
), reminded AS (
  INSERT INTO practice_notification (practice_id, user_id, kind, channel, subject_type, subject_id, generation,
    priority, not_before, expires_at, status, attempts, created_at, seal_id)
  SELECT m.practice_id, m.recipient_id, %(reminder)s, c.channel, %(subject)s, m.id, 0, %(reminder_priority)s,
    m.remind_at, least(m.remind_at + %(reminder_stale)s, m.closes_at), 1, 0, m.sent_at, %(seal)s::uuid
  FROM moved m JOIN practice_userchannel c ON c.user_id = m.recipient_id
    AND (c.kind = %(reminder)s OR c.kind = 0 AND NOT %(reminder)s = ANY(c.but))
  WHERE m.status = 3 AND m.remind_at > m.sent_at AND c.channel <> 1 AND NOT %(quiet)s
  ON CONFLICT DO NOTHING
)
SELECT count(*) FILTER (WHERE status = 3), count(*) FILTER (WHERE status = 10), max(send_at),
  array_agg(id) FILTER (WHERE status = 3),
  array_agg(DISTINCT enrolment_id) FILTER (WHERE status = 10 OR sent_at - send_at > %(late)s)
FROM moved
"""
ONLY: Final = "AND id = ANY(%(only)s)"
NOT_THESE: Final = "AND NOT id = ANY(%(not_these)s)"

DUE_IDS: Final = """
SELECT id FROM homework_assignment
WHERE status = 2 AND send_at <= coalesce(%(moment)s, now()) AND NOT id = ANY(%(not_these)s)
ORDER BY send_at, id LIMIT %(limit)s
"""

HOLD_POISON: Final = """
UPDATE homework_assignment SET status = 7, hold_reason = %(reason)s WHERE id = %(id)s AND status = 2
RETURNING practice_id, client_id
"""

OLDEST_DUE: Final = (
    "SELECT min(send_at) FROM homework_assignment WHERE status = 2 AND send_at <= coalesce(%(moment)s, now())"
)

PLAN_ANEW: Final = """
UPDATE homework_enrolment SET planned_until = NULL WHERE id IN (
  SELECT id FROM homework_enrolment WHERE id = ANY(%s) AND status = 'running' ORDER BY id FOR NO KEY UPDATE)
"""

# The planner's upsert. What is sent, done or over stays as it is and isn't locked (an upsert locks what it doesn't
# change); a poisoned row waits for a person; one that a move to another zone put off goes on waiting.
UPSERT: Final = """
INSERT INTO homework_assignment AS a (practice_id, client_id, recipient_id, rater, enrolment_id, tz, plan_rev,
  step, occurrence, activity_version_id, local_at, send_at, closes_at, expires_at, remind_at, status, hold_reason)
SELECT %(practice)s, %(client)s, %(recipient)s, %(rater)s, %(enrolment)s, %(tz)s, %(rev)s, u.*
FROM unnest(%(step)s::text[], %(occurrence)s::int[], %(version)s::bigint[], %(local_at)s::timestamp[],
  %(send_at)s::timestamptz[], %(closes_at)s::timestamptz[], %(expires_at)s::timestamptz[], %(remind_at)s::timestamptz[],
  %(status)s::smallint[], %(hold)s::text[]) AS u (step, occurrence)
WHERE NOT EXISTS (SELECT 1 FROM homework_assignment b WHERE b.enrolment_id = %(enrolment)s AND b.step = u.step
  AND b.occurrence = u.occurrence AND b.status NOT IN (1, 2, 7, 9))
ORDER BY 8, 9
ON CONFLICT (enrolment_id, step, occurrence) DO UPDATE
SET tz = excluded.tz, plan_rev = excluded.plan_rev, activity_version_id = excluded.activity_version_id,
  local_at = excluded.local_at, send_at = CASE WHEN a.status = 2 AND (a.local_at, a.tz) = (excluded.local_at,
    excluded.tz) AND excluded.send_at < %(soon)s THEN greatest(a.send_at, excluded.send_at) ELSE excluded.send_at END,
  closes_at = excluded.closes_at,
  expires_at = excluded.expires_at, remind_at = excluded.remind_at, status = excluded.status,
  hold_reason = excluded.hold_reason
WHERE a.status IN (1, 2, 7, 9) AND NOT (a.status = 7 AND a.hold_reason LIKE 'poison%%')
  AND (a.tz, a.plan_rev, a.activity_version_id, a.local_at, a.send_at, a.closes_at, a.expires_at, a.remind_at, a.status,
    a.hold_reason) IS DISTINCT FROM (excluded.tz, excluded.plan_rev, excluded.activity_version_id, excluded.local_at,
    excluded.send_at, excluded.closes_at, excluded.expires_at, excluded.remind_at, excluded.status,
    excluded.hold_reason)
RETURNING a.id
"""

# What the plan no longer has: rows of an older plan that are still only a wish.
CANCEL_LEFT_OVER: Final = """
UPDATE homework_assignment SET status = 9
WHERE enrolment_id = %(enrolment)s AND plan_rev < %(rev)s AND status IN (1, 2, 7)
RETURNING id
"""

HOLD_CLIENT: Final = """
UPDATE homework_assignment SET status = 7, hold_reason = %(reason)s
WHERE id IN (SELECT id FROM homework_assignment WHERE client_id = %(client)s AND status = 2 ORDER BY id
  FOR NO KEY UPDATE) AND status = 2
RETURNING id
"""

HOLD_ENROLMENT: Final = """
UPDATE homework_assignment SET status = 7, hold_reason = %(reason)s
WHERE id IN (SELECT id FROM homework_assignment WHERE enrolment_id = %(enrolment)s AND status = 2 ORDER BY id
  FOR NO KEY UPDATE) AND status = 2
RETURNING id
"""

CANCEL_ENROLMENT: Final = """
UPDATE homework_assignment SET status = 9
WHERE enrolment_id = %(enrolment)s AND status IN (1, 2, 7)
RETURNING id
"""

# What closed undone, oldest first, with what it belongs to; answered in time is never touched.
CLOSED: Final = """
SELECT array_agg(id), array_agg(DISTINCT enrolment_id) FROM (
  SELECT id, enrolment_id FROM homework_assignment
  WHERE status IN (3, 4, 5) AND closes_at <= coalesce(%(moment)s, now()) ORDER BY closes_at LIMIT %(limit)s) closed
"""
MISS: Final = """
UPDATE homework_assignment a SET status = 11, done_at = a.closes_at
FROM (SELECT id FROM homework_assignment
  WHERE id = ANY(%(ids)s) AND status IN (3, 4, 5) AND closes_at <= coalesce(%(moment)s, now())
  ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) closed
WHERE a.id = closed.id
"""

# What must never be: something scheduled under a parent that doesn't run.
AUDIT_SCHEDULED: Final = """
SELECT a.id, a.practice_id FROM homework_assignment a
JOIN homework_enrolment e ON e.id = a.enrolment_id JOIN clients_client c ON c.id = a.client_id
WHERE a.status = 2 AND (e.status <> 'running' OR c.status <> 'active' OR NOT c.treatment_consent)
ORDER BY a.id LIMIT 100
"""
AUDIT_RUNNING: Final = """
SELECT e.id, e.practice_id FROM homework_enrolment e
WHERE e.status = 'running' AND e.planned_until IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM homework_assignment a WHERE a.enrolment_id = e.id AND a.status IN (1, 2, 3, 4, 5, 7))
ORDER BY e.id LIMIT 100
"""

NOTE_DRAINED: Final = """
UPDATE practice_enginelane
SET last_drained_at = CASE WHEN %(oldest)s::timestamptz IS NULL THEN now() ELSE last_drained_at END,
  oldest_due_at = %(oldest)s, sent_total = sent_total + %(sent)s WHERE name = %(lane)s
"""

# What is lost of the outbox, with what was joined into it: each row by its own time. What is younger stands for itself
# again. A row may have been joined into one that was joined later itself.
LOST_MAILS: Final = """
WITH RECURSIVE lost (id, user_id) AS (
  SELECT id, user_id FROM practice_notification
  WHERE status IN (1, 2) AND not_before <= now() AND not_before < %(before)s
  UNION ALL
  SELECT n.id, n.user_id FROM lost JOIN practice_notification n
    ON n.user_id = lost.user_id AND n.status = 9 AND n.last_error = 'into ' || lost.id
  WHERE n.not_before < %(before)s
), parted AS (
  SELECT n.id FROM lost JOIN practice_notification n
    ON n.user_id = lost.user_id AND n.status = 9 AND n.last_error = 'into ' || lost.id
  WHERE n.not_before >= %(before)s
)
"""
HELD: Final = "release_at <= now() AND posted_at IS NULL AND cancelled_at IS NULL AND refused_at IS NULL"
WOULD_GO: Final = f"""
{LOST_MAILS}
SELECT (SELECT count(*) FROM homework_assignment WHERE status = 2 AND send_at <= now()
    AND (%(before)s::timestamptz IS NULL OR send_at >= %(before)s)),
  (SELECT count(*) FROM homework_assignment WHERE status = 2 AND send_at <= now() AND send_at < %(before)s),
  (SELECT count(*) FROM practice_notification WHERE status IN (1, 2) AND not_before <= now()
    AND (%(before)s::timestamptz IS NULL OR not_before >= %(before)s)) + (SELECT count(*) FROM parted),
  (SELECT count(*) FROM lost),
  (SELECT count(*) FROM messaging_heldmessage WHERE {HELD} AND (%(before)s::timestamptz IS NULL
    OR release_at >= %(before)s)),
  (SELECT count(*) FROM messaging_heldmessage WHERE {HELD} AND release_at < %(before)s),
  (SELECT count(*) FROM homework_enrolment WHERE status = 'running'
    AND (planned_until IS NULL OR planned_until <= now()))
"""  # noqa: S608 - put together from constants
LOSE_SENDS: Final = """
WITH lost AS (
  UPDATE homework_assignment SET status = 10, done_at = now()
  WHERE status = 2 AND send_at <= now() AND send_at < %(before)s RETURNING enrolment_id
)
UPDATE homework_enrolment SET planned_until = NULL
WHERE id IN (SELECT enrolment_id FROM lost) AND status = 'running'
"""
LOSE_MAILS: Final = f"""
{LOST_MAILS}, alone AS (
  UPDATE practice_notification n SET status = 1, done_at = NULL, last_error = '' FROM parted WHERE n.id = parted.id
)
UPDATE practice_notification n SET status = 8, last_error = 'lost at release', done_at = now(), payload = NULL,
  lease_token = NULL
FROM lost WHERE n.id = lost.id
"""  # noqa: S608 - put together from constants
LOSE_MESSAGES: Final = f"""
UPDATE messaging_heldmessage SET refused_at = now() WHERE {HELD} AND release_at < %(before)s
"""  # noqa: S608 - put together from constants

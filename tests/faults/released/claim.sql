-- As release 0.1.0 ran it. Never changed: an old worker may still run this beside the next release's schema.
WITH due AS MATERIALIZED (
  SELECT id FROM homework_assignment
  WHERE status = 2 AND send_at <= coalesce(%(moment)s, now()) AND send_at >= %(watermark)s 
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
    %(subject)s, m.id, 0, %(priority)s, m.sent_at, least(m.send_at + %(stale)s, m.closes_at),
    CASE WHEN c.channel = 1 THEN 4 WHEN %(quiet)s THEN 3 WHEN m.send_at + %(stale)s <= m.sent_at THEN 8 ELSE 1 END, 0,
    m.sent_at, %(seal)s::uuid, CASE WHEN %(quiet)s OR c.channel = 1
      OR m.send_at + %(stale)s <= m.sent_at THEN m.sent_at END,
    CASE WHEN NOT %(quiet)s AND c.channel <> 1 AND m.send_at + %(stale)s <= m.sent_at THEN 'late' ELSE '' END
  FROM moved m JOIN practice_userchannel c ON c.user_id = m.recipient_id AND c.kind = 0
  WHERE m.status = 3
  ON CONFLICT DO NOTHING
), reminded AS (
  INSERT INTO practice_notification (practice_id, user_id, kind, channel, subject_type, subject_id, generation,
    priority, not_before, expires_at, status, attempts, created_at, seal_id)
  SELECT m.practice_id, m.recipient_id, %(reminder)s, c.channel, %(subject)s, m.id, 0, %(reminder_priority)s,
    m.remind_at, least(m.remind_at + %(reminder_stale)s, m.closes_at), 1, 0, m.sent_at, %(seal)s::uuid
  FROM moved m JOIN practice_userchannel c ON c.user_id = m.recipient_id AND c.kind = 0
  WHERE m.status = 3 AND m.remind_at > m.sent_at AND c.channel <> 1 AND NOT %(quiet)s
  ON CONFLICT DO NOTHING
)
SELECT count(*) FILTER (WHERE status = 3), count(*) FILTER (WHERE status = 10), max(send_at),
  array_agg(id) FILTER (WHERE status = 3),
  array_agg(DISTINCT enrolment_id) FILTER (WHERE status = 10 OR sent_at - send_at > interval '15 minutes')
FROM moved

-- As release 0.1.0 ran it. Never changed: an old worker may still run this beside the next release's schema.
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

-- The least a claim must do: find a batch of what is due, mark it sent, say how far it came. No outbox, no planner,
-- no announcement; each batch is a transaction of its own.
WITH due AS MATERIALIZED (
  SELECT id FROM homework_assignment
  WHERE status = 2 AND send_at <= now() AND send_at >= %(watermark)s
  ORDER BY send_at, id LIMIT 1000
  FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
  UPDATE homework_assignment a SET status = 3, sent_at = now() FROM due WHERE a.id = due.id RETURNING a.send_at
)
SELECT count(*), max(send_at) FROM moved

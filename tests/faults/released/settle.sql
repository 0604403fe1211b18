-- As release 0.1.0 ran it. Never changed: an old worker may still run this beside the next release's schema.
UPDATE practice_notification SET status = %(status)s, last_error = %(error)s, provider_ref = %(reference)s,
  done_at = %(done_at)s, not_before = coalesce(%(not_before)s, not_before),
  expires_at = CASE WHEN expires_at IS NOT NULL THEN greatest(expires_at, %(expires_at)s) END,
  attempts = attempts - %(give_back)s, lease_until = NULL, lease_token = NULL,
  payload = CASE WHEN %(done_at)s IS NULL THEN payload END
WHERE id = %(id)s AND lease_token = %(token)s

"""What signing in and starting a practice announce. Receivers run inside the same transaction."""

from django.dispatch import Signal

practice_started = Signal()  # practice, now: a real practice was made; a demo stocks itself
access_reset = Signal()  # user, now: whatever they could sign in with before must no longer work
email_changed = Signal()  # user, now: another address, proven to be theirs; or none any more

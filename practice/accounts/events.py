"""What signing in announces. Receivers run inside the same transaction."""

from django.dispatch import Signal

access_reset = Signal()  # user, now: whatever they could sign in with before must no longer work

"""What is announced about people. Receivers run inside the same transaction."""

from django.dispatch import Signal

staff_left = Signal()  # membership (no longer active), by, now

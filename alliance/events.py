"""What this room announces."""

from django.dispatch import Signal as Event

signal_raised = Event()  # signal, now

"""What this room announces. Receivers run inside the same transaction."""

from django.dispatch import Signal

appointment_held = Signal()  # appointment, by, now
consent_changed = Signal()  # client, kind, given, now
client_archived = Signal()  # client, by, now
attention_raised = Signal()  # item, now
attention_acknowledged = Signal()  # item, by, now

"""What this room announces. Receivers run inside the same transaction."""

from django.dispatch import Signal

client_added = Signal()  # client, by, now
appointment_held = Signal()  # appointment, by, now
consent_changed = Signal()  # client, kind, given, now
client_archived = Signal()  # client, by, now; a receiver returns the lines (queries.endings.Line) it cancelled
client_restored = Signal()  # client, by, now
client_handed_over = Signal()  # client, former, to (users), keep (bool: the former stays on the team), by, now
leave_changed = Signal()  # leave, clients, by, now: arranged, ended, called off
care_team_changed = Signal()  # client, user, joined (bool), by, now, tell (bool: the client and that person are told)
client_user_changed = Signal()  # client (not joined yet), former (user), now: the address meant someone else
client_moved = Signal()  # client, before (the zone it was), now: quiet hours or zone changed
attention_raised = Signal()  # item, now
attention_acknowledged = Signal()  # item, by, now
attention_resolved = Signal()  # item, by, now

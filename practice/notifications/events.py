"""What the outbox announces. Receivers run inside the same transaction."""

from django.dispatch import Signal

bounced = Signal()  # user_id, practice_id, kind (key), subject_id, address, now: a server refused the address for good
gave_up = Signal()  # notification_id, user_id, practice_id, kind (key), address, reason, now: it isn't tried again
lanes_held = Signal()  # reason, now: the database isn't the one these lanes were bound to; nothing leaves
unsubscribed = Signal()  # user, channel, now: by the link in a mail
enqueued = Signal()  # kind (key), channels, user_ids, now: after rows were added; for nudges and hints

"""What this room announces. Receivers run inside the same transaction."""

from django.dispatch import Signal

sent = Signal()  # practice-wide: ids (of assignments that need follow-up), now; once a batch
answer_saved = Signal()  # response, block (the block's JSON), value, refused (bool), by, now: every save that arrives
submitted = Signal()  # response, by, now
commented = Signal()  # comment, now
withdrawn = Signal()  # assignment, by, now
due_now = Signal()  # now: something was planned that is due at once; for nudges

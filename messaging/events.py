"""What this room announces."""

from django.dispatch import Signal

message_posted = Signal()  # conversation_id, practice_id, head, author_id: no receiver that writes

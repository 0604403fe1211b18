"""What this room announces."""

from django.dispatch import Signal

message_posted = Signal()  # conversation_id, practice_id, head, author_id, people: no receiver that writes
conversation_read = Signal()  # conversation_id, user_id

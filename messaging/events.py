"""What this room announces."""

from django.dispatch import Signal

# conversation_id, practice_id, head, author_id, people, is_committed (no transaction is open): no receiver that writes
message_posted = Signal()
conversation_read = Signal()  # conversation_id, user_id

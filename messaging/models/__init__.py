"""Tables, one file an aggregate."""

from messaging.models.conversation import Conversation, ConversationEvent, ConversationKind, EventKind, Participant
from messaging.models.held import HeldMessage

__all__ = ["Conversation", "ConversationEvent", "ConversationKind", "EventKind", "HeldMessage", "Participant"]

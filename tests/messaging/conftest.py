"""What the room's tests share: a conversation between Sam and Noor, and a way to write in it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from messaging.domain.posting import Posted, post
from messaging.models import Conversation
from practice.people.models import User
from tests.people import NOW, World

Write = Callable[..., Posted]


@pytest.fixture
def conversation(world: World) -> Conversation:
    """The conversation that Sam got when they were added."""
    with world.scope():
        return Conversation.objects.select_related("client").get(client=world.client)


@pytest.fixture
def write(world: World, conversation: Conversation) -> Write:
    """Post as someone, at NOW unless told."""

    def as_(author: User, text: object = "Good morning", *, now: datetime = NOW, uuid: UUID | None = None) -> Posted:
        return post(
            conversation_id=conversation.pk,
            practice_id=conversation.practice_id,
            author=author,
            text=text,
            client_uuid=uuid or uuid4(),
            now=now,
        )

    return as_

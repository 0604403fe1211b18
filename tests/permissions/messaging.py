"""Who gets what from the addresses of `messaging`."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from messaging.domain.holding import hold
from messaging.models import Conversation
from tests.people import NOW, World
from tests.permissions.row import Row, SocketRow, clients, only, only_api, staff


def of_conversation(world: World) -> dict[str, Any]:
    """Return the conversation of world.client."""
    with world.scope():
        return {"conversation_id": Conversation.objects.get(client=world.client).pk}


def of_client(world: World) -> dict[str, Any]:
    """Return world.client."""
    return {"client_id": world.client.pk}


def of_held(world: World) -> dict[str, Any]:
    """Return a message that Noor wrote for later."""
    with world.scope():
        held = hold(
            conversation=Conversation.objects.get(client=world.client),
            author=world.therapist,
            text="Good morning",
            client_uuid=uuid4(),
            release_at=NOW + timedelta(hours=20),
            now=NOW,
        )
    return {"held_id": held.pk}


def a_message(world: World) -> dict[str, Any]:
    """Return something to say."""
    return {"text": "Good morning", "uuid": str(uuid4())}


def a_place(world: World) -> dict[str, Any]:
    """Return how far someone has read."""
    return {"seq": 0}


def conversation_socket(world: World) -> str:
    """Return the address of the conversation's socket."""
    return f"/ws/conversations/{of_conversation(world)['conversation_id']}/"


ROWS: list[Row] = [
    Row("messaging:portal-messages", "GET", clients(200)),
    Row("messaging:portal-write", "POST", clients(302), data=a_message),
    Row("messaging:desk-messages", "GET", staff(200)),
    Row("messaging:desk-conversation", "GET", only(therapist=200), of_conversation),
    Row("messaging:desk-client", "GET", only(therapist=302), of_client),
    Row("messaging:desk-write", "POST", only(therapist=302), of_conversation, data=a_message),
    Row("messaging:desk-settle", "POST", only(therapist=302), of_conversation),
    Row("messaging:desk-held-send", "POST", only(therapist=302), of_held),
    Row("messaging:desk-held-back", "POST", only(therapist=200), of_held),
    Row("messaging:events", "GET", only_api(client=200, therapist=200), of_conversation),
    Row("messaging:events", "POST", only_api(client=201, therapist=201), of_conversation, data=a_message, json=True),
    Row("messaging:read", "PUT", only_api(client=204, therapist=204), of_conversation, data=a_place, json=True),
]

SOCKET_ROWS: list[SocketRow] = [
    SocketRow("conversation", conversation_socket, {"client": True, "therapist": True}),
]

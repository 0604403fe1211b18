"""A running installation with things due, other clusters to copy it to, and working in the copy."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from homework.domain.enrolling import send_activity
from homework.domain.sending import drain
from homework.models import Assignment, AssignmentStatus
from messaging.domain.posting import post
from messaging.models import Conversation, ConversationEvent
from practice import clock
from practice.audit.sealing import seal
from practice.config.env import parse_database_url
from practice.config.stack import postgres
from practice.config.stack.places import Places
from practice.notifications.delivering import deliver
from practice.notifications.models import Channel
from practice.vault.keyring import forget_keys
from tests.factories.activities import publish
from tests.people import World, make_world
from tests.servers import Folder, start_postgres

SECRET = "The lighthouse keeps me awake"
OLD, NEW = timedelta(hours=1), timedelta(minutes=5)  # how long ago the sends of `House` were due


@dataclass(frozen=True)
class House:
    """An installation whose lanes ran before: `old` sends due an hour ago, `new` ones due five minutes ago."""

    world: World
    conversation: Conversation
    old: int = 3
    new: int = 2

    def body(self) -> str:
        """What the client wrote, as it can be read now."""
        forget_keys()
        with self.world.scope():
            return str(ConversationEvent.objects.get(conversation=self.conversation, seq=1).body)

    def sent(self) -> int:
        """How many sends have left."""
        with self.world.scope():
            return int(Assignment.objects.filter(status=AssignmentStatus.SENT).count())


def open_house() -> House:
    """Make it in the present database: people, a message, sends that are due, all lanes bound, the trail sealed."""
    world, now = make_world(), timezone.now()
    drain()
    deliver(channel=Channel.EMAIL)
    with world.scope():
        conversation = Conversation.objects.select_related("client").get(client=world.client)
        version = publish(world)
    post(
        conversation_id=conversation.pk, practice_id=world.practice.pk, author=world.client.user, text=SECRET,
        client_uuid=uuid4(), now=now,
    )  # fmt: skip
    house = House(world, conversation)
    for count, ago in ((house.old, OLD), (house.new, NEW)):
        for _n in range(count):
            wall = clock.local(now - ago, world.client.zone)
            with world.scope():
                send_activity(
                    clients=[world.client], activity_version=version, at_local=wall, by=world.therapist, now=now - ago
                )
    seal()
    return house


@contextmanager
def other_cluster(*, databases: tuple[str, ...] = ()) -> Iterator[Places]:
    """Another PostgreSQL, gone afterwards."""
    folder = Folder()
    places = Places(folder.path)
    server = start_postgres(places)
    try:
        for name in databases:
            postgres.create_database(places, name)
        yield places
    finally:
        server.kill()
        folder.remove()


@contextmanager
def working_in(url: str, *, state: Path, settings: Any) -> Iterator[None]:
    """Let this process work in another database, with another STATE_DIR."""
    before, kept_url, kept_state = dict(connection.settings_dict), os.environ["DATABASE_URL"], settings.STATE_DIR
    parts = parse_database_url(url)
    connection.close()
    connection.settings_dict.update(NAME=parts.name, USER=parts.user, HOST=parts.host, PORT=parts.port)
    os.environ["DATABASE_URL"], settings.STATE_DIR = url, state
    forget_keys()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
        os.environ["DATABASE_URL"], settings.STATE_DIR = kept_url, kept_state
        forget_keys()

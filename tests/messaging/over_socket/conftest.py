"""What the tests of the conversation's socket share: its people, its path, and a check that comes often."""

import pytest

from messaging.models import Conversation
from practice.live import hub, limits
from practice.live.executor import database
from tests.people import make_world


@pytest.fixture
def world(transactional_db):
    """Committed, because sockets have connections of their own."""
    limits.posts.acts.clear()
    limits.frames.acts.clear()
    yield make_world()
    database.close()


@pytest.fixture
def place(world):
    """The conversation's id and its socket's path."""
    with world.scope():
        pk = Conversation.objects.get(client=world.client).pk
    return pk, f"/ws/conversations/{pk}/"


@pytest.fixture
def often(monkeypatch):
    """The check, else every five seconds, comes each half a second."""
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.5)


@pytest.fixture
def deaf(monkeypatch, often):
    """Nothing is published, as with Redis stopped."""
    monkeypatch.setattr("practice.live.hints._publisher", type("Nobody", (), {"put": lambda *a: None}))

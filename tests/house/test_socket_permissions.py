"""Opens every socket as each person and compares with the table written by hand."""

import asyncio

import pytest

from practice.people.models import User
from tests.messaging.sockets import Line, sign_in
from tests.people import make_world
from tests.permissions import SOCKET_ROWS
from tests.permissions.row import PEOPLE


@pytest.fixture
def world(transactional_db):
    """Sockets read from threads of their own, so everything is committed."""
    return make_world()


async def stays_open(path, session):
    """Whether the socket is let in: an answer that turns someone away closes it at once."""
    line = Line(path, session)
    if not await line.open():
        return False
    try:
        await line.hear("hello")
    except AssertionError:  # closed
        return False
    await line.leave()
    return True


@pytest.mark.parametrize("row", SOCKET_ROWS, ids=lambda row: row.route)
def test_socket_opens_as_the_table_says(world, row):
    boss = User.objects.create_superuser("root@rapport.example", "correct horse battery", name="Root")
    people = {person: getattr(world, person, None) for person in PEOPLE} | {"superuser": boss}
    sessions = {person: sign_in(getattr(who, "user", who)) if who else "" for person, who in people.items()}
    path = row.path(world)

    async def walk():
        return {person: await stays_open(path, session) for person, session in sessions.items()}

    assert asyncio.run(walk()) == {person: row.expect.get(person, False) for person in PEOPLE}

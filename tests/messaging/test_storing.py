"""The one statement as a socket's loop puts it: the same as a request's, by a connection of the loop's own."""

import asyncio
from contextlib import closing
from uuid import uuid4

import asyncpg
import psycopg2
import pytest
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from clients.domain.archiving import archive_client
from messaging.domain import storing
from messaging.domain.posting import Closed, NotInIt, Posted, SaidOtherwise, apost
from messaging.domain.storing import POST_DIRECTLY, Message
from messaging.models import Conversation, ConversationEvent
from practice.live import direct
from practice.live.executor import Busy, database
from practice.notifications.models import Notification
from practice.vault.keyring import forget_keys
from tests.people import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    """Committed, because the loop has connections of its own."""
    yield make_world()
    database.close()


@pytest.fixture
def place(world):
    with world.scope():
        return Conversation.objects.get(client=world.client).pk


def in_a_loop(scene):
    """Run it, and close what the loop opened, as its hub does when the last socket has gone."""

    async def played():
        try:
            return await scene()
        finally:
            direct.close_lines()

    return asyncio.run(played())


def say(world, place, text="Good morning", *, by=None, uuid=None) -> Posted:
    """Return what came of it, as a coroutine."""
    return apost(
        conversation_id=place,
        practice_id=world.practice.pk,
        author=by or world.client.user,
        text=text,
        client_uuid=uuid or uuid4(),
        now=timezone.now(),
    )


def stored(world):
    with world.scope():
        return [(event.seq, event.body) for event in ConversationEvent.objects.order_by("seq")]


def test_it_is_stored_and_whoever_reads_later_will_be_told_by_mail(world, place):
    async def scene():
        return [await say(world, place, text) for text in ("One", "Two")]

    one, two = in_a_loop(scene)
    assert [(posted.event.seq, posted.event.text, posted.repeated) for posted in (one, two)] == [
        (1, "One", False),
        (2, "Two", False),
    ]
    assert stored(world) == [(1, "One"), (2, "Two")]
    with world.scope():
        assert {row.user_id for row in Notification.objects.all()} == {world.therapist.pk}


def test_it_works_without_the_key_at_hand(world, place):
    async def scene():
        await say(world, place, "One")
        forget_keys()
        await say(world, place, "Two")

    in_a_loop(scene)
    assert stored(world) == [(1, "One"), (2, "Two")]


def test_same_uuid_is_one_message_also_at_the_same_moment(world, place):
    uuid = uuid4()

    async def scene():
        return await asyncio.gather(*(say(world, place, "One", uuid=uuid) for _ in range(6)))

    assert {posted.event.seq for posted in in_a_loop(scene)} == {1}
    assert stored(world) == [(1, "One")]


def test_another_text_a_stranger_and_a_closed_conversation_are_refused(world, place):
    uuid = uuid4()

    async def scene():
        await say(world, place, "One", uuid=uuid)
        with pytest.raises(SaidOtherwise) as other:
            await say(world, place, "Two", uuid=uuid)
        assert other.value.stored.text == "One"
        for stranger in (world.colleague, world.second.user):
            with pytest.raises(NotInIt):
                await say(world, place, by=stranger)
        with pytest.raises(NotInIt):
            await say(world, 10**9)
        await asyncio.to_thread(close)
        with pytest.raises(Closed):
            await say(world, place)

    def close():
        archive_client(client=world.client, by=world.therapist, now=timezone.now())

    in_a_loop(scene)
    assert stored(world) == [(1, "One")]


def test_broken_connections_are_replaced(world, place):
    """All that are kept, not one after the other: the second try has a new one."""

    def end_them():
        """In the loop's own thread, so that it doesn't see it coming."""
        with closing(psycopg2.connect(**address)) as line, line.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid, 30000)) FROM pg_stat_activity"
                " WHERE application_name = 'rapport-live' AND datname = current_database()"
            )
            return cursor.fetchone()[0]

    given = connection.get_connection_params()
    address = {key: given[key] for key in ("host", "port", "user", "password", "dbname") if key in given}

    async def scene():
        await asyncio.gather(*(say(world, place) for _ in range(4)))
        assert end_them() >= 2
        return [await say(world, place, "Still here") for _ in range(2)]

    assert [posted.event.seq for posted in in_a_loop(scene)] == [5, 6]


def test_what_the_loop_cannot_reach_a_thread_may(world, place, monkeypatch, caplog):
    """PostgreSQL gives out no more connections, or says no to this driver: the threads keep theirs."""
    real = direct._address

    async def scene():
        monkeypatch.setattr(direct, "_address", lambda: real() | {"host": "127.0.0.1", "port": 1})
        said = [await say(world, place, text) for text in ("One", "Two")]
        monkeypatch.setattr(direct, "_address", real)
        return [*said, await say(world, place, "Three")]

    assert [(posted.event.seq, posted.repeated) for posted in in_a_loop(scene)] == [(1, False), (2, False), (3, False)]
    assert len([line for line in caplog.messages if line.startswith("no connection of the sockets' own")]) == 1


def test_without_a_database_it_is_unsaved(world, place, monkeypatch):
    real = direct._address

    def nowhere(*args):
        raise OperationalError("the database system is shutting down")

    async def scene():
        await say(world, place)
        direct.close_lines()
        with monkeypatch.context() as away:
            away.setattr(direct, "_address", lambda: real() | {"host": "127.0.0.1", "port": 1})
            away.setattr(storing, "store", nowhere)
            with pytest.raises(DatabaseError):
                await say(world, place)
        return await say(world, place)

    assert in_a_loop(scene).event.seq == 2


def test_driver_that_hangs_by_itself_is_waited_for_no_longer(world, place, monkeypatch):
    """It waits without an end for a statement to be closed, and counts its limit for each of its steps anew."""

    async def scene():
        await say(world, place, "One")
        monkeypatch.setattr(direct, "LIMIT_SECONDS", 0.1)
        monkeypatch.setattr(asyncpg.Connection, "_get_statement", lambda *args, **kwargs: asyncio.Event().wait())
        async with asyncio.timeout(10):
            with pytest.raises(Busy):
                await say(world, place, "Two")
        lines = direct._lines_here()
        return lines.free, lines.turns.locked(), lines.waiting

    assert in_a_loop(scene) == ([], False, 0)


def test_post_that_outlives_the_last_socket_leaves_no_connection(world, place):
    async def scene():
        direct.keep_lines()
        await say(world, place, "One")
        kept = len(direct._lines_here().free)
        direct.close_lines()
        await say(world, place, "It waited for its turn meanwhile")
        return kept, len(direct._lines_here().free)

    assert in_a_loop(scene) == (1, 0)


def test_what_the_driver_makes_of_its_own_faults_is_no_surprise(world, place, monkeypatch):
    async def scene():
        await say(world, place, "One")
        with monkeypatch.context() as odd:
            fault = asyncpg.InternalClientError("could not resolve query result")
            odd.setattr(asyncpg.Connection, "_get_statement", lambda *args, **kwargs: raised(fault))
            with pytest.raises(DatabaseError):
                await say(world, place, "Two")

    async def raised(fault):
        raise fault

    in_a_loop(scene)


def test_too_many_that_wait_are_turned_away(world, place, monkeypatch):
    monkeypatch.setattr(direct, "LINES", 1)
    monkeypatch.setattr(direct, "WAITING", 2)

    async def scene():
        await say(world, place, "Zero")
        return await asyncio.gather(*(say(world, place, f"{n}") for n in range(6)), return_exceptions=True)

    answers = in_a_loop(scene)
    assert [type(answer) for answer in answers] == [Posted] * 3 + [Busy] * 3
    assert len(stored(world)) == 4


def test_row_that_somebody_holds_is_waited_for_two_seconds(world, place, monkeypatch):
    monkeypatch.setitem(direct.SETTINGS, "lock_timeout", "100ms")

    async def scene():
        await say(world, place, "One")
        keeper = await asyncpg.connect(**direct._address())
        await keeper.execute(f"BEGIN; UPDATE messaging_conversation SET head = head WHERE id = {place}")
        with pytest.raises(Exception, match="lock timeout"):
            await say(world, place, "Two")
        await keeper.close()
        return await say(world, place, "Two")

    assert in_a_loop(scene).event.seq == 2


def test_connections_end_with_the_last_socket(world, place):
    def kept():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rapport-live'"
                " AND datname = current_database() AND query LIKE '%WITH member%'"
            )
            return cursor.fetchone()[0]

    async def scene():
        await asyncio.gather(*(say(world, place) for _ in range(3)))
        before = await asyncio.to_thread(kept)
        direct.close_lines()
        async with asyncio.timeout(20):
            while await asyncio.to_thread(kept):
                await asyncio.sleep(0.02)
        return before

    assert in_a_loop(scene) > 0


def test_plan_looks_rows_up_by_key_however_small_the_tables_are(world, place):
    """The plan stays as long as the connection: one that reads a small table whole would go on when it is large."""
    with world.scope():
        values = storing._values(Message(place, world.practice.pk, world.client.user, "Hello", uuid4(), timezone.now()))

    async def scene():
        line = await asyncpg.connect(**direct._address())
        plan = await line.fetch(f"EXPLAIN {POST_DIRECTLY.sql}", *(values[name] for name in POST_DIRECTLY.names))
        await line.close()
        return [row[0] for row in plan]

    lines = in_a_loop(scene)
    assert any("clients_client_pkey" in line for line in lines)
    assert not [line for line in lines if "Seq Scan" in line or "Hash Join" in line or "Merge Join" in line]

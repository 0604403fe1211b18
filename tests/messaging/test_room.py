"""What one process stores and what it hears of itself: each message told once, in order, read only when it must be."""

import asyncio
import threading
from types import SimpleNamespace

import pytest

from messaging import consumers
from messaging.consumers import EVENTS, ConversationRoom
from practice.live.executor import Busy


@pytest.fixture
def told(monkeypatch):
    """Runs a scene in a room that knows three messages; returns what its one socket was told, and what was read."""

    def play(scene, *, stored=()):
        heard, read = [], []

        async def database(work, practice_id, pk, after):
            read.append(after)
            events = [SimpleNamespace(seq=seq) for seq in stored if seq > after]
            return events, [str(event.seq) for event in events]

        monkeypatch.setattr(consumers, "database", database)

        async def run():
            room = ConversationRoom("conversation", 1, practice_id=1, head=3)
            room.sockets = [SimpleNamespace(push=heard.append)]
            await scene(room)
            await asyncio.gather(*room.tasks)

        asyncio.run(run())
        return heard, read

    return play


def wrote(room, seq):
    return room.wrote(seq, str(seq), by=None)


def test_two_that_write_at_once_take_turns(told):
    """The second would wait for the same row, with a connection that others need."""
    steps = []

    async def scene(room):
        async def write(seq):
            async with room.writing():
                steps.append(("begins", seq))
                await asyncio.sleep(0.01)
                wrote(room, seq)
                steps.append(("ends", seq))

        await asyncio.gather(write(4), write(5))

    assert told(scene) == (["4", "5"], [])
    assert steps == [("begins", 4), ("ends", 4), ("begins", 5), ("ends", 5)]


def test_turn_that_does_not_come_is_given_up(told, monkeypatch):
    async def scene(room):
        async with room.writing():
            monkeypatch.setattr(consumers, "LIMIT_SECONDS", 0.01)
            with pytest.raises(Busy):
                async with room.writing():
                    wrote(room, 4)

    assert told(scene) == ([], [])


def test_who_comes_while_the_turn_passes_to_the_next_waits_no_longer_either(told, monkeypatch):
    async def scene(room):
        begun, done = asyncio.Event(), asyncio.Event()

        async def write_long():
            async with room.writing():
                begun.set()
                await done.wait()

        async with room.writing():
            other = asyncio.create_task(write_long())
            await asyncio.sleep(0)
        monkeypatch.setattr(consumers, "LIMIT_SECONDS", 0.01)  # the turn is nobody's: the other hasn't woken yet
        async with asyncio.timeout(5):
            with pytest.raises(Busy):
                async with room.writing():
                    wrote(room, 4)
        assert begun.is_set()
        done.set()
        await other

    assert told(scene) == ([], [])


def test_storing_that_takes_too_long_gives_the_turn_back(told, monkeypatch):
    monkeypatch.setattr(consumers, "LIMIT_SECONDS", 0.01)

    async def scene(room):
        with pytest.raises(Busy):
            async with room.writing():
                await asyncio.sleep(5)
        assert not room.turn.locked()

    assert told(scene) == ([], [])


def test_author_is_told_by_the_answer_and_the_others_by_the_event(told):
    author = SimpleNamespace(push=lambda text: pytest.fail(f"told twice: {text}"))

    async def scene(room):
        room.sockets.append(author)
        assert room.wrote(4, "4", by=author)
        assert not room.wrote(6, "6", by=author)  # it comes with the fifth, which is read

    assert told(scene) == (["4"], [])


def test_own_hint_that_overtakes_the_answer_is_not_read(told):
    async def scene(room):
        async with room.writing():
            room.heard(EVENTS, 4)
            wrote(room, 4)
        room.heard(EVENTS, 4)

    assert told(scene) == (["4"], [])


def test_what_another_process_wrote_in_between_is_read_afterwards(told):
    async def scene(room):
        async with room.writing():
            wrote(room, 5)

    assert told(scene, stored=[4, 5]) == (["4", "5"], [3])


def test_what_was_written_while_the_room_reads_is_read_too(told):
    async def scene(room):
        room.heard(EVENTS, 4)
        async with room.writing():
            wrote(room, 5)

    assert told(scene, stored=[4, 5]) == (["4", "5"], [3])


def test_post_that_failed_leaves_the_room_as_it_was(told):
    async def scene(room):
        with pytest.raises(ConnectionError):
            async with room.writing():
                raise ConnectionError
        async with room.writing():
            wrote(room, 4)

    assert told(scene) == (["4"], [])


def test_same_message_again_is_told_once(told):
    async def scene(room):
        for seq in (4, 4, 2):
            async with room.writing():
                wrote(room, seq)

    assert told(scene) == (["4"], [])


@pytest.mark.parametrize(("length", "on_loop"), [(consumers.LONG_TEXT, True), (consumers.LONG_TEXT + 1, False)])
def test_long_text_is_marked_up_beside_the_loop(monkeypatch, length, on_loop):
    """`_` ten thousand times takes a tenth of a second, in which no other socket would be served."""
    made = []
    monkeypatch.setattr(consumers, "event_json", lambda event: made.append(threading.current_thread()) or {"seq": 1})
    assert asyncio.run(consumers._shown(SimpleNamespace(text="_" * length))) == '{"seq": 1}'
    assert [thread is threading.current_thread() for thread in made] == [on_loop]

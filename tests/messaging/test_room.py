"""What one process stores and what it hears of itself: each message told once, in order, read only when it must be."""

import asyncio
from types import SimpleNamespace

import pytest

from messaging import consumers
from messaging.consumers import EVENTS, ConversationRoom


@pytest.fixture
def told(monkeypatch):
    """Runs a scene in a room that knows three messages; returns what its one socket was told, and what was read."""

    def play(scene, *, stored=()):
        heard, read = [], []
        room = ConversationRoom("conversation", 1, practice_id=1, head=3)
        room.sockets = [SimpleNamespace(push=heard.append)]

        async def database(work, practice_id, pk, after):
            read.append(after)
            events = [SimpleNamespace(seq=seq) for seq in stored if seq > after]
            return events, [str(event.seq) for event in events]

        monkeypatch.setattr(consumers, "database", database)

        async def run():
            scene(room)
            await asyncio.gather(*room.tasks)

        asyncio.run(run())
        return heard, read

    return play


def wrote(room, seq):
    room.wrote(SimpleNamespace(seq=seq), str(seq))


def test_answers_that_come_back_in_another_order_are_told_in_order(told):
    def scene(room):
        with room.write(), room.write():
            wrote(room, 5)
            wrote(room, 4)

    assert told(scene) == (["4", "5"], [])


def test_own_hint_that_overtakes_the_answer_is_not_read(told):
    def scene(room):
        with room.write():
            room.heard(EVENTS, 4)
            wrote(room, 4)
        room.heard(EVENTS, 4)

    assert told(scene) == (["4"], [])


def test_what_another_process_wrote_in_between_is_read_afterwards(told):
    def scene(room):
        with room.write():
            wrote(room, 5)

    assert told(scene, stored=[4, 5]) == (["4", "5"], [3])


def test_what_was_written_while_the_room_reads_is_read_too(told):
    def scene(room):
        room.heard(EVENTS, 4)
        with room.write():
            wrote(room, 5)

    assert told(scene, stored=[4, 5]) == (["4", "5"], [3])


def test_post_that_failed_leaves_the_room_as_it_was(told):
    def scene(room):
        with pytest.raises(ConnectionError), room.write():
            raise ConnectionError

    assert told(scene) == ([], [])


def test_same_message_again_is_told_once(told):
    def scene(room):
        with room.write():
            wrote(room, 4)
            wrote(room, 4)
            wrote(room, 2)

    assert told(scene) == (["4"], [])

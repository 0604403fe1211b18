"""Hints: the channel layer's own frame, one publisher a process, and calm when Redis is away."""

import asyncio
import time

import pytest
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

from practice.live import hints
from practice.live.breaker import Breaker
from practice.live.limits import Window
from tests.messaging.sockets import until_listened_to


def test_only_the_pub_sub_layer_is_used():
    assert settings.CHANNEL_LAYERS["default"]["BACKEND"] == "channels_redis.pubsub.RedisPubSubChannelLayer"


def test_hint_arrives_through_the_channel_layer():
    async def scene():
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add("user.7", channel)
        await asyncio.to_thread(until_listened_to, "user.7")
        await asyncio.to_thread(hints._publisher().put, "user.7", "attention", 3)
        async with asyncio.timeout(30):
            return await layer.receive(channel)

    assert asyncio.run(scene()) == {"type": "hint", "topic": "user.7", "what": "attention", "n": 3}


@pytest.mark.django_db(transaction=True)
def test_hint_waits_for_the_commit_and_dies_with_a_rollback(monkeypatch):
    told = []
    monkeypatch.setattr(hints, "_publisher", lambda: type("Ear", (), {"put": staticmethod(lambda *a: told.append(a))}))
    with transaction.atomic():
        hints.hint("user.1", what="notice")
        assert told == []
    with transaction.atomic():
        hints.hint("user.2", what="notice")
        transaction.set_rollback(True)

    assert told == [("user.1", "notice", 0)]


def test_publisher_without_redis_never_holds_anyone_up(monkeypatch):
    monkeypatch.setitem(
        settings.CHANNEL_LAYERS["default"]["CONFIG"], "hosts", [{"address": "unix:///nowhere.sock?db=1"}]
    )
    publisher = hints.Publisher()
    started = time.monotonic()
    for number in range(5_000):
        publisher.put(f"user.{number}", "notice", 0)

    assert time.monotonic() - started < 10  # each would wait a second for a connection
    assert len(publisher.waiting) <= hints.KEPT
    assert publisher.flush(5)
    assert publisher.lost.total == 5_000


def test_breaker_opens_after_failures_and_closes_after_a_while():
    breaker = Breaker(failures=2, seconds=5)
    breaker.failed(0)
    assert breaker.closed(0)
    breaker.failed(0)
    assert not breaker.closed(4.9)
    assert breaker.closed(5)


def test_window_lets_so_many_through_and_says_how_long_to_wait():
    window = Window(count=2, seconds=10)

    assert [window.wait(1, now) for now in (0, 1, 2)] == [0, 0, 8]
    assert (window.wait(2, 2), window.wait(1, 10.5)) == (0, 0)

"""Acts run in the order of their moments, and never after the end."""

from datetime import UTC, datetime, timedelta

from alliance.management.demo_story.clockwork import Clockwork

START = datetime(2026, 9, 1, tzinfo=UTC)


def test_acts_run_by_moment_and_may_put_further_ones():
    told, clock = [], Clockwork()

    def first(at):
        told.append("first")
        clock.put(at + timedelta(hours=1), lambda _: told.append("follows"))

    clock.put(START + timedelta(days=1), lambda _: told.append("last"))
    clock.put(START, first)
    clock.put(START + timedelta(days=9), lambda _: told.append("never"))
    clock.run(until=START + timedelta(days=2))
    assert told == ["first", "follows", "last"]


def test_acts_of_one_moment_keep_their_order():
    told, clock = [], Clockwork()
    for word in "abc":
        clock.put(START, lambda _, word=word: told.append(word))
    clock.run(until=START)
    assert told == ["a", "b", "c"]

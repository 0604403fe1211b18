"""Counting tries: for the whole window, all of them, whoever tries to make it forget."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory

from practice.accounts.throttling import Limit, household_of, is_allowed

LIMIT = Limit("test", per_key=3, per_address=500, within=timedelta(minutes=15))


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """Nobody has tried anything yet."""
    cache.clear()


def tries(number, key="sam", address="203.0.113.7", limit=LIMIT):
    """How each of so many tries was answered."""
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    return [is_allowed(request, limit, key) for _ in range(number)]


def test_fourth_try_is_refused_for_the_key_and_the_next_key_is_free():
    assert tries(4) == [True, True, True, False]
    assert tries(1, key="lee") == [True]


def test_window_stays_as_long_as_it_is_meant_to_be():
    tries(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(extract(epoch FROM expires - now())) FROM practice_cache")
        assert cursor.fetchone()[0] > 14 * 60


def test_window_that_is_over_begins_anew():
    tries(4)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE practice_cache SET expires = now()")
    assert tries(1) == [True]


def test_flood_of_other_names_makes_nothing_forgotten():
    """What is thrown away first goes by its place in the alphabet: one name alone could be lucky."""
    stopped = [f"name {number}" for number in range(12)]
    for name in stopped:
        tries(4, key=name)
    for number in range(390):
        tries(1, key=f"somebody {number}")
        cache.set(f"something-else-{number}", number)
    assert [tries(1, key=name) for name in stopped] == [[False]] * 12


def test_who_was_stopped_uses_up_nothing_of_others():
    limit = Limit("test", per_key=3, per_address=2, within=timedelta(minutes=15))
    assert tries(5, limit=limit) == [True, True, False, False, False]
    assert tries(1, address="203.0.113.8", limit=limit) == [True]


@pytest.mark.parametrize(
    ("address", "household"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.7"),
        ("", ""),
    ],
)
def test_household_is_what_a_visitor_can_not_change(address, household):
    assert household_of(address) == household


@pytest.mark.django_db(transaction=True)
def test_tries_at_one_moment_all_count():
    def one(_number):
        try:
            return tries(1)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(24))) == [False] * 21 + [True] * 3

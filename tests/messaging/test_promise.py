"""Hours and the promise, in the reader's words."""

from datetime import UTC, datetime

import pytest

from messaging.queries.promise import moment_words, promise_from
from practice.people.models import Membership, User

TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FRIDAY_NIGHT = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def staff(days: int = 1, hours: dict | None = None) -> Membership:
    return Membership(user=User(name="Noor", zone=BERLIN), hours=hours or Membership().hours, reply_days=days)


@pytest.mark.parametrize(
    ("days", "now", "is_open", "due"),
    [
        (1, TUESDAY_NOON, True, datetime(2026, 11, 25, 16, 0, tzinfo=UTC)),
        (2, TUESDAY_NOON, True, datetime(2026, 11, 26, 16, 0, tzinfo=UTC)),
        (1, FRIDAY_NIGHT, False, datetime(2026, 11, 30, 16, 0, tzinfo=UTC)),
    ],
)
def test_promise_is_the_end_of_the_nth_working_day(days, now, is_open, due):
    promise = promise_from(membership=staff(days), therapist=User(name="Noor", zone=BERLIN), now=now)

    assert (promise.is_open, promise.reply_by) == (is_open, due)


def test_no_hours_is_no_promise():
    row = staff()
    row.hours = {}
    promise = promise_from(membership=row, therapist=row.user, now=TUESDAY_NOON)

    assert (promise.is_open, promise.opens_at, promise.reply_by) == (False, None, None)


def test_no_membership_is_no_promise():
    assert promise_from(membership=None, therapist=User(), now=TUESDAY_NOON).reply_by is None


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), BERLIN, "today 17:00"),
        (datetime(2026, 11, 25, 9, 0, tzinfo=UTC), BERLIN, "tomorrow 10:00"),
        (datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "Europe/Lisbon", "tomorrow 09:00"),
        (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "Pacific/Auckland", "today 05:00"),
        (datetime(2026, 11, 27, 9, 0, tzinfo=UTC), BERLIN, "Friday 10:00"),
        (datetime(2026, 12, 3, 9, 0, tzinfo=UTC), BERLIN, "3 December 10:00"),
    ],
)
def test_moment_is_said_in_the_readers_zone(moment, zone, words):
    assert moment_words(moment, zone=zone, now=TUESDAY_NOON) == words

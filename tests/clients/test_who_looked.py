"""Who looked at my record: sentences, days, roles, pages of forty, and what isn't told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.domain.recording import note_opening
from clients.queries.who_looked import CHANGED, LOOKED, OWN, PAGE, looks_at
from homework.domain.enrolling import send_activity
from homework.models import Assignment, Response
from practice import clock
from practice.audit import record
from practice.people.models import Membership
from tests.factories.activities import publish
from tests.people import NOW

pytestmark = pytest.mark.django_db
PATH = "/me/seen/"


def look(world, by=None, *, at=NOW, verb="client_opened", client=None):
    """Somebody opens a page of Sam's."""
    note_opening(client=client or world.client, by=by or world.therapist, now=at, verb=verb)


def told(world, show=LOOKED, **options):
    """The page's days as (label, [sentences])."""
    with world.scope():
        looks = looks_at(world.client, now=NOW, show=show, **options)
    return [(day.label, [line.said for line in day.lines]) for day in looks.days]


def answered(world, title="Sleep diary"):
    """A response of Sam's."""
    with world.scope():
        version = publish(world, slug=title)
        wall = clock.local(NOW, world.client.zone)
        send_activity(clients=[world.client], activity_version=version, at_local=wall, by=world.therapist, now=NOW)
        one = Assignment.objects.get(client=world.client)
        return Response.objects.create(
            practice=world.practice, client=world.client, assignment=one, author=world.client.user, started_at=NOW,
            submitted_at=NOW,
        )  # fmt: skip


def test_sentences_name_who_what_and_in_which_role(world):
    look(world, at=NOW - timedelta(minutes=9))
    look(world, world.lead, at=NOW - timedelta(minutes=8), verb="client_details_opened")
    look(world, world.colleague, at=NOW - timedelta(minutes=7), verb="client_appointments_opened")
    record(
        "homework.response_opened", practice_id=world.practice.pk, by=world.therapist, now=NOW,
        client_id=world.client.pk, subject=answered(world),
    )  # fmt: skip

    assert told(world) == [
        (
            "Today, Tuesday, 24 November",
            [
                "Noor Haddad, your therapist, opened your answers to “Sleep diary”.",
                "Jonas Weber, therapist at the practice, opened your appointments.",
                "Ines Roth, clinical lead of the practice, opened your details.",
                "Noor Haddad, your therapist, opened your page.",
            ],
        )
    ]


def test_who_left_is_told_as_gone(world):
    look(world, world.colleague)
    Membership.objects.filter(user=world.colleague).update(is_active=False)
    assert told(world)[0][1] == ["Jonas Weber, no longer at the practice, opened your page."]


def test_days_are_the_readers_own(world):
    """Half past eleven at night in UTC is the next day in Berlin."""
    look(world, at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    look(world, at=datetime(2025, 12, 31, 12, 0, tzinfo=UTC))
    assert [day for day, _lines in told(world)] == ["Yesterday, Monday, 23 November", "Wednesday, 31 December 2025"]


def test_same_opening_in_a_row_is_told_once_with_its_number(world):
    for minute in range(3):
        look(world, at=NOW + timedelta(minutes=minute))
    with world.scope():
        (line,) = looks_at(world.client, now=NOW).days[0].lines
    assert (line.times, line.at, line.time) == (3, NOW + timedelta(minutes=2), "13:02")


def test_own_acts_and_changes_stand_apart(world):
    look(world)
    acts = ((world.client.user, "preferences_changed"), (world.therapist, "appointment_planned"))
    for by, verb in (*acts, (None, "consent_changed")):
        record(verb, practice_id=world.practice.pk, by=by, now=NOW, client_id=world.client.pk)

    assert told(world)[0][1] == ["Noor Haddad, your therapist, opened your page."]
    assert told(world, OWN)[0][1] == ["You changed how to be reached."]
    assert told(world, CHANGED)[0][1][:2] == [
        "Rapport itself changed a consent.",
        "Noor Haddad, your therapist, planned an appointment.",
    ]


def test_nobody_elses_record_is_shown(world):
    look(world, client=world.second)
    assert told(world) == []
    assert b"Nobody has looked yet" in world.as_(world.client).get(PATH).content


def test_pages_follow_each_other_without_gap_or_double_while_new_lines_come(world):
    """All at one moment, so that only the number tells them apart."""
    verbs = ("client_opened", "client_details_opened")
    for n in range(PAGE + 5):
        look(world, verb=verbs[n % 2])
    with world.scope():
        first = looks_at(world.client, now=NOW)
        look(world, at=NOW + timedelta(minutes=1))
        second = looks_at(world.client, now=NOW, before=first.earlier)
    counts = [sum(line.times for day in page.days for line in day.lines) for page in (first, second)]
    assert (counts, second.earlier) == ([PAGE, 5], "")


@pytest.mark.parametrize(
    "before", ["x", "1", "-", "9" * 50, "1-", "²-1", "99999999999999999999-1", "1-99999999999999999999"]
)
def test_nonsense_in_the_address_is_no_error(world, before):
    assert world.as_(world.client).get(PATH, {"before": before, "show": "<x>"}).status_code == 200


def test_page_shows_day_sentence_time_and_the_way_on(world):
    for minute in range(PAGE + 1):
        look(world, at=NOW - timedelta(hours=minute), verb=("client_opened", "client_details_opened")[minute % 2])
    page = world.as_(world.client).get(PATH).content.decode()
    for words in ("Noor Haddad, your therapist, opened your page.", "13:00", 'rel="next"', "+49 30 7654321"):
        assert words in page
    assert "client_opened" not in page


def test_page_costs_the_same_queries_at_one_and_at_many(world):
    browser = world.as_(world.client)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PATH).status_code == 200
        return len(queries)

    look(world)
    cost()  # what is only done once a session
    few = cost()
    for n in range(120):
        look(world, (world.therapist, world.colleague, world.lead)[n % 3], at=NOW - timedelta(hours=n))
    assert (cost(), few) == (few, 11)


def test_me_shows_the_newest_and_leads_on(world):
    look(world)
    page = world.as_(world.client).get("/me/").content.decode()
    assert "Noor Haddad, your therapist, opened your page." in page
    assert PATH in page

"""Whoever of the staff opens something of a client leaves exactly one line in the trail, which that client can read.

Walks the permission table: a page that the care team may open and a colleague may not is a client's.
"""

from copy import deepcopy

import pytest
from django.db import transaction
from django.urls import reverse

from clients.queries.registries import TRAIL_LINES
from practice.audit.models import AuditEvent
from practice.tenancy import every_practice
from tests.permissions import ROWS

READING = {verb for verb, line in TRAIL_LINES.items() if line.reads}
NO_TRACE = {
    # a question about one act, asked from a page that left its trace: names, dates, titles, nothing anybody wrote
    "clients:client-archive", "clients:client-email", "clients:client-room", "clients:appointment-move",
    "homework:assignment-move", "homework:assignment-steer", "homework:enrolment-steer", "alliance:desk-decline",
    # the therapist's own form
    "homework:desk-fill-page", "homework:desk-fill-done",
    # their own sign-in
    "account_app_remove", "account_codes", "account_codes_text", "account_passkey", "account_passkey_remove",
}  # fmt: skip
OF_A_CLIENT = [
    row for row in ROWS if row.method == "GET" and row.expect["therapist"] == 200 and row.expect["colleague"] == 404
]

SHOWN_AGAIN = [
    row
    for row in ROWS
    if row.method == "POST"
    and row.route
    in {"clients:client-edit", "clients:client-appointments", "messaging:desk-write", "homework:desk-response-comment"}
]


def traces():
    with every_practice("the test"):
        return AuditEvent.objects.filter(verb__in=READING)


@pytest.fixture
def opened(world):
    """Opens a page as Noor, `before` that by other requests; the lines that the last of them left."""
    browser = world.as_(world.therapist)

    def go(row, *before_it, **headers):
        with transaction.atomic():
            here = deepcopy(world)
            url, given = reverse(row.route, kwargs=row.kwargs(here)), row.data(here) or None
            for asked in before_it:
                browser.get(url, given, headers=asked)
            with every_practice("the test"):
                before = set(traces().values_list("pk", flat=True))
            assert browser.get(url, given, headers=headers).status_code == 200
            with every_practice("the test"):
                left = list(traces().exclude(pk__in=before).values_list("actor_id", "client_ref"))
            transaction.set_rollback(True)
        return left

    return go


@pytest.mark.parametrize("row", OF_A_CLIENT, ids=lambda row: row.route)
def test_opening_a_clients_page_leaves_one_line(world, opened, row):
    left = opened(row)
    if row.route in NO_TRACE:
        assert left == []
    else:
        assert [actor for actor, _client in left] == [world.therapist.pk]
        assert all(client for _actor, client in left)


@pytest.mark.parametrize("row", [row for row in OF_A_CLIENT if row.route not in NO_TRACE], ids=lambda row: row.route)
def test_open_page_that_fetches_itself_anew_leaves_none(opened, row):
    if row.route != "messaging:events":  # no page; see below
        assert opened(row, {}, x_live="1") == []


@pytest.mark.parametrize("row", [row for row in OF_A_CLIENT if row.route not in NO_TRACE], ids=lambda row: row.route)
def test_who_says_that_the_page_is_open_already_hides_nothing(opened, row):
    assert len(opened(row, x_live="1")) == 1


@pytest.mark.parametrize("row", SHOWN_AGAIN, ids=lambda row: row.route)
def test_page_that_a_refused_form_shows_leaves_a_line(world, row):
    here = deepcopy(world)
    url = reverse(row.route, kwargs=row.kwargs(here))
    assert world.as_(world.therapist).post(url, {}).status_code in {200, 422}
    with every_practice("the test"):
        assert list(traces().values_list("actor_id", flat=True)) == [world.therapist.pk]


def test_every_exception_is_a_page_of_a_client():
    assert sorted(NO_TRACE - {row.route for row in OF_A_CLIENT}) == []


def test_lists_leave_no_line_a_row(world):
    browser = world.as_(world.therapist)
    for path in ("/desk/", "/desk/clients/", "/desk/appointments/", "/desk/review/", "/desk/messages/"):
        assert browser.get(path).status_code == 200
    with every_practice("the test"):
        assert list(traces()) == []


def test_reading_a_conversation_by_the_api_leaves_one_line_a_session(world):
    from messaging.models import Conversation

    with world.scope():
        talk = Conversation.objects.get(client=world.client)
    browser, url = world.as_(world.therapist), f"/api/v1/conversations/{talk.pk}/events"
    for after in (1, 0, 5):
        assert browser.get(url, {"after": after}).status_code == 200
    assert world.as_(world.client).get(url).status_code == 200
    with every_practice("the test"):
        assert list(traces().values_list("actor_id", "verb")) == [(world.therapist.pk, "conversation_opened")]

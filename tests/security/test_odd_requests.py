"""Requests that nobody's page makes: odd searches and page numbers, the same field twice, a change of mind half-way."""

import re

import pytest
from django.urls import reverse

from clients.domain.consenting import change_consent
from homework.domain.answering import answers_of
from homework.models import Assignment, Enrolment, Response
from tests.homework.drafts import make_published
from tests.homework.sheets import make_assignment
from tests.people import NOW
from tests.security.test_headers import PAGES

ODD = {
    "sql": "'; DROP TABLE practice_user; --",
    "template": "{{ settings.SECRET_KEY }}{% load x %}",
    "markup": "<img src=x onerror=alert(1)>",
    "nul": "a\x00b",
    "override": "\u202egnp.exe",
    "long": "x" * 10_000,
    "number": "-1",
    "huge": "9" * 400,
    "exponent": "1e309",
    "path": "../../etc/passwd",
}
FIELDS = ("q", "search", "page", "view", "sort", "show", "from", "before", "client", "number", "date", "next", "zone")


@pytest.mark.parametrize("words", ODD.values(), ids=ODD)
def test_odd_words_in_an_address_break_no_page(world, words):
    readers = {"/desk/": world.as_(world.therapist), "/admin/": world.as_(world.admin), "/": world.as_(world.client)}
    for route in PAGES:
        path = reverse(route)
        browser = next(reader for door, reader in readers.items() if path.startswith(door))
        answer = browser.get(path, dict.fromkeys(FIELDS, words))
        assert answer.status_code < 500, route
        assert b"<img src=x" not in answer.content, route
        assert not re.search(rb"SECRET_KEY\s*=", answer.content), route


def test_the_same_field_twice_sends_to_nobody_elses_client(world):
    activity = make_published(world)
    form = {"activity": activity.pk, "when": "now", "clients": [world.client.pk, world.other_client.pk]}
    answer = world.as_(world.therapist).post(reverse("homework:desk-send"), form)
    assert answer.status_code == 400
    with world.scope():
        assert not Enrolment.objects.exists()


def test_roles_posted_along_with_ones_own_settings_change_nothing(world):
    given = {"mo": "09:00-12:00", "reply_days": "1", "zone": "Europe/Berlin", "language": "en", "roles": "admin"}
    assert world.as_(world.therapist).post("/desk/me/", given | {"is_active": "", "practice": "2"}).status_code == 302
    assert world.seat(world.therapist).membership.roles == ["therapist"]


def test_scores_and_the_recipient_posted_along_with_an_answer_change_nothing(world):
    sheet = make_assignment(world.client, NOW)
    given = {"rev-worry": "0", "worry": "rain", "go": "next", "score": "27", "client": "2", "recipient": "2"}
    browser = world.as_(world.client)
    assert browser.post(reverse("homework:portal-fill-page", args=[sheet.pk, 1]), given).status_code == 302
    with world.scope():
        kept = Assignment.objects.get(pk=sheet.pk)
        assert (kept.client_id, kept.recipient_id) == (world.client.pk, world.client.user_id)


def test_taking_consent_back_half_way_loses_no_word(world):
    sheet = make_assignment(world.client, NOW)
    browser = world.as_(world.client)
    page = reverse("homework:portal-fill-page", args=[sheet.pk, 1])
    browser.post(page, {"rev-worry": "0", "worry": "rain", "go": "next"})
    change_consent(client=world.client, kind="treatment", given=False, by=world.client.user, now=NOW)
    again = browser.post(page, {"rev-worry": "1", "worry": "rain and more", "go": "next"})
    assert again.status_code in {302, 409}
    with world.scope():
        kept = answers_of(Response.objects.get(assignment=sheet))["worry"].value
    assert kept == "rain and more" or b"rain and more" in again.content
    assert browser.get(page).status_code == 200

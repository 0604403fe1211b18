"""Answers to review: who sees them, what a reply does, what it costs."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection

from homework.domain.answering import save_answer, submit
from homework.models import Activity, Comment, Response
from homework.queries.review import waiting_count
from practice.audit.models import AuditEvent
from tests.homework.sheets import make_assignment
from tests.people import NOW

pytestmark = pytest.mark.django_db


def sent_back(world, client=None, slug="worry", words="it will rain"):
    client = client or world.client
    sheet = make_assignment(client, NOW, slug=slug)
    save_answer(assignment=sheet, block_id="worry", value=words, rev=0, save_uuid=uuid4(), by=client.user, now=NOW)
    return submit(assignment=sheet, by=client.user, now=NOW)


def test_the_queue_shows_what_came_and_its_first_words(world):
    sent_back(world)
    page = world.as_(world.therapist).get("/desk/review/").content.decode()
    assert "it will rain" in page
    assert "Sam D." in page


def test_an_empty_queue_says_what_comes_here(world):
    assert "comes here by itself" in world.as_(world.therapist).get("/desk/review/").content.decode()


def test_a_draft_and_a_colleagues_client_are_not_in_it(world):
    make_assignment(world.client, NOW, slug="draft")
    sent_back(world, client=world.stranger, words="not yours")
    assert "not yours" not in world.as_(world.therapist).get("/desk/review/").content.decode()
    assert "not yours" in world.as_(world.colleague).get("/desk/review/").content.decode()


def test_opening_one_is_noted_in_the_trail(world):
    response = sent_back(world)
    world.as_(world.therapist).get(f"/desk/review/{response.pk}/")
    with world.scope():
        seen = AuditEvent.objects.filter(verb="homework.response_opened", client_ref=world.client.pk)
        assert seen.get().actor == world.therapist


def test_reply_and_next_leads_to_the_next_one(world):
    first, second = sent_back(world, slug="a"), sent_back(world, slug="b")
    answer = world.as_(world.therapist).post(f"/desk/review/{second.pk}/comment/", {"body": "Brave.", "go": "next"})
    assert answer["Location"] == f"/desk/review/{first.pk}/"
    with world.scope():
        assert Comment.objects.get().body == "Brave."
        assert Response.objects.get(pk=second.pk).reviewed_by == world.therapist


def test_a_refused_comment_keeps_the_words(world):
    response = sent_back(world)
    answer = world.as_(world.therapist).post(f"/desk/review/{response.pk}/comment/", {"body": "x" * 5001})
    assert answer.status_code == 422
    assert "x" * 5001 in answer.content.decode()


def test_a_comment_on_one_answer_stands_beside_it_for_the_client(world):
    response = sent_back(world)
    post = {"body": "That was hard.", "block": "worry"}
    world.as_(world.therapist).post(f"/desk/review/{response.pk}/comment/", post)
    page = world.as_(world.client).get(f"/activities/{response.assignment_id}/done/").content.decode()
    assert "That was hard." in page


@pytest.mark.parametrize("rows", [1, 40])
def test_queue_costs_the_same_queries(world, rows, django_assert_num_queries):
    for n in range(rows):
        sent_back(world, slug=f"s{n}")
    browser = world.as_(world.therapist)
    browser.get("/desk/review/")
    with django_assert_num_queries(10):
        browser.get("/desk/review/")


@pytest.mark.parametrize(
    ("origin", "rater", "waits"), [("own", "client", 1), ("system", "client", 0), ("own", "therapist", 0)]
)
def test_only_what_is_for_review_waits(world, origin, rater, waits):
    """Whatever was written down when it was begun, by a process of before perhaps; and as the migration finds it."""
    before = import_module("homework.migrations.0005_responses_waiting")
    sheet = make_assignment(world.client, NOW, rater=rater)
    with world.scope():
        Activity.objects.update(origin=origin)
    save_answer(assignment=sheet, block_id="worry", value="it", rev=0, save_uuid=uuid4(), by=world.client.user, now=NOW)
    with world.scope():
        Response.objects.update(for_review=not waits)
    response = submit(assignment=sheet, by=world.client.user, now=NOW)
    with world.scope():
        assert waiting_count(world.therapist) == waits
        Response.objects.update(for_review=True)
        with connection.cursor() as cursor:
            cursor.execute(before.NOT_FOR_REVIEW)
        assert Response.objects.get(pk=response.pk).for_review == bool(waits)

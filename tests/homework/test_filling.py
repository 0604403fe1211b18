"""Filling in, a page at a time, without script."""

import pytest

from homework.models import Answer, Assignment, AssignmentStatus, Response
from tests.homework.sheets import make_assignment
from tests.people import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(world):
    return make_assignment(world.client, NOW)


@pytest.fixture
def browser(world):
    return world.as_(world.client)


def post(browser, sheet, number=1, **data):
    return browser.post(f"/activities/{sheet.pk}/{number}/", {"go": "next"} | data)


def test_starting_leads_to_the_first_page_and_later_to_where_it_stopped(browser, sheet):
    assert browser.get(f"/activities/{sheet.pk}/")["Location"] == f"/activities/{sheet.pk}/1/"
    post(browser, sheet, worry="hm", **{"rev-worry": "0"})
    assert browser.get(f"/activities/{sheet.pk}/")["Location"] == f"/activities/{sheet.pk}/2/"


def test_continue_saves_the_page(world, browser, sheet):
    post(browser, sheet, worry="it rains", **{"rev-worry": "0"})
    with world.scope():
        assert Answer.objects.get().value == "it rains"


def test_later_goes_home_and_keeps_it_open(world, browser, sheet):
    answer = post(browser, sheet, worry="half", go="later", **{"rev-worry": "0"})
    assert answer["Location"] == "/"
    with world.scope():
        assert Assignment.objects.get().status == AssignmentStatus.STARTED


def test_send_ends_it_and_shows_what_was_sent(world, browser, sheet):
    post(browser, sheet, worry="it rains", **{"rev-worry": "0"})
    sent = post(browser, sheet, 2, go="send", belief="62", **{"rev-belief": "0", "rev-like": "0"})
    assert sent["Location"] == f"/activities/{sheet.pk}/done/"
    page = browser.get(sent["Location"]).content.decode()
    assert "it rains" in page
    assert "62" in page


def test_back_after_sending_shows_what_was_sent(browser, sheet):
    post(browser, sheet, 2, go="send")
    assert browser.get(f"/activities/{sheet.pk}/1/")["Location"] == f"/activities/{sheet.pk}/"
    assert browser.get(f"/activities/{sheet.pk}/").status_code == 200


def test_two_tabs_that_differ_are_both_shown(world, browser, sheet):
    post(browser, sheet, worry="from one tab", **{"rev-worry": "0"})
    answer = post(browser, sheet, worry="from the other", **{"rev-worry": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "from one tab" in page
    assert "from the other" in page
    assert 'name="rev-worry" value="1"' in page


def test_a_wrong_value_keeps_what_was_typed(world, browser, sheet):
    answer = post(browser, sheet, 2, belief="1e309", **{"rev-belief": "0"})
    assert answer.status_code == 409
    with world.scope():
        assert Answer.objects.count() == 0


def test_a_closed_one_keeps_the_words_on_the_page(world, browser, sheet):
    with world.scope():
        Assignment.objects.update(closes_at=NOW.replace(year=2020))
    page = post(browser, sheet, worry="too late but long", **{"rev-worry": "0"})
    assert page.status_code == 409
    assert "too late but long" in page.content.decode()


def test_a_page_beyond_the_last_is_the_last(browser, sheet):
    assert browser.get(f"/activities/{sheet.pk}/99/").status_code == 200


@pytest.mark.parametrize("state", [AssignmentStatus.SCHEDULED, AssignmentStatus.HELD, AssignmentStatus.WITHDRAWN])
def test_what_is_not_sent_or_withdrawn_is_not_found(world, browser, state):
    hidden = make_assignment(world.client, NOW, status=state, slug="hidden")
    assert browser.get(f"/activities/{hidden.pk}/").status_code == 404


def test_a_draft_is_no_response_to_review(world, browser, sheet):
    post(browser, sheet, worry="half", go="later", **{"rev-worry": "0"})
    with world.scope():
        assert Response.objects.get().submitted_at is None


@pytest.mark.parametrize("rows", [1, 30])
def test_the_path_costs_the_same_queries(world, browser, rows, django_assert_num_queries):
    for n in range(rows):
        make_assignment(world.client, NOW, slug=f"s{n}")
    browser.get("/journey/")
    with django_assert_num_queries(10):
        assert browser.get("/journey/").status_code == 200

"""Library, activity page, builder: who sees what, and how many queries it takes."""

import pytest
from django.urls import reverse

from homework.domain.drafting import archive_activity
from homework.domain.stocking import stock_library
from homework.models import Activity
from homework.queries.library import Wanted, library
from tests.homework.drafts import content, make_draft, make_published
from tests.people import NOW


def page(world, name, who=None, query="", **kwargs):
    return world.as_(who or world.therapist).get(reverse(f"homework:{name}", kwargs=kwargs) + query)


def test_library_lists_what_the_practice_has(world):
    make_published(world, title="Ours")
    text = page(world, "desk-library").content.decode()
    assert "Ours" in text
    assert "Ours" not in page(world, "desk-library", who=world.outsider).content.decode()


def test_library_empty_says_what_to_do(world):
    assert "Build your first activity" in page(world, "desk-library").content.decode()


def test_library_filters_and_ignores_nonsense(world):
    stock_library(practice=world.practice, by=None, now=NOW)
    make_draft(world, title="Unfinished thing")
    shown = page(world, "desk-library", query="?purpose=sleep").content.decode()
    assert "My nights" in shown
    assert "Worry time" not in shown
    assert "Unfinished thing" in page(world, "desk-library", query="?origin=unpublished").content.decode()
    assert "Nothing fits" in page(world, "desk-library", query="?q=zzzz").content.decode()
    odd = "?origin=%00&minutes=x&page=-3&purpose='%20OR%201&q=%F0%9F%98%80"
    assert page(world, "desk-library", query=odd).status_code == 200


def test_library_leaves_out_what_was_put_away(world):
    activity = make_published(world, title="Old one")
    archive_activity(activity=activity, by=world.therapist, now=NOW)
    assert "Old one" not in page(world, "desk-library").content.decode()
    assert "Old one" in page(world, "desk-library", query="?origin=archived").content.decode()


@pytest.mark.parametrize("many", [1, 60])
def test_library_costs_the_same_queries(world, many, django_assert_num_queries):
    for number in range(many):
        make_published(world, title=f"Activity {number}")
    with world.scope(), django_assert_num_queries(3):
        found = library(Wanted())
        assert [str(activity.latest.about) for activity in found.page]


def test_library_page_adds_nothing_to_the_shells_queries(world, django_assert_max_num_queries):
    for number in range(30):
        make_published(world, title=f"Activity {number}")
    browser = world.as_(world.therapist)
    with django_assert_max_num_queries(15):
        browser.get(reverse("homework:desk-library"))


def test_activity_page_says_when_not_to_use_it(world):
    stock_library(practice=world.practice, by=None, now=NOW)
    with world.scope():
        shipped = Activity.objects.get(slug="hard-thought")
    text = page(world, "desk-activity", pk=shipped.pk).content.decode()
    assert "When not to use it" in text
    assert "Doubt in OCD" in text
    assert "Copy and adapt" in text
    assert page(world, "desk-activity-edit", pk=shipped.pk).status_code == 404


def test_preview_may_be_framed_by_ourselves_only(world):
    activity = make_draft(world)
    shown = page(world, "desk-activity-preview", pk=activity.pk)
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    elsewhere = page(world, "desk-activity", pk=activity.pk)
    assert "frame-ancestors 'none'" in elsewhere["Content-Security-Policy"]


def test_preview_shows_the_page_asked_for(world):
    body = content()
    body["pages"].append({"id": "p2", "title": "Second", "later": True, "blocks": []})
    activity = make_draft(world, body=body)
    assert "2 of 2" in page(world, "desk-activity-preview", query="?page=p2", pk=activity.pk).content.decode()
    assert "1 of 2" in page(world, "desk-activity-preview", query="?number=-4", pk=activity.pk).content.decode()


def test_publish_of_something_unfinished_leads_to_the_block(world):
    activity = make_draft(world, body=content({"id": "q", "type": "short_text", "label": ""}))
    answer = world.as_(world.therapist).post(reverse("homework:desk-activity-publish", kwargs={"pk": activity.pk}))
    assert answer["Location"].endswith("/edit/?page=p1&block=q")


def test_about_keeps_what_was_typed_when_something_is_wrong(world):
    activity = make_draft(world)
    url = reverse("homework:desk-activity-about", kwargs={"pk": activity.pk})
    answer = world.as_(world.therapist).post(url, {"purpose": "To sleep", "minutes": "900"})
    assert answer.status_code == 400
    assert "To sleep" in answer.content.decode()
    assert world.as_(world.therapist).post(url, {"purpose": "To sleep", "minutes": "9"}).status_code == 302

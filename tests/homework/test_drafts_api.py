"""Autosave of the builder, and what it makes of bad input."""

import json

import pytest
from django.urls import reverse

from tests.homework.drafts import QUESTION, TEXT, content, make_draft


@pytest.fixture
def activity(world):
    return make_draft(world)


def put(world, activity, body, who=None):
    url = reverse("homework:api-activity-draft", kwargs={"pk": activity.pk})
    raw = body if isinstance(body, str) else json.dumps(body)
    return world.as_(who or world.therapist).put(url, raw, content_type="application/json")


def draft(activity, body=None, **more):
    return {"rev": activity.draft_rev, "title": activity.title, "content": body or content(TEXT), **more}


def test_save_answers_with_revision_and_what_is_left(world, activity):
    unfinished = content({**QUESTION, "label": ""})
    answer = put(world, activity, draft(activity, unfinished)).json()
    assert answer["rev"] == activity.draft_rev + 1
    assert answer["problems"] == [{"page": "p1", "block": "worry", "message": "The question has no words yet."}]


def test_save_on_an_old_revision_brings_the_stored_draft(world, activity):
    put(world, activity, draft(activity))
    answer = put(world, activity, draft(activity, content(QUESTION)), who=world.colleague)
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["stored"]["content"] == content(TEXT)
    assert answer.json()["stored"]["rev"] == activity.draft_rev + 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[" * 100_000,
        "[]",
        "{}",
        '{"rev": -1, "title": "x", "content": {}}',
        '{"rev": NaN, "title": "x", "content": {}}',
        '{"rev": 1, "title": "a\\u0000b", "content": {"format": 1, "pages": [{"id": "p", "blocks": []}]}}',
        '{"rev": 1, "title": "x", "content": {"format": 1, "pages": [{"id": "p", "title": "\\ud800", "blocks": []}]}}',
        json.dumps({"rev": 1, "title": "x", "content": content({"id": "a", "type": "x"})}),
        '{"rev": 1, "title": "x", "content": {"format": 1e309, "pages": []}}',
        json.dumps({"rev": 1, "title": "x", "content": content(*({**TEXT, "id": f"b{n}"} for n in range(10_000)))}),
        json.dumps({"rev": 1, "title": "x", "content": content(TEXT, TEXT)}),
        json.dumps({"rev": 1, "title": "x", "content": {**content(TEXT), "client": 1}}),
    ],
    ids=lambda body: body[:40],
)
def test_bad_input_is_a_calm_400_and_keeps_the_draft(world, activity, body):
    answer = put(world, activity, body)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    with world.scope():
        activity.refresh_from_db()
    assert activity.draft == content()


def test_mass_assignment_of_other_fields_is_ignored(world, activity):
    put(world, activity, draft(activity, origin="system", practice=999, latest=1))
    with world.scope():
        activity.refresh_from_db()
        assert (activity.origin, activity.practice_id, activity.latest_id) == ("own", world.practice.pk, None)


def test_parts_render_an_unsaved_draft(world, activity):
    url = reverse("homework:desk-activity-parts", kwargs={"pk": activity.pk})
    body = json.dumps({"content": content(TEXT, {**QUESTION, "label": "Brand new?"}), "page": "p1", "block": "worry"})
    answer = world.as_(world.therapist).post(url, body, content_type="application/json")
    assert answer.status_code == 200
    assert "Brand new?" in answer.content.decode()
    assert 'data-field="label"' in answer.content.decode()


@pytest.mark.parametrize("body", ["", "[", "[" * 50_000, "[]", '{"content": 5}', '{"content": {"pages": []}}'])
def test_parts_of_nonsense_are_refused(world, activity, body):
    url = reverse("homework:desk-activity-parts", kwargs={"pk": activity.pk})
    answer = world.as_(world.therapist).post(url, body, content_type="application/json")
    assert answer.status_code == 422

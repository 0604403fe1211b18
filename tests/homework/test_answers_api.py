"""Drafts over the API: saved, refused, kept."""

from uuid import uuid4

import pytest

from homework.models import Answer
from tests.homework.sheets import make_assignment
from tests.people import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(world):
    return make_assignment(world.client, NOW)


@pytest.fixture
def put(world, sheet):
    browser = world.as_(world.client)

    def send(block="worry", **body):
        body = {"rev": 0, "uuid": str(uuid4())} | body
        url = f"/api/v1/assignments/{sheet.pk}/answers/{block}"
        return browser.put(url, body, content_type="application/json")

    return send


def test_a_value_is_saved(put):
    assert put(value="hello").json()["rev"] == 1


def test_form_fields_are_read_as_the_page_would_post_them(world, put):
    assert put(form=[["worry", "line\nline"], ["rev-worry", "0"]]).status_code == 200
    with world.scope():
        assert Answer.objects.get().value == "line\nline"


def test_another_text_meanwhile_is_409_with_that_text(put):
    put(value="phone")
    answer = put(value="laptop")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["stored"] == {"rev": 1, "value": "phone", "summary": "phone"}


@pytest.mark.parametrize(
    ("block", "value"),
    [
        ("belief", 101),
        ("belief", "NaN"),
        ("belief", 1e308),
        ("belief", True),
        ("like", {"choice": "nope"}),
        ("like", "guess"),
        ("worry", ["x"]),
        ("worry", {"a": 1}),
        ("worry", "x" * 20_001),
    ],
)
def test_what_cannot_be_kept_is_400_in_words(put, block, value):
    answer = put(block=block, value=value)
    assert answer.status_code == 400
    assert answer.json()["errors"][block]


@pytest.mark.parametrize(
    "value", ["nul \x00 inside", "\u202eoverride", "👩‍👩‍👧 joined", "<img src=x onerror=alert(1)>", "{{ 7*7 }}"]
)
def test_odd_text_is_kept_without_harm(put, value):
    assert put(value=value).status_code == 200


def test_a_lone_surrogate_does_no_harm(world, sheet):
    body = f'{{"value": "\\ud800 half", "rev": 0, "uuid": "{uuid4()}"}}'
    url = f"/api/v1/assignments/{sheet.pk}/answers/worry"
    assert world.as_(world.client).put(url, body, content_type="application/json").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"value": 1, "form": []},
        {"value": "x", "uuid": "no"},
        {"value": "x", "rev": -1},
        {"value": "x", "rev": 1e30},
    ],
)
def test_a_malformed_save_is_400(put, body):
    assert put(**body).status_code == 400


def test_not_json_is_400(world, sheet):
    url = f"/api/v1/assignments/{sheet.pk}/answers/worry"
    assert world.as_(world.client).put(url, "NaN", content_type="application/json").status_code == 400


def test_a_text_block_takes_no_answer(put):
    assert put(block="intro", value="x").status_code == 404


def test_without_a_token_nothing_is_saved(world, sheet):
    browser = world.as_(world.client)
    browser.handler.enforce_csrf_checks = True
    url = f"/api/v1/assignments/{sheet.pk}/answers/worry"
    body = {"value": "x", "rev": 0, "uuid": str(uuid4())}
    assert browser.put(url, body, content_type="application/json").status_code == 403

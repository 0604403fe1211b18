"""Error pages stand alone: they ask neither the session nor the database, and say what to do next."""

import json

import pytest
from django.test import RequestFactory
from django.utils import translation

from practice.pages import errors

PAGES = {
    400: errors.bad_request,
    403: errors.forbidden,
    404: errors.not_found,
    500: errors.server_error,
    503: errors.unavailable,
}


@pytest.mark.parametrize(("status", "view"), PAGES.items())
def test_an_error_page_needs_no_database(status, view):
    response = view(RequestFactory().get("/somewhere/"))
    assert response.status_code == status
    assert b"<h1>" in response.content
    assert b"call 112" in response.content


def test_a_form_that_was_open_too_long_says_that_the_words_are_still_there():
    response = errors.csrf_failure(RequestFactory().post("/somewhere/"))
    assert response.status_code == 403
    assert b"your words are still there" in response.content


def test_being_down_says_when_to_come_back():
    assert errors.unavailable(RequestFactory().get("/")).headers["Retry-After"] == "120"


def test_an_error_page_turns_round_with_the_language():
    with translation.override("ar"):
        assert b'dir="rtl"' in errors.not_found(RequestFactory().get("/")).content


def test_the_api_is_told_in_its_own_shape():
    answer = errors.not_found(RequestFactory().get("/api/v1/nowhere"))
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content) == {
        "type": "about:blank",
        "status": 404,
        "title": "Not Found",
        "detail": "Not Found",
    }

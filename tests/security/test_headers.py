"""What every answer says to browsers and caches, and what a request can't talk the house into."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.permissions import ROWS
from tests.permissions.row import nothing

PAGES = sorted({row.route for row in ROWS if row.method == "GET" and row.kwargs is nothing})
STRICT = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
}
INLINE = re.compile(rb"<script(?![^>]*\bsrc=)(?![^>]*\btype=.application/json)|<style|\sstyle=|\son\w+=", re.IGNORECASE)


@pytest.fixture
def readers(world):
    return [world.as_(world.therapist), world.as_(world.client), world.as_(world.admin)]


@pytest.mark.parametrize("route", PAGES)
def test_every_page_is_private_and_strict(readers, route):
    for browser in readers:
        answer = browser.get(reverse(route))
        policy = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
        assert policy >= STRICT
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(answer["Content-Security-Policy"].split())
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in answer
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            assert INLINE.findall(answer.content) == []


def test_another_host_is_refused(client):
    assert client.get("/accounts/login/", headers={"Host": "evil.example"}).status_code == 400


def test_a_forwarded_host_changes_no_link(world):
    page = world.as_(world.client).get("/", headers={"X-Forwarded-Host": "evil.example"})
    assert b"evil.example" not in page.content


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_is_not_overridden(world, header):
    with world.scope():
        before = world.client.status
    answer = world.as_(world.therapist).get(f"/desk/clients/{world.client.pk}/invite/", headers={header: "POST"})
    assert answer.status_code == 405
    assert world.as_(world.therapist).post("/desk/clients/", {"_method": "DELETE"}).status_code == 405
    with world.scope():
        world.client.refresh_from_db()
        assert world.client.status == before


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/desk/", "/nowhere/"])
def test_head_is_answered_as_get_without_a_body(world, path):
    for browser in (world.as_(world.therapist), world.as_(world.client), Browser()):
        asked, got = browser.head(path), browser.get(path)
        assert (asked.status_code, asked.get("Location"), asked["Content-Type"]) == (
            got.status_code,
            got.get("Location"),
            got["Content-Type"],
        )
        assert asked.content == b""


def test_head_does_nothing_that_only_post_may(world):
    path = f"/desk/clients/{world.client.pk}/invite/"
    assert world.as_(world.therapist).head(path).status_code == 405


def test_another_site_is_told_nothing_of_the_api(world):
    answer = world.as_(world.client).options(
        "/api/v1/conversations/1/events",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert "Access-Control-Allow-Origin" not in answer

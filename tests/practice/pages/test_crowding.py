"""A process makes so many pages at the same time and no more."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from practice.pages import crowding
from practice.pages.crowding import PLACES, PlacesMiddleware


@pytest.fixture
def crowd(monkeypatch):
    """The middleware with every place taken, and what sets the takers free."""
    monkeypatch.setattr(crowding, "PATIENCE_SECONDS", 0.05)
    gate, inside = threading.Event(), threading.Semaphore(0)

    def page(request):
        if request.path == "/slow/":
            inside.release()
            gate.wait(60)
        return HttpResponse("made")

    middleware = PlacesMiddleware(page)
    with ThreadPoolExecutor(PLACES) as pool:
        slow = [pool.submit(middleware, RequestFactory().get("/slow/")) for _ in range(PLACES)]
        for _each in slow:
            assert inside.acquire(timeout=60)
        yield middleware, gate, slow
        gate.set()


def test_who_finds_no_place_is_asked_to_come_again(crowd):
    middleware, gate, slow = crowd

    full = middleware(RequestFactory().get("/desk/"))

    assert full.status_code == 503
    assert full.headers["Retry-After"]
    gate.set()
    assert {each.result(60).status_code for each in slow} == {200}
    assert middleware(RequestFactory().get("/desk/")).status_code == 200


def test_whether_it_lives_is_answered_without_a_place(crowd):
    assert crowd[0](RequestFactory().get("/livez")).status_code == 200


def test_page_that_fails_gives_its_place_back():
    def fails(request):
        raise ValueError("page")

    middleware = PlacesMiddleware(fails)
    for _each in range(PLACES + 1):
        with pytest.raises(ValueError, match="page"):
            middleware(RequestFactory().get("/desk/"))

"""Behind the proxy everybody has an address of their own, and nobody can choose it."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import RequestFactory

from practice.accounts.throttling import LINK_REQUESTS
from practice.pages.visitor import VisitorAddressMiddleware

PROXY = "10.0.0.2"


def address_with(settings, forwarded):
    settings.BEHIND_PROXY = True
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}))
    VisitorAddressMiddleware(lambda request: HttpResponse())(request)
    return request.META["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was sent along by the visitor
        ("2001:db8::7", "2001:db8::7"),
        ("", PROXY),
        ("unknown", PROXY),
        ("203.0.113.7, evil\x00", PROXY),
    ],
)
def test_address_is_the_last_one_that_the_proxy_saw(settings, forwarded, address):
    assert address_with(settings, forwarded) == address


def test_without_a_proxy_the_header_is_not_believed(settings):
    settings.BEHIND_PROXY = False
    with pytest.raises(MiddlewareNotUsed):
        VisitorAddressMiddleware(lambda request: HttpResponse())


@pytest.fixture
def behind_the_proxy(settings, client):
    settings.BEHIND_PROXY = True

    def ask(address, number):
        data = {"email": f"someone{number}@nowhere.example"}
        return client.post("/accounts/link/", data, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=address).status_code

    return ask


@pytest.mark.django_db
def test_one_visitor_who_asks_too_often_shuts_nobody_else_out(behind_the_proxy):
    tries = [behind_the_proxy("203.0.113.7", number) for number in range(LINK_REQUESTS.per_address + 1)]
    assert (set(tries[:-1]), tries[-1]) == ({302}, 429)
    assert behind_the_proxy("203.0.113.8", 99) == 302
    assert behind_the_proxy("203.0.113.8, 203.0.113.7", 100) == 429  # saying another address first helps nobody

"""Walks every URL, API route and socket as each person and compares with the table written by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from practice.contributions import SOCKET_ROUTES
from practice.people.models import User
from tests.people import World, make_world
from tests.permissions import ROWS, SOCKET_ROWS
from tests.permissions.row import LOGIN, PEOPLE, Row

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED = {405, 404, 403, LOGIN}
ASKED_FOR_UNLISTED = ("anonymous", "client", "therapist", "admin")
SIGN_IN_PAGES = ("/accounts/login/", "/admin/login/")


@dataclass(frozen=True)
class Walk:
    """The world, and a browser for each person."""

    world: World
    browsers: dict[str, Browser]

    @contextmanager
    def at(self, row: Row) -> Iterator[Callable[[str, str], int | str]]:
        """Make what the row names, once, and give what asks there: (person, method) to the status, or LOGIN."""
        world = deepcopy(self.world)
        with transaction.atomic():
            url, data = reverse(row.route, kwargs=row.kwargs(world)), row.data(world)

            def ask(person: str, method: str) -> int | str:
                return self._ask(person, row, method, url, data if method == row.method else {})

            yield ask
            transaction.set_rollback(True)

    def _ask(self, person: str, row: Row, method: str, url: str, given: dict[str, Any]) -> int | str:
        """Return the status, or LOGIN when the answer is the way to the sign-in page. What it changed is undone."""
        browser, cookies = self.browsers[person], deepcopy(self.browsers[person].cookies)
        with transaction.atomic():
            kind = {"content_type": "application/json"} if row.json or method in {"PUT", "PATCH", "DELETE"} else {}
            response = getattr(browser, method.lower())(url, deepcopy(given) or None, **kind)
            transaction.set_rollback(True)
        browser.cookies = cookies
        to_login = response.status_code == 302 and response["Location"].split("?")[0] in SIGN_IN_PAGES
        return LOGIN if to_login else response.status_code


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walk]:
    """Everybody, made once for all rows inside a transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        boss = User.objects.create_superuser("root@rapport.example", "correct horse battery", name="Root")
        people = {person: getattr(world, person, None) for person in PEOPLE} | {"superuser": boss}
        yield Walk(world, {person: world.as_(who) if who else Browser() for person, who in people.items()})
        transaction.set_rollback(True)


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Yield the full name of each route. One without a name is given by its pattern."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or entry.pattern}"


def test_every_route_has_a_row():
    unlisted = set(routes(get_resolver())) - {row.route for row in ROWS}
    assert sorted(unlisted) == []


def test_every_row_has_a_route():
    assert sorted({row.route for row in ROWS} - set(routes(get_resolver()))) == []


def test_every_socket_has_a_row():
    assert sorted(key for key, _ in SOCKET_ROUTES.items()) == sorted(row.route for row in SOCKET_ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.route}")
def test_route_answers_as_the_table_says(walk, row):
    with walk.at(row) as ask:
        got = {person: ask(person, row.method) for person in PEOPLE}
    wrong = {
        person: f"{answer}, not {row.expect[person]}"
        for person, answer in got.items()
        if answer not in (row.expect[person] if isinstance(row.expect[person], set) else {row.expect[person]})
    }
    assert wrong == {}


@pytest.mark.parametrize("route", sorted({row.route for row in ROWS}))
def test_method_without_a_row_is_refused(walk, route):
    rows = [row for row in ROWS if row.route == route]
    unlisted = [method for method in METHODS if method not in {row.method for row in rows}]
    with walk.at(rows[0]) as ask:
        got = {(method, person): ask(person, method) for method in unlisted for person in ASKED_FOR_UNLISTED}
    assert {who: answer for who, answer in got.items() if answer not in REFUSED} == {}

"""No page offers what its reader is refused: every link and form on every page leads somewhere for them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import Resolver404, resolve, reverse
from pytest_django import DjangoDbBlocker

from tests.people import World, make_world
from tests.permissions import ROWS
from tests.permissions.row import Row

READERS = ("client", "therapist", "lead", "admin")
PAGES = [row for row in ROWS if row.method == "GET" and not row.route.startswith("admin:")]
ALLOWED = {(row.route, row.method): row.expect for row in ROWS}
REFUSED = {403, 404, 405}
PART_OF_A_PATH = re.compile(r"/\d+(?=/|$)")


class Offers(HTMLParser):
    """What a page offers: links to follow and forms to post, as (method, address)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found = page, set[tuple[str, str]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.found.add(("GET", urljoin(self.page, given["href"] or "")))
        if tag == "form":
            self.found.add(((given.get("method") or "get").upper(), urljoin(self.page, given.get("action") or "")))


def offers(browser: Browser, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a page offers within the house, as (method, path, name of the route)."""
    answer = browser.get(path)
    if answer.status_code != 200 or "html" not in answer["Content-Type"]:
        return
    parser = Offers(path)
    parser.feed(answer.content.decode())
    for method, address in sorted(parser.found):
        where = urlsplit(address)
        if where.netloc or where.path.startswith("/static/") or where.scheme not in {"", "http", "https"}:
            continue
        try:
            yield method, where.path, resolve(where.path).view_name
        except Resolver404:
            yield method, where.path, ""


class Readers:
    """The browser of each reader, and what they got from the addresses that are the same on every page."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.browsers = {who: world.as_(getattr(world, who)) for who in READERS}
        self.known: dict[tuple[str, str], int] = {}

    def gets(self, who: str, path: str) -> int:
        """Return the status of a link."""
        if (who, path) in self.known:
            return self.known[who, path]
        status = int(self.browsers[who].get(path).status_code)
        if not PART_OF_A_PATH.search(path):
            self.known[who, path] = status
        return status

    def refused(self, who: str, row: Row) -> list[str]:
        """Return what the page of this row offers and its reader does not get."""
        found = []
        page = reverse(row.route, kwargs=row.kwargs(self.world))
        for method, path, route in offers(self.browsers[who], page):
            if method == "GET":
                status: object = self.gets(who, path) if route else 404
            else:
                status = ALLOWED.get((route, method), {}).get(who, 404)
            if status in REFUSED:
                words = f"{who} on {page}: {method} {path} {status}"
                found.append(PART_OF_A_PATH.sub("/N", words))
        return found


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.route)
def test_page_offers_only_what_its_reader_gets(readers, row):
    found = []
    for who in READERS:
        if row.expect[who] == 200:
            with transaction.atomic():
                found += readers.refused(who, row)
                transaction.set_rollback(True)
    assert found == []


@pytest.fixture(scope="module")
def readers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Readers]:
    """Everybody, made once for all pages inside a transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Readers(make_world())
        transaction.set_rollback(True)

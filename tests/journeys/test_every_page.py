"""axe over every page of the permission table: as its reader sees it, empty and full, light and dark; and over what a
refused form and a missing page look like. A page that is added comes here by itself, through its row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from practice.people.models import User
from tests.browser import DESKTOP, PHONE, violations
from tests.live import Live
from tests.people import World, make_world
from tests.permissions import ROWS
from tests.permissions.row import Row, nothing
from tests.signing_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
READERS = ("therapist", "client", "admin", "anonymous")
NO_PAGE = ("api", "healthz", "livez", "schema", "parts", "attention", "jsi18n", "autocomplete", "export")
SCHEMES = ("light", "dark")
REFUSED = (  # page, who, the form's button, by its words
    ("/accounts/login/", "anonymous", "Sign in"),
    ("/accounts/link/", "anonymous", "Mail me the link"),
    ("/desk/clients/new/", "therapist", None),
    ("/desk/library/send/", "therapist", "Send"),
    ("/messages/", "client", "Send"),
)


@dataclass
class Walk:
    """A page of each reader, and what axe found on their way."""

    pages: dict[str, Page]
    found: list[str]

    def look(self, who: str, path: str) -> None:
        if path.startswith("/api/"):
            return
        page = self.pages[who]
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if scheme == SCHEMES[0]:
                page.goto(path, wait_until="load")
            self.found += [f"{who} {path} {scheme}: {line}" for line in violations(page)]
            self.found += [f"{who} {path}: scrolls sideways"] if sideways(page) else []


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))


def readers_of(row: Row) -> Iterator[str]:
    """Yield one reader of each kind who gets the page."""
    for who in READERS:
        if row.expect[who] == 200:
            yield who
            return


def is_page(row: Row) -> bool:
    return row.method == "GET" and not any(word in row.route for word in NO_PAGE)


PAGES = [row for row in ROWS if is_page(row)]


@pytest.fixture
def world(live_database: str) -> World:
    return make_world()


@pytest.fixture
def walk(live: Live, world: World, new_context: Callable[..., BrowserContext]) -> Walk:
    pages = {}
    for who in READERS:
        size = PHONE if who in {"client", "anonymous"} else DESKTOP
        context = new_context(viewport=size, base_url=live.url)
        person = getattr(world, who, None)
        if person is not None:
            sign_in(context, person if isinstance(person, User) else person.user)
        pages[who] = context.new_page()
    return Walk(pages, [])


def test_every_page_empty_and_full_light_and_dark(walk, world):
    empty = [row for row in PAGES if row.kwargs is nothing]
    for row in empty:
        for who in readers_of(row):
            walk.look(who, reverse(row.route))
    made = {maker: maker(world) for maker in {row.kwargs: None for row in PAGES}}
    for row in PAGES:
        for who in readers_of(row):
            walk.look(who, reverse(row.route, kwargs=made[row.kwargs]))
    assert sorted(set(walk.found)) == []
    assert len(PAGES) > 40


def test_refused_forms_and_missing_pages(walk, world):
    for path, who, button in REFUSED:
        page = walk.pages[who]
        page.goto(path)
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        form = page.locator("form").filter(has=page.locator("input:visible, textarea:visible")).last
        (form.get_by_role("button", name=button).last if button else form.locator("button").last).click()
        page.wait_for_load_state()
        walk.found += [f"{path} refused: {line}" for line in violations(page)]
    for who in ("therapist", "client", "anonymous"):
        walk.look(who, "/nowhere/at/all/")
    assert walk.found == [], "\n".join(walk.found)

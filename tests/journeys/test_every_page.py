"""axe over every page of the permission table: as its reader sees it, empty and full, light and dark; over every form
when it is refused; and over missing pages. A page that is added comes here by itself, through its row."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from practice.people.models import User
from tests.browser import COLOUR_RULES, DESKTOP, PHONE, axe, violations
from tests.live import Live
from tests.people import World, make_world
from tests.permissions import ROWS
from tests.permissions.refusals import REFUSALS
from tests.permissions.row import Row, nothing
from tests.signing_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]
READERS = ("therapist", "client", "admin", "anonymous")
NO_PAGE = ("api", "healthz", "livez", "schema", "parts", "attention", "jsi18n", "autocomplete", "export", "codes_text")
SCHEMES: dict[str, dict[str, Any]] = {"light": {}, "dark": {"runOnly": COLOUR_RULES}}
FORMS = {
    "anonymous": "/accounts/link/",
    "therapist": "/desk/me/",
    "client": "/me/",
    "admin": "/desk/me/",
}  # with a token
REFUSED = "[aria-invalid=true], [role=alert], .errorlist, .errornote"
TOKEN = "[name=csrfmiddlewaretoken]"
CHANGES = re.compile(rb'(nonce|"csrfmiddlewaretoken" value|"csrf-token" content)="[^"]*"')
POST = """([path, fields]) => {
  const form = document.createElement("form")
  Object.assign(form, {method: "post", action: path, enctype: "multipart/form-data"})
  form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode())
  for (const [name, value] of Object.entries(fields)) {
    const field = Object.assign(document.createElement("textarea"), {name, value})
    form.append(field)
  }
  document.body.append(form)
  form.submit()
}"""


@dataclass
class Walk:
    """A page of each reader, what axe found on their way, and what it has judged to the letter."""

    pages: dict[str, Page]
    found: list[str]
    judged: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def look(self, who: str, path: str, *, twice: bool = False) -> None:
        """Judge a page. One that is visited twice is judged once when it is the same to the letter."""
        if path.startswith("/api/"):
            return
        page = self.pages[who]
        if twice:
            body = CHANGES.sub(b"", page.request.get(path).body())
            if self.judged.get((who, path)) == body:
                return
            self.judged[who, path] = body
        page.goto(path, wait_until="load")
        self.judge(who, path)

    def send(self, who: str, path: str, data: dict[str, Any]) -> None:
        """Post a form by the browser, without the limits that its own page sets to what is typed."""
        page = self.pages[who]
        if not page.locator(TOKEN).count():
            page.goto(FORMS[who], wait_until="load")
        with page.expect_navigation():
            page.evaluate(POST, [path, data])

    def judge(self, who: str, what: str) -> None:
        """Let axe look at the page that is open: all its rules in the light, those about colours in the dark too."""
        page = self.pages[who]
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.found += [f"{who} {what} {scheme}: {line}" for line in violations(page, **rules)]
        self.found += [f"{who} {what}: scrolls sideways"] if sideways(page) else []


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
def walk(live: Live, world: World, new_context: Callable[..., BrowserContext]) -> Iterator[Walk]:
    pages, hosts = {}, set[str]()
    for who in READERS:
        size = PHONE if who in {"client", "anonymous"} else DESKTOP
        context = new_context(viewport=size, base_url=live.url, traced=False)
        context.add_init_script(f"if (window === window.top) {{{axe()}}}")  # a frame shows a page that has its own row
        person = getattr(world, who, None)
        if person is not None:
            sign_in(context, person if isinstance(person, User) else person.user)
        context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
        pages[who] = context.new_page()
    yield Walk(pages, [])
    assert hosts <= {"localhost", ""}  # no page asks a third party for anything


def test_every_page_empty_and_full_light_and_dark(walk, world):
    empty = [row for row in PAGES if row.kwargs is nothing]
    for row in empty:
        for who in readers_of(row):
            walk.look(who, reverse(row.route), twice=True)
    made = {maker: maker(world) for maker in {row.kwargs: None for row in PAGES}}
    for row in PAGES:
        for who in readers_of(row):
            walk.look(who, reverse(row.route, kwargs=made[row.kwargs]), twice=row.kwargs is nothing)
    assert sorted(set(walk.found)) == []
    assert len(PAGES) > 40


def test_every_refused_form_light_and_dark(walk, world):
    for row in REFUSALS:
        if row.first:
            walk.send(row.who, reverse(row.first[0]), row.first[1])
        walk.send(row.who, reverse(row.route, kwargs=row.kwargs(world)), row.data)
        said = walk.pages[row.who].locator(REFUSED).count()
        walk.found += [] if said else [f"{row.route} doesn't say what is wrong"]
        walk.judge(row.who, f"{row.route} refused")
    assert sorted(set(walk.found)) == []


def test_missing_pages(walk):
    for who in ("therapist", "client", "anonymous"):
        walk.look(who, "/nowhere/at/all/")
    assert walk.found == []

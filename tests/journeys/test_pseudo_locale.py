"""Every word of the house can be translated: in a made-up language, where each translatable letter wears an accent, the
pages show nothing in plain English but what people wrote, names, and what the calendar calls its days."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from practice.people.models import User
from tests.browser import DESKTOP, PHONE
from tests.live import Live
from tests.people import World, make_world
from tests.permissions import ROWS
from tests.permissions.row import Row
from tests.signing_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
PSEUDO = "en-xa"
READERS = ("therapist", "client", "anonymous")
NO_PAGE = ("/api/", "/admin/", "/healthz", "/livez", "/demo/", "preview", "parts", "export", "codes/text")
OURS = """
    Rapport Noor Haddad Jonas Weber Ines Ada Sam Dorn Lee Tan Kim Omar Uma Elm House Oak sam dorn noor elm example When
    worry knocks Write the way sounded The did What say Worry step first then How strong strongly you believe not all
    completely Which was most like Guessing worst ending Form Hello One intro Good morning will rain min Ctrl Alt Esc
    Europe Berlin London UTC html Markdown Something new Pip Marsh phone
"""
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!parent || ["SCRIPT", "STYLE", "TEMPLATE", "TEXTAREA", "NOSCRIPT"].includes(parent.tagName)) continue;
    if (parent.closest("[data-untranslated], option, time, pre, kbd, code, .prose, .letter")) continue;
    found.push(node.textContent.trim());
  }
  for (const node of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    for (const name of ["aria-label", "title", "placeholder"]) found.push(node.getAttribute(name) || "");
  return found.filter(Boolean);
}"""


@pytest.fixture
def pseudo_language() -> None:
    subprocess.run([sys.executable, "scripts/translations.py", "pseudo"], cwd=settings.BASE_DIR, check=True)


@pytest.fixture
def pages(
    pseudo_language: None, live: Live, new_context: Callable[..., BrowserContext]
) -> tuple[World, dict[str, Page]]:
    live.stop()
    live.start("web", PSEUDO_LOCALE="1")
    world = make_world()
    opened = {}
    for who in READERS:
        size = DESKTOP if who == "therapist" else PHONE
        context = new_context(viewport=size, base_url=live.url, locale=PSEUDO, traced=False)
        person = getattr(world, who, None)
        if person is not None:
            user = person if isinstance(person, User) else person.user
            user.language = PSEUDO
            user.save(update_fields=["language"])
            sign_in(context, user)
        opened[who] = context.new_page()
    with world.scope():
        world.client.language = PSEUDO
        world.client.save(update_fields=["language"])
    return world, opened


def plain_english(text: str) -> list[str]:
    """Return the words of a text that no translator could reach: outside the brackets, no name, no date."""
    rest = re.sub(r"\[[^\[\]]*\]", " ", re.sub(r"\[[^\[\]]*\]", " ", text))
    return [word for word in re.findall(r"[A-Za-z]{3,}", rest) if word not in KNOWN]


def own_texts() -> list[str]:
    """Return what is translated by other means, longest first: forms by their packs, Django's labels by Django."""
    texts = {"Old password", "New password", "New password confirmation", "Password"}
    for folder in ("wordings/en", "instruments"):
        for file in (settings.BASE_DIR / "alliance" / folder).glob("*.json"):
            texts |= set(strings_in(json.loads(file.read_text())))
    return sorted((text for text in texts if len(text) > 4), key=len, reverse=True)


def strings_in(value: Any) -> Iterator[str]:
    """Yield every string of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings_in(part)


def without(text: str, known: list[str]) -> str:
    """Return the text without what is known."""
    for part in known:
        text = text.replace(part, " ")
    return text


DATES = """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun January February March April
    May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
    noon midnight
"""
KNOWN = frozenset(f"{OURS} {DATES}".split())


def rows() -> Iterator[tuple[str, Row]]:
    for row in ROWS:
        for who in READERS:
            if row.method == "GET" and row.expect[who] == 200:
                yield who, row


def test_no_page_speaks_plain_english(pages):
    world, opened = pages
    made = {maker: maker(world) for maker in {row.kwargs: None for _who, row in rows()}}
    found, elsewhere = set(), own_texts()
    for who, row in rows():
        path = reverse(row.route, kwargs=made[row.kwargs])
        if any(word in path for word in NO_PAGE):
            continue
        opened[who].goto(path)
        texts = opened[who].evaluate(TEXTS)
        found |= {f"{path}: {text}" for text in texts if plain_english(without(text, elsewhere))}
    assert sorted(found) == []

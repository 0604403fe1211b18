"""Fault 21: the web is killed while people write. Whatever was acknowledged is in the table; whatever was written ends
saved, or is shown as not sent; everybody sees the same order."""

import time

import pytest
from playwright.sync_api import Page, expect

from messaging.models import ConversationEvent
from tests.browser import PHONE
from tests.faults.talkers import all_is_well, seats_of, talking
from tests.faults.told import Told, seed_of, tell
from tests.people import make_world
from tests.signing_in import sign_in

pytestmark = [pytest.mark.fault, pytest.mark.timeout(280)]
RECOVERY = 90  # seconds: the jitter of a returning page reaches to thirty, and the web has to be up before


@pytest.mark.parametrize(
    ("therapists", "clients", "rate", "kills"),
    [(3, 4, 12, 1), pytest.param(34, 5, 40, 2, marks=pytest.mark.long)],
    ids=["15-people", "200-people"],
)
def test_what_was_written_while_the_web_was_killed_is_saved_once(request, live, therapists, clients, rate, kills):
    seed = seed_of(request)
    seats = seats_of(make_world(), therapists=therapists, clients_each=clients)
    recovery = 0.0
    with talking(live, seats, seed=seed) as crowd:
        crowd.write(rate=rate, seconds=2)
        for _kill in range(kills):
            killed = time.monotonic()
            live.kill("web")
            time.sleep(1)
            live.start("web")
            back = crowd.until(lambda since=killed: crowd.all_back(since), RECOVERY, "everybody is back")
            recovery = max(recovery, back)
            time.sleep(1)
        crowd.finish()
    found = crowd.outcome()
    more = f"{found.written} messages by {len(seats)} pages"
    tell(request, Told("21", seed, found.lost, found.doubled, recovery=recovery, more=more))
    all_is_well(found)


def write(page: Page, text: str) -> None:
    """Type and press the button."""
    page.locator("textarea[name=text]").fill(text)
    page.locator("[data-composer] button[type=submit]").click()


@pytest.mark.long
@pytest.mark.journey
def test_browser_shows_what_is_not_sent_and_sends_it_when_the_web_is_back(request, live, new_context):
    world = make_world()
    context = new_context(viewport=PHONE, base_url=live.url)
    sign_in(context, world.client.user)
    page = context.new_page()
    page.goto("/messages/", wait_until="load")
    page.wait_for_timeout(1000)
    texts = [f"Word {number}" for number in range(6)]
    for text in texts[:2]:
        write(page, text)
    live.kill("web")
    for text in texts[2:4]:
        write(page, text)
    expect(page.get_by_text("Not sent yet.")).to_have_count(2, timeout=20_000)
    live.start("web")
    up = time.monotonic()
    for text in texts[4:]:
        write(page, text)
    expect(page.locator(".pending > *")).to_have_count(0, timeout=60_000)
    recovery = time.monotonic() - up
    with world.scope():
        stored = [event.body for event in ConversationEvent.objects.order_by("seq")]
    shown = page.locator(".talk-day .bubble").all_inner_texts()
    lost, doubled = len(set(texts) - set(stored)), len(stored) - len(set(stored))
    tell(request, Told("21", None, lost, doubled, recovery=recovery, more="in a browser"))
    assert sorted(stored) == texts
    assert [text.strip() for text in shown] == stored

"""A caseload handed over: two therapists and two clients in real browsers.

Given Noor treats Sam and Lee; when she goes on leave, Jonas stands in: the clients read it, a risk answer asks him,
and he answers. When she hands Sam over, her open page closes, she finds nothing, and Sam is told.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from clients.models import AttentionItem, Client
from homework.domain.sending import drain
from messaging.models import Conversation
from practice.notifications.models import Notification
from tests.alliance.homework import sent
from tests.browser import DESKTOP, PHONE, assert_accessible, goto_and_hear
from tests.live import Live
from tests.messaging.sockets import until_listened_to
from tests.people import World, make_world, today_of
from tests.signing_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
SOON, A_SECOND = 45_000, 1.0
CLOSES = """const Real = WebSocket; window.WebSocket = class extends Real {
  constructor(...given) { super(...given); this.addEventListener("close", (event) =>
    sessionStorage.setItem("closed", JSON.stringify([Date.now(), event.code]))) } }"""


@dataclass
class Four:
    """Who sits where."""

    noor: Page
    jonas: Page
    sam: Page
    lee: Page
    world: World
    talk: str


@pytest.fixture
def four(live: Live, new_context: Callable[..., BrowserContext]) -> Four:
    world = make_world()
    pages = []
    for who, size in (
        (world.therapist, DESKTOP),
        (world.colleague, DESKTOP),
        (world.client.user, PHONE),
        (world.second.user, PHONE),
    ):
        context = new_context(viewport=size, base_url=live.url)
        sign_in(context, who)
        pages.append(context.new_page())
    with world.scope():
        talk = f"/desk/messages/{Conversation.objects.get(client=world.client).pk}/"
    return Four(*pages, world, talk)


def write(page: Page, text: str) -> None:
    """Type and press the button, now if there is a choice."""
    now = page.locator('.seg label:has(input[value="now"])')
    if now.count():
        now.click()
    page.locator("textarea[name=text]").fill(text)
    page.locator("[data-composer] button[type=submit]").click()
    expect(page.locator(".pending > *")).to_have_count(0, timeout=SOON)


def go_on_leave(noor: Page, world: World) -> None:
    """Arrange a week from today on, with Jonas standing in."""
    today = today_of(world.therapist)
    noor.goto("/desk/leave/", wait_until="load")
    noor.get_by_role("link", name="Arrange a leave").first.click()
    noor.get_by_label("First day away").fill(today.isoformat())
    noor.get_by_label("Back at work on").fill((today + timedelta(days=7)).isoformat())
    noor.get_by_label("Stands in").select_option(label="Jonas Weber")
    noor.get_by_role("button", name="See what it means").click()
    expect(noor.get_by_text("2 clients are told")).to_be_visible()
    assert_accessible(noor)
    noor.get_by_role("button", name="Arrange it").click()
    expect(noor.get_by_text("away now")).to_be_visible()


def hand_sam_over(page: Page) -> None:
    """Give Sam to Jonas, and keep nobody on the team."""
    page.goto("/desk/leave/hand-over/", wait_until="load")
    page.get_by_label("New therapist").select_option(label="Jonas Weber")
    page.get_by_text("Lee Tan").click()  # no longer ticked
    page.get_by_role("button", name="See what moves").click()
    expect(page.get_by_text("What moves to Jonas Weber")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("1 client is with Jonas Weber now.")).to_be_visible()


def test_a_leave_and_a_caseload_handed_over(four):
    world, noor, jonas, sam, lee = four.world, four.noor, four.jonas, four.sam, four.lee
    sam.goto("/messages/", wait_until="load")
    write(sam, "Before you go: thank you")

    go_on_leave(noor, world)

    for phone in (sam, lee):
        phone.goto("/", wait_until="load")
        expect(phone.get_by_role("heading", name="Noor is away until")).to_be_visible()
        assert_accessible(phone)
    sam.goto("/messages/", wait_until="load")
    expect(sam.locator(".who-reads")).to_contain_text("Jonas reads what you write")
    expect(sam.locator("#promise")).to_contain_text("Jonas reads here.")
    write(sam, "Is someone there?")

    jonas.goto("/desk/", wait_until="load")
    expect(jonas.get_by_text("You stand in for Noor Haddad until")).to_be_visible()
    jonas.goto(four.talk, wait_until="load")
    expect(jonas.locator(".bubble", has_text="Is someone there?")).to_be_visible()
    write(jonas, "Jonas here, for Noor")
    expect(sam.locator(".bubble", has_text="Jonas here, for Noor")).to_be_visible(timeout=SOON)

    goto_and_hear(jonas, "/desk/")
    until_listened_to(f"user.{world.colleague.pk}")
    with world.scope():
        sheet = sent(world, "phq-9", now=timezone.now())
    sam.goto(f"/activities/{sheet.pk}/", wait_until="load")
    expect(sam.get_by_text("tells Jonas at once, even if you don’t finish")).to_be_visible()
    sam.locator("[data-risk]").get_by_text("On a few days").click()
    expect(jonas.locator("#attention").get_by_text("Sam D.")).to_be_visible(timeout=SOON)
    assert asked(world) == [world.colleague.pk]
    jonas.locator("#attention").get_by_role("button", name="Acknowledge").click()
    expect(jonas.get_by_text("Seen by Jonas Weber")).to_be_visible()
    expect(jonas.get_by_role("button", name="Settle")).to_have_count(0)

    noor.add_init_script(CLOSES)
    goto_and_hear(noor, four.talk)
    until_listened_to(f"user.{world.therapist.pk}")
    other = noor.context.new_page()
    hand_sam_over(other)
    done = time.time() * 1000  # the browser's clock is this one; its page is starting anew already
    expect(noor.get_by_text("Is someone there?")).to_have_count(0, timeout=SOON)  # the page starts anew: not found
    at, code = noor.evaluate("JSON.parse(sessionStorage.getItem('closed'))")
    assert code == 4403
    assert at - done <= A_SECOND * 1000
    for path in (four.talk, f"/desk/clients/{world.client.pk}/"):
        assert noor.request.get(path).status == 404
    assert noor.request.get(f"/desk/clients/{world.second.pk}/").status == 200

    jonas.goto(four.talk, wait_until="load")
    write(jonas, "From now on it is me")
    sam.goto("/", wait_until="load")
    expect(sam.get_by_role("heading", name="Jonas is your therapist now")).to_be_visible()
    expect(sam.get_by_text("From now on it is me")).to_be_visible()
    assert_accessible(sam)
    with world.scope():
        assert Client.objects.get(pk=world.client.pk).therapist == world.colleague
        assert Notification.objects.filter(subject_type=23, user=world.client.user, channel=1).count() == 1


def asked(world: World) -> list[int]:
    """Who has been asked until now about the risk answer."""
    with world.scope():
        item = AttentionItem.objects.get(kind="risk")
        rows = Notification.objects.filter(subject_type=22, subject_id=item.pk, not_before__lte=timezone.now())
        return list(rows.values_list("user", flat=True))


def test_archiving_while_the_client_writes_keeps_the_words_and_says_so(four):
    world, sam, noor = four.world, four.sam, four.noor
    goto_and_hear(sam, "/messages/")
    with world.scope():
        until_listened_to(f"conversation.{Conversation.objects.get(client=world.client).pk}")
    box = sam.locator("textarea[name=text]")
    box.fill("One more thing, before")

    noor.goto(f"/desk/clients/{world.client.pk}/archive/", wait_until="load")
    assert_accessible(noor)
    noor.get_by_role("button", name="Archive").click()
    expect(noor.get_by_text("Our work has ended")).to_be_visible()

    expect(sam.get_by_text("You can read, but no longer write.")).to_be_visible(timeout=SOON)
    expect(box).to_have_value("One more thing, before")
    sam.locator("[data-composer] button[type=submit]").click()
    expect(sam.locator(".failed")).to_contain_text("Treatment has ended", timeout=SOON)
    assert_accessible(sam)

    sam.goto("/", wait_until="load")
    expect(sam.get_by_role("heading", name="Our work here has ended")).to_be_visible()
    assert_accessible(sam)
    assert drain().sent == 0

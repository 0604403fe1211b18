"""Client and therapist talk: over sockets, with sockets blocked, through a tunnel, and out of hours."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from messaging.models import Conversation, ConversationEvent
from tests.browser import DESKTOP, PHONE, assert_accessible, goto_and_hear, until
from tests.live import Live
from tests.messaging.sockets import say_elsewhere, until_listened_to
from tests.people import World, make_world
from tests.signing_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
BLOCKED = "window.WebSocket = class { constructor() { throw new Error('blocked'); } }"
SOON = 45_000
KEPT = "async () => (await indexedDB.databases()).filter(d => d.name.startsWith('rapport-words')).length"

DRAFTS = """async () => {
  const [words] = (await indexedDB.databases()).filter((each) => each.name.startsWith("rapport-words"));
  if (!words) return 0;
  const answer = (asked) => new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  const database = await answer(indexedDB.open(words.name));
  const kept = await answer(database.transaction("drafts").objectStore("drafts").count());
  database.close();
  return kept;
}"""


@dataclass
class Two:
    """The client's phone and the therapist's desk, both in the conversation."""

    phone: Page
    desk: Page
    world: World
    conversation: int

    def stored(self) -> list[str]:
        """Return what stands in the table, in order."""
        with self.world.scope():
            return [event.body for event in ConversationEvent.objects.order_by("seq")]


@pytest.fixture
def talk(live: Live, new_context: Callable[..., BrowserContext]) -> Callable[..., Two]:
    """Opens both pages; `blocked`: the phone's network lets no web socket through."""

    def begin(*, blocked: bool = False) -> Two:
        world = make_world()
        with world.scope():
            pk = Conversation.objects.get(client=world.client).pk
        pages = []
        for who, size, path in (
            (world.client.user, PHONE, "/messages/"),
            (world.therapist, DESKTOP, f"/desk/messages/{pk}/"),
        ):
            context = new_context(viewport=size, base_url=live.url)
            sign_in(context, who)
            if blocked and size is PHONE:
                context.add_init_script(BLOCKED)
            page = context.new_page()
            if blocked and size is PHONE:
                page.goto(path, wait_until="load")
            else:
                goto_and_hear(page, path)
            pages.append(page)
        return Two(*pages, world, pk)

    return begin


def write(page: Page, text: str) -> None:
    """Type and press the button, now if there is a choice."""
    now = page.locator('.seg label:has(input[value="now"])')
    if now.count():
        now.click()
    page.locator("textarea[name=text]").fill(text)
    page.locator("[data-composer] button[type=submit]").click()


def bubble(page: Page, text: str):
    """Find a saved message."""
    return page.locator(".talk-day .bubble", has_text=text)


def test_both_see_each_other_write(talk):
    two = talk()
    write(two.phone, "I made it to the bridge")
    expect(bubble(two.desk, "I made it to the bridge")).to_be_visible(timeout=SOON)

    write(two.desk, "That was **brave**")
    expect(bubble(two.phone, "That was brave")).to_be_visible(timeout=SOON)

    expect(two.phone.locator(".pending > *")).to_have_count(0)
    assert two.stored() == ["I made it to the bridge", "That was **brave**"]
    for page in (two.phone, two.desk):
        assert_accessible(page)


def test_both_see_each_other_write_where_sockets_are_blocked(talk):
    two = talk(blocked=True)
    write(two.phone, "From behind a wall")
    expect(bubble(two.desk, "From behind a wall")).to_be_visible(timeout=SOON)

    write(two.desk, "I read you")
    expect(bubble(two.phone, "I read you")).to_be_visible(timeout=SOON)
    assert two.stored() == ["From behind a wall", "I read you"]


def test_words_written_in_a_tunnel_are_kept_and_sent_once(talk):
    two = talk()
    two.phone.context.set_offline(True)
    write(two.phone, "Written in a tunnel")
    expect(two.phone.get_by_text("Not sent yet.")).to_be_visible(timeout=SOON)
    assert_accessible(two.phone)

    two.phone.context.set_offline(False)
    expect(bubble(two.desk, "Written in a tunnel")).to_be_visible(timeout=45_000)
    expect(bubble(two.phone, "Written in a tunnel")).to_have_count(1)
    expect(two.phone.locator(".failed")).to_have_count(0)
    assert two.stored() == ["Written in a tunnel"]


def test_the_menu_counts_who_waits_while_another_page_is_open(talk):
    two = talk()
    goto_and_hear(two.desk, "/desk/")
    until_listened_to(f"user.{two.world.therapist.pk}")
    entry = two.desk.locator('#menu-list a[href="/desk/messages/"]')
    expect(entry.locator(".n")).to_have_count(0)

    write(two.phone, "Are you there?")
    expect(entry.locator(".n")).to_contain_text("1", timeout=SOON)


def test_long_conversation_scrolls_in_its_own_place(talk):
    """Nothing in it makes the desk's page itself taller than the window: the composer stays where it is."""
    two = talk()
    for number in range(30):
        say_elsewhere(two.world, two.conversation, two.world.client.user, f"One more thing, the {number}th.")
    expect(bubble(two.desk, "the 29th")).to_be_visible(timeout=SOON)
    assert not two.desk.evaluate("document.documentElement.scrollHeight > innerHeight + 1")
    assert two.desk.locator(".talk-log").evaluate("log => log.scrollHeight > log.clientHeight")


def test_draft_survives_a_reload(talk):
    two = talk()
    two.phone.locator("textarea[name=text]").fill("half a thought")
    until(two.phone, lambda: two.phone.evaluate(DRAFTS), "the draft is not kept")
    two.phone.reload()
    expect(two.phone.locator("textarea[name=text]")).to_have_value("half a thought")


def test_signing_out_takes_the_draft_along(talk):
    two = talk()
    two.phone.locator("textarea[name=text]").fill("half a thought")
    until(two.phone, lambda: two.phone.evaluate(DRAFTS), "the draft is not kept")
    assert two.phone.evaluate(KEPT) == 1

    two.phone.goto("/me/")
    two.phone.get_by_role("link", name="Sign out").click()
    two.phone.get_by_role("button", name="Sign out").click()
    two.phone.wait_for_url("**/accounts/login/**")
    until(two.phone, lambda: two.phone.evaluate(KEPT) == 0, "the words are still there")

"""A client fills in an activity on a phone: what is typed is never lost, two windows never overwrite in silence."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from homework.models import Answer, Assignment
from tests.browser import PHONE, assert_accessible
from tests.homework.sheets import make_assignment
from tests.live import Live
from tests.people import NOW, World, make_world
from tests.signing_in import sign_in

pytestmark = pytest.mark.journey


@dataclass
class Phone:
    page: Page
    world: World
    sheet: Assignment

    def open(self, number: int = 1) -> Page:
        self.page.goto(f"/activities/{self.sheet.pk}/{number}/", wait_until="networkidle")
        return self.page

    def stored(self) -> list[object]:
        with self.world.scope():
            return [answer.value for answer in Answer.objects.order_by("pk")]


@pytest.fixture
def phone(live: Live, new_context: Callable[..., BrowserContext]) -> Phone:
    world = make_world()
    context = new_context(viewport=PHONE, base_url=live.url)
    sign_in(context, world.client.user)
    return Phone(context.new_page(), world, make_assignment(world.client, NOW))


def test_what_is_typed_is_saved_and_survives_a_reload(phone):
    page = phone.open()
    page.get_by_label("The worry").fill("They will think I am useless")
    expect(page.get_by_text("Saved", exact=False).first).to_be_visible()
    page.reload()
    expect(page.get_by_label("The worry")).to_have_value("They will think I am useless")
    assert_accessible(page)


def test_a_dropped_connection_loses_nothing_and_says_so(phone):
    page = phone.open()
    page.context.set_offline(True)
    page.get_by_label("The worry").fill("typed in a tunnel")
    expect(page.get_by_text("Not saved yet, kept on this device")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("The worry")).to_have_value("typed in a tunnel")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    assert phone.stored() == ["typed in a tunnel"]


def test_a_page_drawn_before_the_save_landed_shows_what_was_saved(phone):
    page = phone.open()
    older = page.context.request.get(page.url).text()
    page.get_by_label("The worry").fill("just in time")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    page.route("**/activities/**", lambda route: route.fulfill(body=older, content_type="text/html"), times=1)
    address = page.url
    page.goto("about:blank")
    page.goto(address, wait_until="networkidle")
    expect(page.get_by_label("The worry")).to_have_value("just in time")
    page.get_by_label("The worry").fill("and a word more")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_nothing_the_server_has_stays_on_the_device(phone):
    page = phone.open()
    page.get_by_label("The worry").fill("mine alone")
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    page.reload(wait_until="networkidle")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('rapport:draft:'))") == []


def test_two_windows_that_differ_are_shown_both_texts(phone):
    first = phone.open()
    second = first.context.new_page()
    second.goto(first.url)
    second.get_by_label("The worry").fill("from the second")
    expect(second.locator("[data-saved]")).to_contain_text("Saved")
    first.get_by_label("The worry").fill("from the first")
    expect(first.get_by_role("alert")).to_contain_text("from the second")
    assert_accessible(first)
    first.get_by_role("button", name="Keep what I wrote here").click()
    expect(first.locator("[data-saved]")).to_contain_text("Saved")
    assert phone.stored() == ["from the first"]


def test_by_keyboard_alone_to_the_end(phone):
    page = phone.open()
    page.get_by_label("The worry").press_sequentially("rain")
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_role("slider").press("ArrowRight")
    page.get_by_label("The worst ending").press("Space")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("heading", name="Sent. Thank you.")).to_be_visible()
    expect(page.get_by_text("The worst ending")).to_be_visible()
    assert_accessible(page)


def test_nothing_scrolls_sideways_at_320_pixels(phone):
    phone.page.set_viewport_size({"width": 320, "height": 640})
    page = phone.open(2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

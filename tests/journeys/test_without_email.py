"""A client without an e-mail: made, let in by a code on the therapist's screen, and back again in two ways."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from clients.models import Client
from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.homework.sheets import make_assignment
from tests.live import Live
from tests.people import World, make_world
from tests.signing_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
BUSY = 30_000  # milliseconds: the machine may be
NEW = "a small boat at sea"


@dataclass
class Story:
    """Noor at her desk, Pip with a phone."""

    world: World
    desk: Page
    phone: Page

    def noor_adds_pip(self) -> None:
        self.desk.goto("/desk/clients/new/")
        self.desk.get_by_label("Name", exact=True).fill("Pip Marsh")
        self.desk.get_by_role("button", name="Add", exact=True).click()
        self.desk.get_by_role("link", name="Record").click()
        expect(self.desk.get_by_text("none: told in the app only")).to_be_visible()
        self.desk.get_by_role("link", name="Show a code in the room").click()

    def noor_shows_a_code(self) -> str:
        """Press the button and read the eight characters off the screen."""
        self.desk.get_by_role("button", name="Show a code").or_(
            self.desk.get_by_role("button", name="New code")
        ).click()
        expect(self.desk.locator("svg.qr")).to_be_visible()
        assert_accessible(self.desk)
        return str(self.desk.locator(".room-signs").get_attribute("aria-label"))

    def pip_types_it_and_comes_in(self, code: str) -> None:
        self.phone.goto("/in/")
        assert_accessible(self.phone)
        self.phone.get_by_label("Code").fill(code.lower())
        self.phone.get_by_role("button", name="Go on").click()
        expect(self.desk.locator("#room-state")).to_contain_text("Opened")
        self.phone.get_by_role("button", name="Come in").click()
        expect(self.desk.locator("#room-state")).to_contain_text("Joined")
        expect(self.desk.locator(".room-code")).to_be_hidden()

    def pip_agrees_and_says_how_to_come_back(self) -> str:
        """Return the sign-in name."""
        self.phone.get_by_text("Yes, I agree").click()
        self.phone.get_by_role("button", name="Go on").click()
        expect(self.phone.get_by_role("heading", name="How will you come back?")).to_be_visible()
        assert_accessible(self.phone)
        self.phone.get_by_label("Password", exact=True).fill(NEW)
        self.phone.get_by_label("Once more").fill(NEW)
        name = self.phone.locator(".note strong").inner_text()
        self.phone.get_by_role("button", name="Set this password").click()
        expect(self.phone.get_by_text("Your password is set").first).to_be_visible()
        return name

    def pip_finds_homework(self) -> None:
        with self.world.scope():
            pip = Client.objects.select_related("practice", "user", "therapist").get(name="Pip Marsh")
        make_assignment(pip, datetime.now(UTC))
        self.phone.goto("/")
        expect(self.phone.get_by_text("When a worry knocks").first).to_be_visible()

    def pip_signs_out(self) -> None:
        self.phone.goto("/accounts/logout/")
        self.phone.get_by_role("button", name="Sign out").click()
        self.phone.wait_for_url("**/accounts/login/**")

    def pip_comes_back_by_password(self, name: str) -> None:
        self.phone.goto("/accounts/login/")
        self.phone.get_by_label("E-mail or sign-in name").fill(name)
        self.phone.get_by_label("Password").fill(NEW)
        self.phone.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.phone.get_by_text("When a worry knocks").first).to_be_visible()


@pytest.fixture
def story(live: Live, new_context: Callable[..., BrowserContext]) -> Story:
    world = make_world()
    desk = new_context(viewport=DESKTOP, base_url=live.url)
    phone = new_context(viewport=PHONE, base_url=live.url)
    for context in (desk, phone):
        context.set_default_timeout(BUSY)
    sign_in(desk, world.therapist)
    return Story(world, desk.new_page(), phone.new_page())


def test_client_without_an_email_comes_in_and_comes_back(story):
    story.noor_adds_pip()
    story.pip_types_it_and_comes_in(story.noor_shows_a_code())
    name = story.pip_agrees_and_says_how_to_come_back()
    story.pip_finds_homework()
    story.pip_signs_out()
    story.pip_types_it_and_comes_in(story.noor_shows_a_code())
    expect(story.phone.get_by_text("When a worry knocks").first).to_be_visible()
    story.pip_signs_out()
    story.pip_comes_back_by_password(name)

"""Who gets in, in a real browser: a passkey as the only factor, for staff and for clients; a lost phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from practice.accounts.second_factors import factors_of
from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.live import Live
from tests.people import PASSWORD, World, code_of, give_app, make_world
from tests.signing_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
BUSY = 30_000  # milliseconds: the machine may be
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def world(live_database: str) -> World:
    return make_world()


@pytest.fixture
def opened(live: Live, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Opens a browser of one person: a desktop, or a phone."""

    def make(size: Any = DESKTOP) -> Page:
        context = new_context(viewport=size, base_url=live.url)
        context.set_default_timeout(BUSY)
        return context.new_page()

    return make


def with_finger(page: Page) -> Page:
    """Give the browser a device that makes passkeys at a touch."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
    return page


def enter_by_password(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def enter_by_passkey(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()


def make_passkey(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    assert_accessible(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Keep these somewhere safe")).to_be_visible(timeout=BUSY)
    assert_accessible(page)
    page.get_by_role("button", name="I have kept them").click()


def test_new_therapist_sets_up_a_passkey_and_needs_nothing_else(world, opened):
    page = with_finger(opened())
    enter_by_password(page, world.therapist.email)
    page.get_by_role("link", name="Use a passkey").click()
    make_passkey(page, "Work laptop")
    expect(page.get_by_text("Needs attention").first).to_be_visible(timeout=BUSY)
    sign_out(page)
    enter_by_passkey(page)
    expect(page.get_by_text("Needs attention").first).to_be_visible(timeout=BUSY)
    assert "/desk/" in page.url


def test_client_signs_in_by_a_touch(world, opened, live):
    page = with_finger(opened(PHONE))
    sign_in(page.context, world.client.user, live.url, fresh=False)
    page.goto("/me/")
    page.get_by_role("link", name="Look and change").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible(timeout=BUSY)
    assert_accessible(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    make_passkey(page, "My phone")
    expect(page.get_by_text("My phone")).to_be_visible(timeout=BUSY)
    sign_out(page)
    enter_by_passkey(page)
    expect(page.get_by_role("heading", name="Sam")).to_be_visible(timeout=BUSY)
    factors = factors_of(world.client.user)
    assert factors.passkeys[0].last_used_at is not None


def test_strange_passkey_is_told_calmly(world, opened):
    page = with_finger(opened(PHONE))
    enter_by_passkey(page)
    expect(page.get_by_text("The passkey did not answer.")).to_be_visible(timeout=BUSY)
    assert_accessible(page)


def test_lost_phone(world, opened, live):
    old = give_app(world.therapist)
    code = factors_of(world.therapist).codes.wrap().get_unused_codes()[3]
    laptop, phone = opened(), opened(PHONE)
    enter_by_password(phone, world.therapist.email)
    phone.get_by_label("Code from your app").fill(code_of(old))
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_text("Needs attention").first).to_be_visible(timeout=BUSY)

    enter_by_password(laptop, world.therapist.email)  # the phone is gone: a recovery code
    laptop.get_by_label("Code from your app").fill(code)
    laptop.get_by_role("button", name="Sign in", exact=True).click()
    laptop.wait_for_url("**/desk/**")
    laptop.goto("/desk/me/")
    laptop.get_by_role("link", name="Signing in").click()
    expect(laptop.get_by_text("You have 9 codes left.")).to_be_visible(timeout=BUSY)
    assert_accessible(laptop)
    laptop.get_by_role("button", name="Sign out everywhere else").click()
    expect(laptop.get_by_text("You are signed in here and nowhere else.")).to_be_visible(timeout=BUSY)
    phone.wait_for_url("**/accounts/login/**", timeout=BUSY)  # its open page noticed by itself

    laptop.get_by_role("link", name="Use another app").click()
    new = laptop.locator(".secret").inner_text().replace(" ", "")
    assert_accessible(laptop)
    laptop.get_by_label("Code that the app shows now").fill(code_of(new))
    laptop.get_by_role("button", name="Use this app").click()
    laptop.wait_for_url("**/accounts/security/**")
    enter_by_password(phone, world.therapist.email)
    phone.get_by_label("Code from your app").fill(code_of(old, later=1))
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_text("That code doesn't fit").first).to_be_visible(timeout=BUSY)
    phone.get_by_label("Code from your app").fill(code_of(new, later=1))
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_text("Needs attention").first).to_be_visible(timeout=BUSY)

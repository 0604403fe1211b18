"""Another e-mail address, in real browsers: the therapist adds one, its owner confirms it and later takes another."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from practice.notifications.models import Notification
from practice.people.models import User
from practice.tenancy import every_practice
from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.live import Live
from tests.people import PASSWORD, World, make_world
from tests.permissions.clients import without_email
from tests.signing_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]
BUSY = 30_000  # milliseconds: the machine may be


@pytest.fixture
def world(live_database: str) -> World:
    return make_world()


@pytest.fixture
def opened(live: Live, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Opens a browser of one person, signed in a moment ago."""

    def make(who: User, size: Any) -> Page:
        context = new_context(viewport=size, base_url=live.url)
        context.set_default_timeout(BUSY)
        sign_in(context, who, live.url)
        return context.new_page()

    return make


def mail_about(user: User, kind: int) -> dict[str, str]:
    """The newest sealed mail of this kind about someone."""
    with every_practice("the outbox"):
        row = Notification.objects.filter(user=user, kind=kind, payload__isnull=False).latest("pk")
        mail: dict[str, str] = json.loads(row.payload or "")
        return mail


def link_in(mail: dict[str, str]) -> str:
    """The path of its link."""
    found = re.search(r"/(accounts/security/email|invitation)/[^/\s]+/", mail["text"])
    assert found is not None
    return found[0]


def test_client_takes_another_address_and_signs_in_with_it(world, opened):
    phone = opened(world.client.user, PHONE)
    phone.goto("/me/")
    phone.get_by_role("link", name="Look and change").click()
    phone.get_by_role("link", name="Use another address").click()
    assert_accessible(phone)
    phone.get_by_label("New e-mail address").fill("sam@new.example")
    phone.get_by_role("button", name="Mail me the link").click()
    expect(phone.get_by_text("on their way to sam@new.example")).to_be_visible()
    assert_accessible(phone)
    phone.goto(link_in(mail_about(world.client.user, 6)))
    assert_accessible(phone)
    phone.get_by_role("button", name="Use this address").click()
    expect(phone.get_by_text("You sign in with the new address from now on.")).to_be_visible()
    assert mail_about(world.client.user, 4)["to"] == "sam.dorn@elm.example"
    phone.goto("/accounts/logout/")
    phone.get_by_role("button", name="Sign out").click()
    phone.get_by_label("E-mail or sign-in name").fill("sam@new.example")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in", exact=True).click()
    expect(phone.get_by_role("heading", name="Sam")).to_be_visible()


def test_therapist_adds_an_address_and_the_client_comes_in_by_it(world, opened, live, new_context):
    pip = without_email(world)
    desk = opened(world.therapist, DESKTOP)
    desk.goto(f"/desk/clients/{pip.pk}/record/")
    desk.get_by_role("link", name="Add an address").click()
    assert_accessible(desk)
    desk.get_by_label("E-mail").fill("pip@new.example")
    desk.get_by_role("button", name="Save and invite").click()
    expect(desk.get_by_text("The invitation is on its way to pip@new.example.")).to_be_visible()
    phone = new_context(viewport=PHONE, base_url=live.url).new_page()
    phone.goto(link_in(mail_about(pip.user, 10)))
    phone.get_by_role("button", name="Come in").click()
    expect(phone.get_by_text("Yes, I agree").first).to_be_visible(timeout=BUSY)

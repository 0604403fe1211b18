"""The first hour of a new practice: one command, a link, a second factor, the checklist, a colleague, a client."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.live import Live
from tests.people import code_of

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.timeout(600)]
BUSY = 30_000  # milliseconds: the machine may be
NEW = "a quiet lane at noon"
STARTED = {
    "name": "Linden Yard", "zone": "Europe/Berlin", "country": "DE",
    "admin_name": "Mia Kern", "admin_email": "mia@linden.example",
}  # fmt: skip


@dataclass
class Story:
    """Who does what, in order; each step is one method."""

    live: Live
    new_context: Callable[..., BrowserContext]
    pages: dict[str, Page] = field(default_factory=dict)

    def page_of(self, who: str, size: dict[str, int] = DESKTOP) -> Page:
        if who not in self.pages:
            context = self.new_context(viewport=size, base_url=self.live.url)
            context.set_default_timeout(BUSY)
            self.pages[who] = context.new_page()
        return self.pages[who]

    def link_mailed_to(self, address: str, part: str) -> str:
        """Return the link in the newest mail to someone, waited for."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for mail in reversed(self.live.mails()):
                found = re.search(rf"https?://\S*{part}\S*", text_of(mail))
                if address in mail["To"] and found:
                    return found.group()
            time.sleep(0.2)
        raise AssertionError(self.live.logs())

    def joins(self, who: str, address: str) -> Page:
        """Open the mailed link, choose a password, set up an app, keep the codes; end at the desk."""
        page = self.page_of(who)
        page.goto(self.link_mailed_to(address, "/join/"))
        assert_accessible(page)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("Password", exact=True).fill(NEW)
        page.get_by_label("Once more").fill(NEW)
        assert_accessible(page)
        page.get_by_role("button", name="Join").click()
        page.get_by_role("link", name="Set up an authenticator app").click()
        secret = page.locator(".secret code").inner_text().replace(" ", "")
        page.locator("#id_code").fill(code_of(secret))
        page.get_by_role("button", name="Use this app").click()
        page.get_by_role("button", name="I have kept them").click()
        page.wait_for_url("**/desk/")
        return page

    def step(self, words: str) -> Page:
        """Follow a step of the checklist from Today."""
        page = self.page_of("mia")
        page.goto("/desk/")
        page.locator("#setup").get_by_role("link", name=words).click()
        return page

    def mia_works_through_the_list(self) -> None:
        page = self.page_of("mia")
        expect(page.locator("#setup")).to_contain_text("Set up your practice")
        assert_accessible(page)
        page = self.step("Say who you are")
        page.get_by_label("Telephone").fill("030 123456")
        page.get_by_role("button", name="Save").click()
        page = self.step("Confirm the crisis lines")
        page.get_by_text("Somebody of us has called these lines").click()
        page.get_by_role("button", name="Save").click()
        page = self.step("Read what clients agree to")
        page.get_by_role("button", name="I have read them").click()
        page = self.step("Say when you work")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.").first).to_be_visible()

    def mia_invites_nora(self) -> None:
        page = self.step("Invite a therapist")
        page.get_by_label("Name").fill("Nora Lund")
        page.get_by_label("E-mail").fill("nora@linden.example")
        page.get_by_role("button", name="Send the invitation").click()
        expect(page.get_by_text("Nora Lund").first).to_be_visible()
        assert_accessible(page)

    def nora_invites_a_client(self) -> None:
        page = self.page_of("nora")
        expect(page.locator("#setup")).to_have_count(0)
        page.goto("/desk/clients/new/")
        page.get_by_label("Name", exact=True).fill("Robin Falk")
        page.get_by_label("E-mail").fill("robin@falk.example")
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_text("is added").first).to_be_visible()

    def robin_comes_in_and_agrees(self) -> None:
        page = self.page_of("robin", PHONE)
        page.goto(self.link_mailed_to("robin@falk.example", "/invitation/"))
        page.get_by_role("button", name="Come in").click()
        page.get_by_text("Yes, I agree").click()
        page.get_by_text("Yes, tell me by e-mail").click()
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"{self.live.url}/")

    def the_list_is_gone(self) -> None:
        page = self.page_of("mia")
        page.goto("/desk/")
        expect(page.get_by_text("Needs attention").first).to_be_visible()
        expect(page.locator("#setup")).to_have_count(0)
        page.goto("/desk/people/")
        expect(page.get_by_text("Works here")).to_have_count(2)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


def test_first_hour_of_a_new_practice(live, new_context, settings):
    settings.DEMO, settings.MAIL_CONFIGURED = False, True
    live.start("mail", "engine", "worker", "beat")
    call_command("start_practice", **STARTED)
    story = Story(live, new_context)
    story.joins("mia", "mia@linden.example")
    story.mia_works_through_the_list()
    story.mia_invites_nora()
    story.joins("nora", "nora@linden.example")
    story.nora_invites_a_client()
    story.robin_comes_in_and_agrees()
    story.the_list_is_gone()

"""The whole main job, on the real thing: built, published, scheduled, sent by itself, mailed, done on a phone, read,
answered, talked about, and the session rated by both."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from clients.models import Appointment, AppointmentStatus
from homework.models import Assignment, AssignmentStatus
from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.live import Live
from tests.people import PASSWORD, World, code_of, give_app, make_world

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
BUSY = 30_000  # milliseconds: the machine may be
ZONES = ("Europe/Berlin", "America/New_York", "America/Los_Angeles", "Pacific/Auckland", "Asia/Tokyo")
BLOCKED = "window.WebSocket = class { constructor() { throw new Error('blocked by the network'); } };"


def zone_in_daylight() -> str:
    """Return a zone where nobody sleeps now, so that no quiet hours hold a mail back."""
    return next(zone for zone in ZONES if 9 <= datetime.now(ZoneInfo(zone)).hour < 18)


@dataclass
class Story:
    """Who does what, in order; each step is one method."""

    live: Live
    world: World
    desk: Page
    new_context: Callable[..., BrowserContext]
    phone: Page | None = None

    @property
    def client_page(self) -> Page:
        assert self.phone is not None
        return self.phone

    def mails(self, word: str) -> list[EmailMessage]:
        """Return the client's mails whose text has the word."""
        mine = [mail for mail in self.live.mails() if self.world.client.user.email in mail["To"]]
        return [mail for mail in mine if word in text_of(mail)]

    def mail_with(self, word: str, seconds: float = 60) -> EmailMessage:
        """Return the newest such mail, waited for."""
        deadline = time.monotonic() + seconds
        while not self.mails(word) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert self.mails(word), self.live.logs()
        return self.mails(word)[-1]

    def therapist_signs_in(self) -> None:
        secret = give_app(self.world.therapist)
        self.desk.goto("/desk/")
        self.desk.get_by_label("E-mail").fill(self.world.therapist.email)
        self.desk.get_by_label("Password").fill(PASSWORD)
        self.desk.get_by_role("button", name="Sign in", exact=True).click()
        self.desk.get_by_label("Code from your app").fill(code_of(secret))
        self.desk.get_by_role("button", name="Sign in").click()
        expect(self.desk.get_by_text("Needs attention").first).to_be_visible(timeout=BUSY)

    def builds_and_publishes(self) -> None:
        page = self.desk
        page.goto("/desk/library/")
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="New activity").first.click()
        page.get_by_label("Title").fill("When a worry knocks")
        page.get_by_role("button", name="Start building").click()
        page.wait_for_url("**/edit/**")
        page.wait_for_load_state("networkidle")
        page.get_by_label("Title of page 1").fill("What did the worry say?")
        page.get_by_role("button", name="Written answer").last.click()
        page.get_by_label("Question", exact=True).fill("The worry")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Slider").first.click()
        expect(page.get_by_label("The low end says")).to_be_visible(timeout=BUSY)
        page.get_by_label("Question", exact=True).fill("How strongly did you believe it?")
        page.get_by_label("The low end says").fill("not at all")
        page.get_by_label("The high end says").fill("completely")
        expect(page.locator("#draft-saved")).to_contain_text("Saved", timeout=BUSY)
        expect(page.frame_locator("[data-phone]").get_by_text("The worry").first).to_be_visible(timeout=BUSY)
        assert_accessible(page)
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("Version 1 is published and can be sent.")).to_be_visible(timeout=BUSY)

    def schedules_a_minute_ahead(self) -> None:
        """Send it at the next full minute on the client's clock."""
        page, at = self.desk, datetime.now(ZoneInfo(self.world.client.zone)) + timedelta(seconds=75)
        at = at.replace(second=0, microsecond=0)
        page.goto("/desk/library/send/")
        choice = page.locator("#id_activity option", has_text="When a worry knocks")
        page.get_by_label("Activity").select_option(choice.get_attribute("value"))
        page.get_by_text(self.world.client.name).click()
        page.get_by_text("At a time").click()
        page.get_by_label("Date", exact=True).fill(at.strftime("%Y-%m-%d"))
        page.get_by_label("Time", exact=True).fill(at.strftime("%H:%M"))
        page.locator("main form").get_by_role("button", name=re.compile("^Send")).click()
        expect(page.get_by_text("is planned for Sam")).to_be_visible(timeout=BUSY)

    def the_time_comes_near(self) -> datetime:
        """Put the row's moment forward to three seconds from now, so that nobody watches a minute go by."""
        soon = datetime.now(UTC) + timedelta(seconds=3)
        with self.world.scope():
            Assignment.objects.filter(status=AssignmentStatus.SCHEDULED, send_at__gt=soon).update(send_at=soon)
            return Assignment.objects.get().send_at

    def the_mail_arrives(self, not_before: datetime) -> str:
        """Return where the mail leads; it says nothing of what is new."""
        mail = self.mail_with("Something new waits for you", seconds=150)
        assert datetime.now(UTC) >= not_before
        assert "worry" not in mail.as_string().lower()
        return link_in(mail)

    def client_follows_it_and_signs_in_by_a_second_mail(self, link: str) -> None:
        context = self.new_context(viewport=PHONE, base_url=self.live.url)
        context.set_default_timeout(BUSY)
        self.phone = page = context.new_page()
        page.goto(link)
        page.get_by_role("link", name="Mail me a sign-in link").click()
        page.get_by_label("E-mail").fill(self.world.client.user.email)
        page.get_by_role("button", name="Mail me the link").click()
        page.goto(link_in(self.mail_with("/accounts/link/")))
        page.get_by_role("button", name="Sign in").first.click()
        expect(page.get_by_role("heading", name="When a worry knocks")).to_be_visible()
        assert_accessible(page)

    def client_does_it_with_a_reload_in_the_middle(self) -> None:
        page = self.client_page
        page.get_by_role("link", name="Start").first.click()
        page.wait_for_load_state("networkidle")
        page.get_by_label("The worry").fill("They will all see it")
        expect(page.locator("[data-saved]")).to_contain_text("Saved")
        page.reload(wait_until="networkidle")
        expect(page.get_by_label("The worry")).to_have_value("They will all see it")
        for _step in range(62):
            page.get_by_role("slider").press("ArrowRight")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Sent. Thank you.")).to_be_visible()

    def therapist_sees_it_without_reloading_and_comments(self) -> None:
        page = self.desk
        expect(page.get_by_text("They will all see it").first).to_be_visible(timeout=BUSY)
        page.get_by_role("link", name=re.compile("When a worry knocks")).first.click()
        page.get_by_label("Reply to Sam").fill("That was brave.")
        page.get_by_role("button", name="Send", exact=True).last.click()
        expect(page.get_by_text("That was brave.").first).to_be_visible()
        self.client_page.reload()
        expect(self.client_page.get_by_text("That was brave.")).to_be_visible()

    def both_chat(self, phone: Page, words: str) -> None:
        """The client writes, the therapist sees it on the open page and answers, the client sees that."""
        phone.goto("/messages/", wait_until="networkidle")
        self.desk.goto(f"/desk/clients/{self.world.client.pk}/messages/", wait_until="networkidle")
        write(phone, words)
        expect(self.desk.get_by_text(words).first).to_be_visible(timeout=BUSY)
        write(self.desk, f"I read: {words}")
        expect(phone.get_by_text(f"I read: {words}").first).to_be_visible(timeout=BUSY)

    def both_chat_with_sockets_blocked(self) -> None:
        context = self.new_context(
            viewport=PHONE, base_url=self.live.url, storage_state=self.client_page.context.storage_state()
        )
        context.add_init_script(BLOCKED)
        self.both_chat(context.new_page(), "Hello through a narrow door")

    def they_met(self) -> None:
        """An appointment that begins now; "we met" sends both the form on the client's list."""
        with self.world.scope():
            client = self.world.client
            client.forms = ["seq"]
            client.save(update_fields=["forms"])
            Appointment.objects.create(
                practice=self.world.practice,
                client=client,
                therapist=self.world.therapist,
                starts_at=datetime.now(UTC) - timedelta(minutes=55),
                zone=client.zone,
                status=AppointmentStatus.PLANNED,
                created_at=datetime.now(UTC),
            )
        self.desk.goto("/desk/")
        self.desk.get_by_role("button", name="We met").first.click()
        expect(self.desk.get_by_text("held").first).to_be_visible(timeout=BUSY)

    def both_rate_the_session_and_the_chart_shows_it(self) -> None:
        fill_the_form(self.client_page, "/", self.client_page.locator(".card.next a"), 6)
        fill_the_form(self.desk, "/desk/", self.desk.locator("a[href*='/desk/forms/']"), 5)
        self.desk.goto(f"/desk/clients/{self.world.client.pk}/alliance/")
        expect(self.desk.locator(".chart-svg").first).to_be_visible(timeout=BUSY)
        expect(self.desk.locator(".chart-key").first).to_contain_text("Sam")
        assert_accessible(self.desk)


def fill_the_form(page: Page, start: str, links: Locator, place: int) -> None:
    """Wait until the form has come by itself, then tick the same place of each pair."""
    link = links.first
    deadline = time.monotonic() + 60
    while True:
        page.goto(start)
        if link.count() or time.monotonic() > deadline:
            break
        page.wait_for_timeout(300)
    page.goto(str(link.get_attribute("href")), wait_until="networkidle")
    for pair in page.locator(".pair").all():
        pair.locator("label").nth(place - 1).click()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/done/", timeout=BUSY)


def write(page: Page, words: str) -> None:
    """Write a message; where the working day is over, now all the same."""
    now = page.locator("input[name=when][value=now]")
    if now.count():
        now.check()
    page.locator("#id_text").fill(words)
    page.locator("form[data-composer] button[type=submit]").click()
    expect(page.get_by_text(words).first).to_be_visible(timeout=BUSY)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"https?://\S+", text_of(mail))
    assert found, text_of(mail)
    return found.group()


@pytest.fixture
def story(live: Live, new_context: Callable[..., BrowserContext]) -> Story:
    world = make_world()
    with world.scope():
        world.client.zone = zone_in_daylight()
        world.client.save(update_fields=["zone"])
    live.start("mail", "engine", "worker", "beat")
    context = new_context(viewport=DESKTOP, base_url=live.url)
    context.set_default_timeout(BUSY)
    return Story(live, world, context.new_page(), new_context)


def test_the_main_job_from_building_to_the_chart(story):
    story.therapist_signs_in()
    story.builds_and_publishes()
    story.schedules_a_minute_ahead()
    link = story.the_mail_arrives(not_before=story.the_time_comes_near())
    story.client_follows_it_and_signs_in_by_a_second_mail(link)
    story.desk.goto("/desk/review/", wait_until="networkidle")
    story.client_does_it_with_a_reload_in_the_middle()
    story.therapist_sees_it_without_reloading_and_comments()
    story.both_chat(story.client_page, "Can we talk about Monday?")
    story.both_chat_with_sockets_blocked()
    story.they_met()
    story.both_rate_the_session_and_the_chart_shows_it()

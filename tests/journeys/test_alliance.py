"""Both rate a session: the client on a phone, the therapist at the desk; each looks only after giving their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from alliance.domain.sending_forms import send_forms
from alliance.models import Rating
from clients.models import AttentionItem
from homework.models import AssignmentStatus
from tests.alliance.homework import held, leave
from tests.alliance.test_rating import WEEK, sessions
from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.live import Live
from tests.people import World, make_world
from tests.signing_in import sign_in

pytestmark = pytest.mark.journey
PAIRS = 21


@dataclass
class Two:
    """The client's phone and the therapist's desk."""

    phone: Page
    desk: Page
    world: World

    def asked(self, form: str) -> dict[str, Rating]:
        """Note that they met just now; the form has reached both."""
        now = datetime.now(UTC) - timedelta(minutes=5)
        with self.world.scope():
            client = self.world.client
            client.forms = [form]
            client.save(update_fields=["forms"])
            appointment = held(self.world, number=20, at=now)
            made = {
                found.rater: found for found in send_forms(appointment=appointment, by=self.world.therapist, now=now)
            }
            for rating in made.values():
                assert leave(rating.assignment, now).status == AssignmentStatus.SENT
        return made

    def open(self, rating: Rating) -> Page:
        """Open a rating's form at its rater's door."""
        page, path = (self.phone, "/activities") if rating.rater == "client" else (self.desk, "/desk/forms")
        page.goto(f"{path}/{rating.assignment_id}/", wait_until="networkidle")
        return page


@pytest.fixture
def two(live: Live, new_context: Callable[..., BrowserContext]) -> Two:
    world = make_world()
    pages = []
    for who, size in ((world.client.user, PHONE), (world.therapist, DESKTOP)):
        context = new_context(viewport=size, base_url=live.url)
        sign_in(context, who)
        pages.append(context.new_page())
    return Two(*pages, world)


def fill_pairs(page: Page, place: int) -> None:
    for pair in page.locator(".pair").all():
        pair.locator(".rating label").nth(place - 1).click()


def test_both_complete_the_seq_and_the_chart_shows_it(two):
    asked = two.asked("seq")
    phone = two.open(asked["client"])
    expect(phone.locator(".pair")).to_have_count(PAIRS)
    assert_accessible(phone)
    fill_pairs(phone, 6)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="Sent. Thank you.")).to_be_visible()

    tab = f"/desk/clients/{two.world.client.pk}/alliance/"
    two.desk.goto(tab)
    expect(two.desk.locator("figure.chart")).to_have_count(0)
    desk = two.open(asked["therapist"])
    assert_accessible(desk)
    fill_pairs(desk, 4)
    desk.get_by_role("button", name="Send").click()
    expect(desk.locator(".form-answers")).to_be_visible()
    two.desk.goto(tab)
    expect(two.desk.locator("figure.chart")).to_have_count(4)
    expect(two.desk.locator(".chart-key").first).to_contain_text("Sam")
    assert_accessible(two.desk)

    two.phone.goto("/progress/")
    expect(two.phone.locator(".chart-key").first).to_contain_text("Noor")
    assert_accessible(two.phone)


def test_a_slider_starts_empty_and_one_may_be_passed_by(two):
    phone = two.open(two.asked("check-in")["client"])
    sliders = phone.get_by_role("slider")
    expect(sliders).to_have_count(6)
    expect(phone.locator(".range.is-empty")).to_have_count(6)
    for number in range(5):
        sliders.nth(number).press("End")
    phone.get_by_role("button", name="Rather not say").last.click()
    assert_accessible(phone)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="Sent. Thank you.")).to_be_visible()

    with two.world.scope():
        scores = Rating.objects.get(rater="client").scores
    assert (scores["scores"]["total"], scores["missing"]) == (10, [6])


def test_a_risk_answer_opens_the_help_in_the_page_and_tells_at_once(two):
    phone = two.open(two.asked("phq-9")["client"])
    expect(phone.get_by_text("tells Noor at once, even if you don’t finish")).to_be_visible()
    expect(phone.get_by_text("Thank you for saying so")).to_be_hidden()
    phone.locator("[data-risk]").get_by_text("On a few days").click()
    expect(phone.get_by_text("Thank you for saying so")).to_be_visible()
    expect(phone.get_by_text("Noor has been told.")).to_be_visible()
    assert_accessible(phone)
    with two.world.scope():
        assert AttentionItem.objects.filter(kind="risk").count() == 1

    two.desk.goto("/desk/")
    expect(two.desk.get_by_text("Risk answer").first).to_be_visible()
    two.phone.goto("/")
    expect(two.phone.get_by_text("Noor has been told.")).to_be_visible()
    assert_accessible(two.phone)


def test_rather_not_today(two):
    asked = two.asked("check-in")["client"]
    two.open(asked).get_by_role("link", name="I’d rather not today").click()
    assert_accessible(two.phone)
    two.phone.get_by_role("button", name="Leave it out").click()
    expect(two.phone.get_by_text("That is fine. Nothing was sent.")).to_be_visible()


def test_a_course_with_a_fall_on_both_pages(two):
    with two.world.scope():
        start = datetime.now(UTC) - 9 * WEEK
        world = World(**{**two.world.__dict__, "now": start})
        sessions(world, [6, 7, 7, 8, 7, 8, 7, 3, 6], [7, 7, 8, 7, 7, 7, 8, 7, 7])
    two.desk.goto(f"/desk/clients/{two.world.client.pk}/alliance/")
    expect(two.desk.get_by_text("marked fall after session 8")).to_be_visible()
    look_in_both_lights(two.desk)
    two.phone.goto("/progress/")
    expect(two.phone.get_by_text("a harder one")).to_be_visible()
    look_in_both_lights(two.phone)


def look_in_both_lights(page: Page) -> None:
    assert_accessible(page)
    page.emulate_media(color_scheme="dark")
    assert_accessible(page)

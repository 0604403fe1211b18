"""A therapist builds, publishes, puts in time and sends: by mouse and keyboard, offline, in two windows."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from homework.models import Activity, Assignment, Pathway
from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.homework.drafts import QUESTION, TEXT, content, make_draft, make_pathway, make_published
from tests.live import Live
from tests.people import World, make_world
from tests.signing_in import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
SOON = 45_000


@dataclass
class Desk:
    """The therapist's browser."""

    page: Page
    world: World

    def open(self, path: str) -> Page:
        self.page.goto(path, wait_until="networkidle")
        return self.page

    def blocks(self) -> list[str]:
        return self.page.locator("[data-block-title]").all_inner_texts()

    def saved(self) -> None:
        expect(self.page.locator("#draft-saved")).to_contain_text("Saved", timeout=SOON)

    def stored(self, activity: Activity) -> list[str]:
        """The ids of the stored draft's blocks."""
        with self.world.scope():
            draft = Activity.objects.get(pk=activity.pk).draft
        return [block["id"] for page in draft["pages"] for block in page["blocks"]]


@pytest.fixture
def desk(live: Live, new_context: Callable[..., BrowserContext]) -> Desk:
    world = make_world()
    context = new_context(viewport=DESKTOP, base_url=live.url)
    sign_in(context, world.therapist)
    return Desk(context.new_page(), world)


def edit(activity: Activity, query: str = "") -> str:
    return f"/desk/library/activities/{activity.pk}/edit/{query}"


def test_build_publish_and_send_to_two_clients(desk):
    page = desk.open("/desk/library/")
    assert_accessible(page)
    page.get_by_role("button", name="New activity").first.click()
    page.get_by_label("Title").fill("When a worry knocks")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Title of page 1").fill("Catch the worry")
    page.locator(".palette").get_by_role("button", name="Text", exact=True).click()
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("Write it the way it **sounded**.")
    page.locator(".palette").get_by_role("button", name="Slider").click()
    expect(page.get_by_label("Question")).to_be_focused()
    page.keyboard.type("How strongly did you believe it?")
    page.get_by_label("The low end says").fill("not at all")
    page.get_by_label("The high end says").fill("completely")
    desk.saved()
    expect(page.get_by_text("Nothing left to look at.")).to_be_visible()
    phone = page.frame_locator("[data-phone]")
    expect(phone.get_by_text("How strongly did you believe it?")).to_be_visible()
    expect(phone.locator("strong")).to_have_text("sounded")
    assert_accessible(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published and can be sent.")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Send").first.click()
    page.get_by_label("Sam Dorn").check()
    page.get_by_label("Lee Tan").check()
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("goes out to 2 clients")).to_be_visible()
    with desk.world.scope():
        assert Assignment.objects.count() == 2


def test_by_keyboard_alone_and_every_step_can_be_undone(desk):
    activity = make_draft(desk.world, body=content(TEXT, QUESTION))
    page = desk.open(edit(activity, "?page=p1"))
    page.get_by_role("button", name="What did the worry say?").press("Enter")
    expect(page.get_by_label("Question")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="What did the worry say?")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-block-title]").first).to_have_text("What did the worry say?")
    page.keyboard.press("Control+d")
    expect(page.get_by_label("Question")).to_be_focused()
    assert desk.blocks() == ["What did the worry say?", "What did the worry say? (copy)", "Hello"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="What did the worry say? (copy)")).to_be_focused()
    page.get_by_role("group", name=re.compile("worry say\\? \\(copy\\)")).get_by_role("button", name="Delete").press(
        "Enter"
    )
    expect(page.locator("[data-block-title]")).to_have_count(2)
    expect(page.get_by_text("“What did the worry say? (copy)” removed")).to_be_visible()
    page.get_by_role("button", name="Put it back").press("Enter")
    expect(page.locator("[data-block-title]")).to_have_count(3)
    page.get_by_role("button", name="Hello").focus()
    for left in (2, 2):
        page.keyboard.press("Control+z")
        expect(page.locator("[data-block-title]")).to_have_count(left)
    page.keyboard.press("Control+z")
    expect(page.locator("[data-block-title]").first).to_have_text("Hello")
    page.keyboard.press("Control+y")
    expect(page.locator("[data-block-title]").first).to_have_text("What did the worry say?")
    desk.saved()
    assert desk.stored(activity) == ["worry", "intro"]


def test_a_dropped_connection_loses_nothing_and_says_so(desk):
    activity = make_draft(desk.world)
    page = desk.open(edit(activity, "?page=p1&block=worry"))
    page.context.set_offline(True)
    page.get_by_label("Question").fill("Typed in a tunnel?")
    expect(page.locator("#draft-saved")).to_contain_text("Not saved yet", timeout=SOON)
    page.context.set_offline(False)
    desk.saved()
    page.goto(page.url)
    expect(page.get_by_label("Question")).to_have_value("Typed in a tunnel?")
    with desk.world.scope():
        blocks = Activity.objects.get(pk=activity.pk).draft["pages"][0]["blocks"]
    assert blocks[1]["label"] == "Typed in a tunnel?"


def test_two_windows_that_differ_are_shown_both_texts(desk):
    activity = make_draft(desk.world)
    first = desk.open(edit(activity, "?page=p1&block=worry"))
    second = first.context.new_page()
    second.goto(first.url, wait_until="networkidle")
    second.get_by_label("Question").fill("From the second?")
    expect(second.locator("#draft-saved")).to_contain_text("Saved", timeout=SOON)
    first.get_by_label("Question").fill("From the first?")
    dialog = first.get_by_role("dialog", name="Another draft was saved meanwhile")
    expect(dialog).to_contain_text("From the second?", timeout=SOON)
    expect(dialog).to_contain_text("From the first?")
    assert_accessible(first)
    dialog.get_by_role("button", name="Keep mine").click()
    desk.saved()
    with desk.world.scope():
        blocks = Activity.objects.get(pk=activity.pk).draft["pages"][0]["blocks"]
    assert blocks[1]["label"] == "From the first?"


def test_builder_on_a_phone_fits_and_is_accessible(desk):
    activity = make_draft(desk.world, body=content(TEXT, {**QUESTION, "label": ""}))
    desk.page.set_viewport_size(PHONE)
    for path in ("/desk/library/", edit(activity, "?page=p1&block=worry"), f"/desk/library/activities/{activity.pk}/"):
        page = desk.open(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert_accessible(page)


def test_pathway_is_built_dated_and_started(desk):
    make_published(desk.world)
    pathway = make_pathway(desk.world)
    page = desk.open(f"/desk/pathways/{pathway.pk}/edit/")
    expect(page.get_by_role("cell", name="until “When a worry knocks” is finished")).to_be_visible()
    page.get_by_role("button", name="Add a step").click()
    expect(page.locator(".step-row")).to_have_count(3)
    page.keyboard.press("Control+z")
    expect(page.locator(".step-row")).to_have_count(2)
    page.get_by_label("When step 2 is sent").select_option("every week")
    page.locator(".step-row").nth(1).get_by_label("Thu").check()
    page.get_by_label("How many times; empty: until the pathway ends").fill("3")
    expect(page.get_by_role("row", name=re.compile("number 3"))).to_be_visible(timeout=SOON)
    desk.saved()
    assert_accessible(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Every week on Mon, Thu, at 09:00, 3 times.")).to_be_visible()
    page.get_by_label("For", exact=True).select_option("Sam Dorn")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("row", name=re.compile("number 3"))).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Start for Sam").click()
    expect(page.get_by_role("heading", name="What comes")).to_be_visible()
    assert_accessible(page)
    with desk.world.scope():
        assert Pathway.objects.get(pk=pathway.pk).latest.number == 2
        assert Assignment.objects.count() == 4


def test_what_lies_ahead_is_moved_skipped_and_withdrawn(desk):
    activity = make_published(desk.world)
    page = desk.open(f"/desk/library/send/?activity={activity.pk}&client={desk.world.client.pk}")
    page.get_by_label("At a time").check()
    page.get_by_label("Date").fill("2100-03-01")
    page.get_by_label("Time", exact=True).fill("18:30")
    page.get_by_role("button", name="Send").click()
    page.locator(".homework-rows summary").first.click()
    page.get_by_role("link", name="Move").click()
    page.get_by_label("Date").fill("2100-03-08")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_text("Mon 8 Mar, 18:30")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Set this date").click()
    expect(page.get_by_text("Mon 8 Mar")).to_be_visible()
    page.locator(".homework-rows summary").first.click()
    page.get_by_role("link", name="Skip", exact=True).click()
    assert_accessible(page)
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_text("Nothing is planned.")).to_be_visible()


def test_signing_out_leaves_no_draft_in_the_browser(desk):
    activity = make_draft(desk.world)
    page = desk.open(edit(activity, "?page=p1&block=worry"))
    page.evaluate("localStorage.setItem('rapport:draft:1:2:worry', 'an answer that was not sent')")
    page.context.set_offline(True)
    page.get_by_label("Question").fill("Typed in a tunnel?")
    expect(page.locator("#draft-saved")).to_contain_text("Not saved yet", timeout=SOON)
    page.context.set_offline(False)
    page.goto("/accounts/logout/", wait_until="networkidle")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    kept = page.evaluate("Object.keys(localStorage).filter((key) => /^rapport[:-](draft|pathway)/.test(key))")
    assert kept == []

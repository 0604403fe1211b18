"""Every component on one page in a real browser: both shells, light and dark, both directions, five widths."""

import mimetypes
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.contrib.messages.constants import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import engines
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from practice.pages.charts import Band, Limit, Mark, Pin, Series, Zone, bar_chart, line_chart, sparkline
from tests.browser import assert_accessible

PAGES = Path(__file__).with_name("gallery")
HOST = "http://gallery.test"
POLICY = "default-src 'self'; img-src 'self' data:"
ALEX, YOU = [5.4, 5.6, 5.5, 5.9, 4.1, 4.9, 5.7], [5.2, 5.5, 5.8, 5.9, 6.0, 5.6, 5.8]

pytestmark = pytest.mark.journey


class Form(forms.Form):
    title = forms.CharField(help_text="Short and plain.")
    mail = forms.EmailField(label="E-mail", required=False)
    kind = forms.ChoiceField(choices=[("a", "Apples"), ("b", "Pears")])
    when = forms.ChoiceField(
        label="When may Noor see this?", choices=[("a", "Now"), ("b", "Later")], widget=forms.RadioSelect
    )
    shown = forms.BooleanField(label="Show when I have read", help_text="Both yes", required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


def entries(*names):
    icons = ("home", "people", "inbox", "chat", "cal", "book", "path", "chart", "edit")
    return [
        {"url": "#", "label": name, "icon": icon, "count": at * 2, "count_label": "open", "current": at == 0}
        for at, (name, icon) in enumerate(zip(names, icons, strict=False))
    ]


def context(door, rtl):
    client = Series("Alex", ALEX)
    therapist = Series("You", YOU, tone="plum", shape="diamond", dash="dots")
    weeks = [str(week) for week in range(1, 8)]
    return {
        "shell": f"{door}.html",
        "desk_nav": entries("Today", "Caseload", "To review", "Messages", "Calendar", "Library", "Pathways"),
        "portal_tabs": entries("Today", "Journey", "Messages", "Progress", "Me"),
        "engine_pulse": {"fine": door == "desk", "seconds": 4},
        "desk_me": {"name": "Noor Haddad", "url": "#"},
        "messages": [Message(SUCCESS, "Sent."), Message(ERROR, "Not sent. Try again.")],
        "tabs": entries("Overview", "Homework", "Messages", "Alliance", "Progress", "Goals"),
        "views": [{"url": "#", "label": "Waiting", "count": 5, "current": True}, {"url": "#", "label": "Answered"}],
        "crumbs": [{"url": "#", "label": "Library"}, {"label": "Worry"}],
        "pairs": [("a", "Roomy"), ("b", "Compact")],
        "paces": [("pause", "Pause"), ("slower", "Slower", "half speed"), ("asis", "As it is")],
        "numbers": range(1, 8),
        "at": datetime(2026, 11, 24, 9, 41, tzinfo=UTC),
        "form": Form({"mail": "nope"}),
        "page": Paginator(range(60), 20).page(2),
        "line": line_chart(
            id="line", title="How we work together", x_labels=weeks, series=[client, therapist], y_range=(1, 7),
            band=Band(5.2, 6.4, "usual range"), marks=[Mark(4, "a harder one", "talked over")], pins=[Pin(2.5, "A")],
            caption="It fell once, and came back.", rule="Rule: below 4.8.", x_title="Session", narrow=True, rtl=rtl,
        ),
        "zones": line_chart(
            id="zones", title="Low mood", x_labels=["3 Sep", "17 Sep", "1 Oct"],
            series=[Series("Points", [16, 12, 9], ends=True)],
            y_range=(0, 24), zones=[Zone(0, 9.9, "light"), Zone(10, 14.9, "medium"), Zone(15, 24, "heavy")],
            caption="From 16 to 9.", x_title="On", narrow=True, rtl=rtl,
        ),
        "bars": bar_chart(
            id="bars", title="Minutes a week", labels=["12", "19", "26"], values=[10, 8, 15], name="slower",
            ghost=[18, 30, 30], ghost_name="normal", limit=Limit(25, "25 minutes"), caption="It fits.",
            x_title="Week", rtl=rtl,
        ),
        "spark": sparkline(series=[client, therapist], y_range=(3, 7), band=(5.2, 6.4), label="5.7 and 5.8", rtl=rtl),
    }  # fmt: skip


def render(door, language):
    source = CottonCompiler().process((PAGES / "components.html").read_text())
    with translation.override(language):
        return engines["django"].from_string(source).render(context(door, rtl=language == "ar"))


def serve(page, html):
    """Answers the browser from the static files' own folders: no server, no other host."""

    def answer(route):
        path = route.request.url.removeprefix(HOST)
        if path == "/":
            route.fulfill(
                body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY}
            )
            return
        found = finders.find(path.removeprefix("/static/"))
        if not found:
            route.fulfill(status=404, body="")
            return
        route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(path)[0] or "font/woff2")

    page.route("**/*", answer)
    page.route_web_socket("**", lambda socket: None)  # opens, and stays silent


@pytest.fixture
def look(new_context):
    """Opens the gallery: `look("portal", "ar", dark=True, width=390)`; complaints of the console fail the test."""

    def opened(door, language="en", *, dark=False, width=1280):
        browser = new_context(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        page = browser.new_page()
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        serve(page, render(door, language))
        page.goto(f"{HOST}/")
        page.wait_for_selector(".slider.is-live")
        if folder := os.environ.get("GALLERY"):
            name = f"{door}-{language}-{'dark' if dark else 'light'}-{width}.png"
            page.screenshot(path=Path(folder) / name, full_page=True)
        return page

    return opened


def too_wide(page):
    return page.evaluate(
        "() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)"
        ".slice(0, 5).map(e => e.outerHTML.slice(0, 120))"
    )


# pairs of every two of shell, language and theme
@pytest.mark.parametrize(
    ("door", "language", "dark"),
    [("desk", "en", False), ("desk", "ar", True), ("portal", "en", True), ("portal", "ar", False)],
)
def test_every_component_is_accessible(look, door, language, dark):
    page = look(door, language, dark=dark)
    assert_accessible(page)
    assert page.complaints == []


@pytest.mark.parametrize(("door", "language"), [("desk", "en"), ("portal", "ar")])
def test_nothing_scrolls_sideways(look, door, language):
    page = look(door, language)
    for width in (320, 390, 640, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == [], f"at {width}"


def test_a_phone_sees_the_same_accessible_page(look):
    page = look("portal", width=390)
    assert_accessible(page)


def test_help_opens_in_one_tap_and_closes_by_key(look):
    page = look("portal", width=390)
    page.get_by_role("link", name="Help now").first.click()
    assert page.get_by_role("dialog", name="Good that you opened this").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible()


def test_a_slider_posts_nothing_until_it_is_touched(look):
    page = look("portal", width=390)
    number = page.locator("input[name=q2]")
    assert number.input_value() == ""
    page.locator("#q2-range").press("ArrowRight")
    assert number.input_value() == "6"


def test_rather_not_say_empties_the_answer_and_can_be_taken_back(look):
    page = look("portal", width=390)
    empty = page.locator(".slider", has=page.locator("input[name=q2]"))
    button = empty.get_by_role("button", name="Rather not say")
    button.click()
    assert page.locator("input[name=p2]").is_checked()
    assert page.locator("#q2-range").is_disabled()
    button.click()
    assert not page.locator("input[name=p2]").is_checked()


def test_a_key_opens_the_dialog_but_not_while_someone_types(look):
    page = look("desk")
    page.locator("input[name=who]").press("a")
    assert not page.locator("#assign").is_visible()
    page.locator("h1").click()
    page.keyboard.press("a")
    page.get_by_role("dialog", name="Assign an activity").wait_for()


def test_the_menu_of_a_phone_opens_and_gives_the_focus_back(look):
    page = look("desk", width=390)
    opener = page.locator("[data-side-open]")
    opener.click()
    assert page.get_by_role("link", name="To review").is_visible()
    page.keyboard.press("Escape")
    assert opener.evaluate("element => element === document.activeElement")


def test_without_script_a_number_is_asked_instead_of_a_slider(new_context):
    page = new_context(java_script_enabled=False).new_page()
    serve(page, render("portal", "en"))
    page.goto(f"{HOST}/")
    assert page.locator("input[name=q2]").is_visible()
    assert not page.locator("#q2-range").is_visible()


def test_paper_shows_the_page_without_bars(look):
    page = look("desk")
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible()
    assert page.locator("h1").is_visible()

"""The checklist of a new practice: each step is judged from what is there, and it goes when all is done."""

import pytest

from clients.domain.consenting import publish_text
from clients.domain.inviting import invite
from practice.accounts.founding import found_practice, take_on
from practice.accounts.inviting import invite_member, withdraw_invitation
from practice.accounts.setting_up import CannotSay, say, steps_of
from practice.notifications.models import Notification, NotificationStatus
from practice.people.models import Practice, Role
from practice.permissions.seats import DESK, find_seat
from practice.tenancy import scope
from tests.people import NOW, PASSWORD, make_client
from tests.people import make_staff as staff

pytestmark = pytest.mark.django_db
DETAILS = {"name": "Linden Yard", "phone": "030 1234", "country": "DE", "zone": "Europe/Berlin", "language": "en"}
HOURS = {"mo": "09:00-12:00", "reply_days": "1", "zone": "Europe/Berlin", "language": "en"}


@pytest.fixture
def mia(world):
    """The first admin of a new practice, alone in it."""
    practice = found_practice(name="Linden Yard", now=NOW, country="DE", zone="Europe/Berlin")
    roles = [Role.ADMIN, Role.THERAPIST]
    return take_on(
        practice=practice, email="mia@linden.example", name="Mia Kern", roles=roles, password=PASSWORD, now=NOW
    ).user


def done(user):
    """Which steps are done, as the database has it now."""
    seat = find_seat(user=user, door=DESK, wanted=None)
    with scope(practice=seat.practice):
        return {step["key"] for step in steps_of(seat) if step["done"]} - {"factor"}


def practice_of(user):
    """The person's practice, fresh."""
    return Practice.objects.get(pk=find_seat(user=user, door=DESK, wanted=None).practice.pk)


def test_nothing_is_done_in_a_new_practice(mia):
    assert done(mia) == set()


def test_details_and_hours_are_done_on_their_pages(world, mia):
    browser = world.as_(mia)
    browser.post("/desk/practice/", DETAILS)
    browser.post("/desk/me/", HOURS)
    assert done(mia) == {"details", "hours"}


def test_crisis_lines_are_confirmed_for_the_country_and_asked_again_for_another(world, mia):
    browser = world.as_(mia)
    browser.post("/desk/practice/crisis-lines/", {"checked": "on"})
    assert done(mia) == {"crisis"}
    browser.post("/desk/practice/", DETAILS | {"country": "NL"})
    assert done(mia) == {"details"}


def test_country_without_a_list_asks_for_lines_of_ones_own(world, mia):
    browser = world.as_(mia)
    browser.post("/desk/practice/", DETAILS | {"country": "FR"})
    page = browser.get("/desk/practice/crisis-lines/").content.decode()
    assert 'name="checked"' not in page
    browser.post("/desk/practice/crisis-lines/", {"name1": "Night line", "number1": "0800 1", "when1": "at night"})
    assert "crisis" in done(mia)
    assert practice_of(mia).settings["crisis_lines"] == [{"name": "Night line", "number": "0800 1", "when": "at night"}]


def test_texts_count_as_read_until_there_is_a_newer_version(world, mia):
    world.as_(mia).post("/desk/practice/consents/")
    assert done(mia) == {"consents"}
    publish_text(practice=practice_of(mia), kind="treatment", language="en", body="Ours.", now=NOW)
    assert done(mia) == set()


def test_colleague_counts_while_invited_and_alone_counts_when_said(mia):
    practice = practice_of(mia)
    made, _path = invite_member(
        practice=practice, email="n@linden.example", name="N", roles=[Role.THERAPIST], by=mia, now=NOW
    )
    seen = [done(mia)]
    withdraw_invitation(invitation=made, by=mia, now=NOW)
    seen.append(done(mia))
    say(practice=practice, key="alone", by=mia, now=NOW)
    assert [*seen, done(mia)] == [{"colleagues"}, set(), {"colleagues"}]


def test_first_client_and_mail_count_when_invited_and_taken_by_the_server(mia):
    practice = practice_of(mia)
    client = make_client(practice, "Sam New", mia, ready=False)
    invite(client=client, by=mia, now=NOW)
    assert done(mia) == {"client"}
    with scope(practice=practice):
        Notification.objects.update(status=NotificationStatus.ACCEPTED)
    assert done(mia) == {"client", "mail"}


def test_test_mail_says_what_became_of_it(world, mia):
    browser = world.as_(mia)
    browser.post("/desk/practice/mail/")
    assert "On its way" in browser.get("/desk/practice/mail/").content.decode()
    with scope(practice=practice_of(mia)):
        Notification.objects.update(status=NotificationStatus.DEAD, last_error="dead 554")
    page = browser.get("/desk/practice/mail/").content.decode()
    assert "refused it" in page
    assert "dead 554" in page


def test_card_stands_on_today_until_put_away(world, mia):
    browser = world.as_(mia)
    assert "Set up your practice" in browser.get("/desk/").content.decode()
    assert browser.post("/desk/setup/", {"say": "hidden"})["Location"] == "/desk/"
    assert "Set up your practice" not in browser.get("/desk/").content.decode()


def test_card_goes_for_good_when_everything_is_done(world, mia, monkeypatch):
    monkeypatch.setattr("practice.accounts.setting_up.steps_of", lambda seat: [{"done": True}])
    browser = world.as_(mia)
    assert "Set up your practice" not in browser.get("/desk/").content.decode()
    assert practice_of(mia).settings["setup"] == {"done": True}


def test_therapists_are_not_asked(world, mia):
    noor = staff(practice_of(mia), "Nora Lund", Role.THERAPIST)
    assert "Set up your practice" not in world.as_(noor).get("/desk/").content.decode()
    assert world.as_(noor).get("/desk/setup/").status_code == 404


def test_unknown_word_is_refused(world, mia):
    with pytest.raises(CannotSay):
        say(practice=practice_of(mia), key="done", by=mia, now=NOW)
    assert world.as_(mia).post("/desk/setup/", {"say": "rich"}).status_code == 404


def test_two_admins_who_say_things_at_once_keep_both(mia):
    one, two = practice_of(mia), practice_of(mia)
    say(practice=one, key="alone", by=mia, now=NOW)
    say(practice=two, key="hidden", by=mia, now=NOW)
    assert practice_of(mia).settings["setup"] == {"alone": True, "hidden": True}

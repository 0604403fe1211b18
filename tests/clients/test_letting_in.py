"""A code shown in the room: fifteen minutes, once; and everything for who has no e-mail."""

import re
from datetime import timedelta

import pytest

from clients.domain.adding import ClientDetails, add_client
from clients.domain.archiving import archive_client, restore_client
from clients.domain.letting_in import CannotEnter, CannotShow, come_in, find_code, show_code
from clients.models import Client, RoomCode
from clients.queries.room import code_state, shown
from practice.audit.models import AuditEvent
from practice.notifications.models import Channel, UserChannel
from practice.people.models import User
from tests.people import NOW, make_client

MINUTE = timedelta(minutes=1)
NEW = "a small boat at sea"


@pytest.fixture
def pip(world):
    """A client without an e-mail."""
    details = ClientDetails(name="Pip Marsh")
    return add_client(practice=world.practice, details=details, therapist=world.therapist, by=world.therapist, now=NOW)


def code_for(world, client, now=NOW):
    """The characters of a new code."""
    return show_code(client=client, by=world.therapist, now=now)[1]


def state(world, client, now=NOW):
    """How far the code came."""
    with world.scope():
        return code_state(client, now=now).key


def code_on(page):
    """The characters on the therapist's screen."""
    return "".join(re.search(r'class="room-signs num" aria-label="(\w+) (\w+)"', page.content.decode()).groups())


def test_code_lets_the_client_in_once(world, pip):
    code = code_for(world, pip)
    client = come_in(code=f" {code[:4].lower()}-{code[4:]} ", now=NOW)
    assert (client.joined_at, client.user.activated_at) == (NOW, NOW)
    with pytest.raises(CannotEnter):
        come_in(code=code, now=NOW)


def test_code_is_over_after_fifteen_minutes_and_when_a_newer_one_is_shown(world, pip):
    code = code_for(world, pip)
    assert find_code(code=code, now=NOW + 14 * MINUTE)
    with pytest.raises(CannotEnter):
        find_code(code=code, now=NOW + 15 * MINUTE)
    code_for(world, pip, now=NOW + MINUTE)
    with pytest.raises(CannotEnter):
        find_code(code=code, now=NOW + MINUTE)


def test_only_a_keyed_hash_of_the_code_is_kept(world, pip):
    code = code_for(world, pip)
    with world.scope():
        assert code not in RoomCode.objects.get().code_hash


def test_screen_follows_the_code(world, pip, client):
    seen = [state(world, pip)]
    code = code_on(world.as_(world.therapist).post(f"/desk/clients/{pip.pk}/room/"))
    with world.scope():
        at = RoomCode.objects.get().made_at
    seen.append(state(world, pip, at))
    client.get(f"/in/{code}/")
    seen.append(state(world, pip, at))
    client.post(f"/in/{code}/")
    seen += [state(world, pip, at), state(world, pip, at + timedelta(hours=1))]
    assert seen == ["none", "waiting", "opened", "in", "in"]


def test_picture_leads_to_the_short_address_and_has_no_style_of_its_own(settings, world):
    picture = shown("ABCD2345", expires_at=NOW)
    assert picture.address == settings.PUBLIC_URL.split("://")[1] + "/in/"
    assert picture.picture.startswith("<svg")
    assert "style" not in picture.picture


def test_new_code_signs_in_again_and_leaves_a_trace_that_the_client_sees(world, pip, client):
    come_in(code=code_for(world, pip), now=NOW)
    code = code_on(world.as_(world.therapist).post(f"/desk/clients/{pip.pk}/room/"))
    assert client.post(f"/in/{code}/")["Location"] == "/"
    with world.scope():
        verbs = list(
            AuditEvent.objects.filter(client_ref=pip.pk, verb__startswith="room").values_list("verb", flat=True)
        )
    assert sorted(verbs) == ["room_code_shown", "room_code_shown", "room_code_used", "room_code_used"]


def test_who_signs_in_by_mail_gets_no_code_that_the_therapist_could_use(world):
    with pytest.raises(CannotShow):
        code_for(world, world.client)


@pytest.mark.parametrize("restored", [False, True])
def test_who_came_in_by_a_code_comes_in_again_after_the_end(world, pip, client, restored):
    come_in(code=code_for(world, pip), now=NOW)
    archive_client(client=pip, by=world.therapist, now=NOW)
    if restored:
        restore_client(client=pip, by=world.therapist, now=NOW)
    record = world.as_(world.therapist).get(f"/desk/clients/{pip.pk}/record/").content.decode()
    assert "Show a code in the room" in record
    assert ("Our work has ended" in record) is not restored
    assert client.post(f"/in/{code_for_real(world, pip)}/")["Location"] == "/"
    assert client.get("/me/").status_code == 200


def test_who_never_came_in_gets_no_code_after_the_end(world, pip):
    archive_client(client=pip, by=world.therapist, now=NOW)
    with pytest.raises(CannotShow):
        code_for(world, pip)
    record = world.as_(world.therapist).get(f"/desk/clients/{pip.pk}/record/").content.decode()
    assert "Show a code in the room" not in record


def test_who_came_in_by_a_code_with_an_address_is_asked_to_confirm_it(world, client):
    ann = make_client(world.practice, "Ann Lee", world.therapist, ready=False)
    client.post(f"/in/{code_for_real(world, ann)}/")
    assert client.post("/welcome/", {"treatment": "yes", "messages": "no"})["Location"] == "/welcome/back/"
    assert "Confirm or correct it" in client.get("/welcome/back/").content.decode()
    assert f'value="{ann.user.email}"' in client.get("/accounts/security/email/").content.decode()
    assert code_for(world, ann)


def test_who_is_known_to_another_practice_gets_no_code(world):
    known = make_client(world.other_practice, "Ann Lee", world.outsider, ready=False)
    details = ClientDetails(name="Ann Lee", email=known.user.email)
    here = add_client(practice=world.practice, details=details, therapist=world.therapist, by=world.therapist, now=NOW)
    with pytest.raises(CannotShow):
        code_for(world, here)


def test_code_dies_when_the_address_becomes_known_elsewhere_meanwhile(world):
    ann = make_client(world.practice, "Ann Lee", world.therapist, ready=False)
    code = code_for(world, ann)
    details = ClientDetails(name="Ann Lee", email=ann.user.email)
    add_client(practice=world.other_practice, details=details, therapist=world.outsider, by=world.outsider, now=NOW)
    with pytest.raises(CannotEnter):
        come_in(code=code, now=NOW)


def test_two_people_without_an_address_are_two_people(world, pip):
    other = add_client(
        practice=world.practice, details=ClientDetails(name="Pip Marsh", email=" "), therapist=world.therapist,
        by=world.therapist, now=NOW,
    )  # fmt: skip
    assert (other.user.email, pip.user.email) == (None, None)
    assert other.user != pip.user


def test_client_without_an_address_is_told_in_the_app_only(world, pip):
    client = come_in(code=code_for(world, pip), now=NOW)
    assert set(UserChannel.objects.filter(user=client.user).values_list("channel", flat=True)) == {Channel.IN_APP}
    page = world.as_(world.therapist).get(f"/desk/clients/{pip.pk}/record/").content.decode()
    assert "told in the app only" in page
    assert "Send it again" not in page
    assert "Show a code in the room" in page


def test_first_visit_asks_one_question_and_how_to_come_back(world, pip, client):
    client.post(f"/in/{code_for_real(world, pip)}/")
    page = client.get("/welcome/").content.decode()
    assert 'name="treatment"' in page
    assert 'name="messages"' not in page
    assert client.post("/welcome/", {"treatment": "yes"})["Location"] == "/welcome/back/"
    assert client.get("/welcome/")["Location"] == "/me/"
    assert 'name="email"' not in client.get("/me/").content.decode()


def code_for_real(world, client):
    """A code on the therapist's screen by the wall clock."""
    return code_on(world.as_(world.therapist).post(f"/desk/clients/{client.pk}/room/"))


def test_password_and_sign_in_name_bring_them_back(world, pip, client):
    client.post(f"/in/{code_for_real(world, pip)}/")
    client.post("/welcome/", {"treatment": "yes"})
    assert client.post("/welcome/back/", {"password1": NEW, "password2": NEW})["Location"] == "/"
    name = User.objects.get(pk=pip.user_id).sign_in_name
    assert re.fullmatch(r"[a-z]+-\d{4}", name)
    client.post("/accounts/logout/")
    assert client.post("/accounts/login/", {"login": f" {name.upper()}", "password": NEW})["Location"] == "/"
    assert client.get("/me/").status_code == 200


def test_wrong_password_for_a_name_says_what_an_unknown_name_says(world, pip, client):
    come_in(code=code_for(world, pip), now=NOW)
    name = User.objects.get(pk=pip.user_id).sign_in_name
    answers = [client.post("/accounts/login/", {"login": login, "password": "x"}) for login in (name, "nobody-1234")]
    said = [answer.content.decode() for answer in answers]
    alerts = [re.findall(r'role="alert".*?</div>', words, re.DOTALL) for words in said]
    assert "Something needs mending" in alerts[0][0]
    assert alerts[0] == alerts[1]


def test_old_password_is_asked_for_later_but_not_right_after_coming_in(world, pip, client):
    client.post(f"/in/{code_for_real(world, pip)}/")
    client.post("/welcome/back/", {"password1": NEW, "password2": NEW})
    session = client.session
    session["confirmed"] -= 3600
    session.save()
    other = "quite another long one"
    assert client.post("/welcome/back/", {"password1": other, "password2": other}).status_code == 200
    fine = client.post("/welcome/back/", {"old_password": NEW, "password1": other, "password2": other})
    assert fine["Location"] == "/"


def test_first_password_of_who_signs_in_by_mail_needs_a_fresh_proof(world):
    """A stolen session would else come with a way in of its own, and shut its owner's devices out."""
    user = world.client.user
    user.set_unusable_password()
    user.save()
    browser = world.as_(world.client)
    session = browser.session
    session["confirmed"] -= 3600
    session.save()
    asked = "/accounts/security/confirm/?next=%2Fwelcome%2Fback%2F"
    assert browser.post("/welcome/back/", {"password1": NEW, "password2": NEW})["Location"] == asked
    assert browser.get("/welcome/back/")["Location"] == asked
    assert not User.objects.get(pk=user.pk).has_usable_password()


def test_who_has_no_other_way_chooses_a_first_password_whenever_they_like(world, pip, client):
    client.post(f"/in/{code_for_real(world, pip)}/")
    session = client.session
    session["confirmed"] -= 3600
    session.save()
    assert client.post("/welcome/back/", {"password1": NEW, "password2": NEW})["Location"] == "/"


def test_added_without_an_address_is_no_error_and_mails_nothing(world):
    words = {"name": "Pip", "language": "en", "country": "DE", "zone": "Europe/Berlin", "invite": "on"}
    answer = world.as_(world.therapist).post("/desk/clients/new/", words | {"therapist": world.therapist.pk})
    assert answer.status_code == 302
    with world.scope():
        assert Client.objects.get(name="Pip").user.email is None


def test_portal_stays_closed_until_they_joined_this_practice(world):
    details = ClientDetails(name="Sam Dorn", email=world.client.user.email)
    there = add_client(
        practice=world.other_practice, details=details, therapist=world.outsider, by=world.outsider, now=NOW
    )
    browser = world.as_(world.client)
    session = browser.session
    session["practice"] = there.practice_id
    session.save()
    page = browser.get("/me/").content.decode()
    assert "Noor Haddad" in page
    assert "Omar Said" not in page

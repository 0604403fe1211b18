"""Another e-mail address: asked for, confirmed at the new one, told at the old one."""

import json
import re
import time
from datetime import timedelta
from statistics import median

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.utils import timezone

from practice.accounts import changing_email as changing
from practice.accounts import evening
from practice.accounts.confirming import CONFIRMED
from practice.accounts.founding import give_seat
from practice.accounts.linking import request_link
from practice.accounts.models import EmailChange
from practice.audit.models import AuditEvent
from practice.notifications.models import Notification
from practice.people.models import Role, User
from practice.tenancy import every_practice
from tests.people import NOW, PASSWORD, give_app

ASK, SENT = "/accounts/security/email/", "/accounts/security/email/sent/"
NEW = "sam@new.example"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """Nobody has tried anything yet."""
    cache.clear()


def mails(user, kind="new_email"):
    """The sealed mails about this person, oldest first."""
    number = {"new_email": 6, "email_taken": 7, "security": 4}[kind]
    with every_practice("the outbox"):
        rows = Notification.objects.filter(user=user, kind=number, payload__isnull=False).order_by("pk")
        return [json.loads(row.payload) for row in rows]


def link_in(mail):
    """The link of a mail, as a path."""
    return re.search(r"/accounts/security/email/[^/\s]+/", mail["text"])[0]


def code_in(mail):
    """The code of a mail."""
    return re.search(r"\b(\d{6})\b", mail["text"])[1]


def ask(user, email=NEW, now=NOW):
    """Ask for an address; returns its mail."""
    changing.ask_for_email(user=user, email=email, by=user, now=now)
    return mails(user)[-1]


def token_in(mail):
    """The token of the link."""
    return link_in(mail).split("/")[-2]


def test_new_address_is_confirmed_by_the_link_while_signed_in(world):
    browser = world.as_(world.client)
    assert browser.post(ASK, {"email": f" {NEW.upper()} "})["Location"] == SENT
    mail = mails(world.client.user)[-1]
    assert mail["to"] == NEW
    assert browser.get(link_in(mail)).status_code == 200
    assert User.objects.get(pk=world.client.user_id).email == "sam.dorn@elm.example"
    assert browser.post(link_in(mail))["Location"] == "/accounts/security/"
    assert User.objects.get(pk=world.client.user_id).email == NEW
    assert browser.get("/me/").status_code == 200


def test_new_address_signs_in_and_the_old_one_no_longer(world, client):
    changing.confirm_by_link(user=world.client.user, token=token_in(ask(world.client.user)), now=NOW)
    old = client.post("/accounts/login/", {"login": "sam.dorn@elm.example", "password": PASSWORD})
    assert old.status_code == 200
    assert client.post("/accounts/login/", {"login": NEW, "password": PASSWORD})["Location"] == "/"
    assert request_link(email="sam.dorn@elm.example", next_path="", now=NOW) is None
    assert request_link(email=NEW, next_path="", now=NOW) is not None


def test_an_address_that_the_library_noted_opens_nothing_either(world, client):
    user = world.client.user
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    changing.confirm_by_link(user=user, token=token_in(ask(user)), now=NOW)
    assert client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 200


def test_code_confirms_where_it_was_asked(world):
    browser = world.as_(world.client)
    browser.post(ASK, {"email": NEW})
    assert browser.post(SENT, {"code": "x"}).status_code == 200
    assert browser.post(SENT, {"code": code_in(mails(world.client.user)[-1])})["Location"] == "/accounts/security/"
    assert User.objects.get(pk=world.client.user_id).email == NEW


def test_fifth_wrong_code_ends_the_code_and_leaves_the_link(world):
    mail = ask(world.client.user)
    for _ in range(5):
        with pytest.raises(changing.CannotConfirm):
            changing.confirm_by_code(user=world.client.user, code="x", now=NOW)
    with pytest.raises(changing.CannotConfirm):
        changing.confirm_by_code(user=world.client.user, code=code_in(mail), now=NOW)
    assert changing.confirm_by_link(user=world.client.user, token=token_in(mail), now=NOW).email == NEW


def test_old_address_is_told_and_not_what_the_new_one_is(world):
    changing.confirm_by_link(user=world.client.user, token=token_in(ask(world.client.user)), now=NOW)
    told = mails(world.client.user, "security")[-1]
    assert told["to"] == "sam.dorn@elm.example"
    assert "another e-mail address" in told["text"]
    assert NEW not in told["text"]
    assert "://" not in told["text"]


def test_asking_and_changing_stand_in_the_trail_without_the_address(world):
    changing.confirm_by_link(user=world.client.user, token=token_in(ask(world.client.user)), now=NOW)
    with world.scope():
        rows = list(
            AuditEvent.objects.filter(subject_ref=world.client.user_id, verb__startswith="email").order_by("pk")
        )
    assert [(row.verb, row.actor_id) for row in rows] == [
        ("email_asked", world.client.user_id),
        ("email_changed", world.client.user_id),
    ]
    assert [row.facts for row in rows] == [{}, {}]


def test_link_alone_confirms_nothing(world, client):
    path = link_in(ask(world.client.user, now=timezone.now()))
    assert client.post(path)["Location"].startswith("/accounts/login/?next=")
    assert world.as_(world.second).post(path).status_code == 410
    assert User.objects.get(pk=world.client.user_id).email == "sam.dorn@elm.example"


def test_link_works_once_and_is_over_after_a_day(world):
    token = token_in(ask(world.client.user))
    with pytest.raises(changing.CannotConfirm):
        changing.confirm_by_link(user=world.client.user, token=token, now=NOW + DAY)
    changing.confirm_by_link(user=world.client.user, token=token, now=NOW)
    with pytest.raises(changing.CannotConfirm):
        changing.confirm_by_link(user=world.client.user, token=token, now=NOW)


def test_newer_request_and_taking_back_end_the_link(world):
    first = token_in(ask(world.client.user))
    second = token_in(ask(world.client.user, now=NOW + timedelta(minutes=1)))
    with pytest.raises(changing.CannotConfirm):
        changing.find_change(user=world.client.user, token=first, now=NOW)
    assert world.as_(world.client).post("/accounts/security/email/back/").status_code == 302
    with pytest.raises(changing.CannotConfirm):
        changing.find_change(user=world.client.user, token=second, now=NOW)


def test_only_hashes_are_kept(world):
    mail = ask(world.client.user)
    row = EmailChange.objects.get()
    assert token_in(mail) not in row.token_hash
    assert code_in(mail) not in row.code_hash


def test_address_of_someone_else_is_answered_like_any_other(world):
    taken, free = world.as_(world.client), world.as_(world.second)
    for browser, email in ((taken, world.therapist.email), (free, NEW)):
        assert browser.post(ASK, {"email": email})["Location"] == SENT
    pages = [browser.get(SENT).content.decode() for browser in (taken, free)]
    blank = [re.sub(r"csrf\S+ value=\"\w+\"|nonce=\"\S+\"", "", page) for page in pages]
    assert blank[0].count("<h1>") == blank[1].count("<h1>") == 1
    words = [re.sub(r"<[^>]+>|\s+", " ", page).replace(email, "X") for page, email in
             zip(blank, (world.therapist.email, NEW), strict=True)]  # fmt: skip
    assert words[0].split("Look into")[1] == words[1].split("Look into")[1]
    assert mails(world.client.user) == []


def test_owner_of_the_address_is_told_and_nobody_else(world):
    world.as_(world.other_client).post(ASK, {"email": world.client.user.email})
    assert "to" not in mails(world.client.user, "email_taken")[-1]
    assert mails(world.other_client.user) == mails(world.other_client.user, "email_taken") == []
    row = EmailChange.objects.get(user=world.other_client.user)
    assert row.email == world.client.user.email


def test_address_that_was_taken_meanwhile_confirms_nothing(world):
    token = token_in(ask(world.client.user))
    User.objects.filter(pk=world.second.user_id).update(email=NEW)
    with pytest.raises(changing.CannotConfirm):
        changing.confirm_by_link(user=world.client.user, token=token, now=NOW)


def test_asking_needs_a_fresh_proof_by_the_second_factor_too(world):
    give_app(world.therapist)
    for who in (world.client, world.therapist):
        browser = world.as_(who)
        session = browser.session
        session[CONFIRMED] -= timedelta(minutes=11).total_seconds()
        session.save()
        assert browser.post(ASK, {"email": NEW})["Location"].startswith("/accounts/security/confirm/")
    assert not EmailChange.objects.exists()


@pytest.mark.parametrize("way", ["link", "code"])
def test_staff_who_owe_a_second_factor_confirm_nothing(world, client, way):
    """Somebody knows their password and reads their mail: that is not enough to move the address."""
    mail = ask(world.therapist)
    client.post("/accounts/login/", {"login": world.therapist.email, "password": PASSWORD})
    path, given = (link_in(mail), {}) if way == "link" else (SENT, {"code": code_in(mail)})
    assert client.post(path, given)["Location"].startswith("/accounts/second-factor/?next=")
    assert not User.objects.filter(email=NEW).exists()


def test_sixth_request_has_to_wait(world):
    browser = world.as_(world.client)
    asked = [browser.post(ASK, {"email": f"{n}@new.example"}).status_code for n in range(6)]
    assert asked == [302] * 5 + [429]


def test_one_mailbox_is_not_flooded_by_many(world):
    people = (world.client, world.second, world.stranger, world.other_client, world.therapist, world.colleague)
    assert [world.as_(who).post(ASK, {"email": NEW}).status_code for who in people] == [302] * 5 + [429]


def test_sign_in_links_and_reset_links_of_the_old_address_are_over(world, client):
    link = request_link(email="sam.dorn@elm.example", next_path="", now=NOW)
    changing.confirm_by_link(user=world.client.user, token=token_in(ask(world.client.user)), now=NOW)
    link.refresh_from_db()
    assert link.used_at == NOW


def test_mails_of_a_person_in_two_practices_change_in_both(world):
    user = world.therapist
    give_seat(practice=world.other_practice, user=user, roles=[Role.THERAPIST], now=NOW, by=None)
    browser = world.as_(user)
    assert browser.post(ASK, {"email": "noor@new.example"})["Location"] == SENT
    assert browser.post(link_in(mails(user)[-1])).status_code == 302
    with every_practice("both"):
        rows = AuditEvent.objects.filter(verb="email_changed").values_list("practice_id", flat=True)
        assert sorted(rows) == sorted([world.practice.pk, world.other_practice.pk])


@pytest.mark.long
def test_address_of_someone_else_takes_as_long_as_any_other(world, monkeypatch):
    monkeypatch.setattr(evening, "FLOOR_SECONDS", 0.2)
    took = {world.therapist.email: [], NEW: []}
    browser = world.as_(world.client)
    for _ in range(50):
        for email, times in took.items():
            cache.clear()
            began = time.perf_counter()
            browser.post(ASK, {"email": email})
            times.append(time.perf_counter() - began)
    taken, free = (median(times) for times in took.values())
    print(f"taken {taken:.3f} s, free {free:.3f} s")
    assert 0.9 < taken / free < 1.1


def unproven(user, email=NEW):
    """They came in by a code, under an address that nobody has checked."""
    User.objects.filter(pk=user.pk).update(email=email, email_proven_at=None)


def test_who_proves_an_address_takes_it_from_who_never_did(world, client):
    unproven(world.second.user)
    changing.confirm_by_link(user=world.client.user, token=token_in(ask(world.client.user)), now=NOW)
    assert mails(world.second.user, "email_taken") == []
    emails = User.objects.filter(pk__in=[world.client.user_id, world.second.user_id]).order_by("pk")
    assert {user.pk: user.email for user in emails} == {world.client.user_id: NEW, world.second.user_id: None}
    assert client.post("/accounts/login/", {"login": NEW, "password": PASSWORD})["Location"] == "/"
    assert client.session["_auth_user_id"] == str(world.client.user_id)
    with world.scope():
        rows = AuditEvent.objects.filter(verb="email_lost").values_list("subject_ref", "actor_id", "facts")
        assert list(rows) == [(world.second.user_id, None, {})]


@pytest.mark.parametrize("who", ["staff", "superuser", "invited"])
def test_address_of_staff_and_of_who_is_invited_stays_theirs(world, who):
    boss = User.objects.create_superuser("root@rapport.example", PASSWORD, name="Root")
    holder = {"staff": world.colleague, "superuser": boss, "invited": world.second.user}[who]
    unproven(holder)
    if who == "invited":
        User.objects.filter(pk=holder.pk).update(activated_at=None)
    change = changing.ask_for_email(user=world.client.user, email=NEW, by=world.client.user, now=NOW)
    assert mails(world.client.user) == []
    with pytest.raises(changing.CannotConfirm):
        changing._confirmed(change, world.client.user, NOW, None)
    assert User.objects.get(pk=holder.pk).email == NEW

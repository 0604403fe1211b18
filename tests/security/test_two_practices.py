"""Two full practices in one installation never see each other.

Both are filled with the same kinds of rows, in every table that belongs to a practice; each text of the second bears a
mark. Then everybody of the first reads and posts at every address: with their own numbers, with the other's numbers in
the address, and with the other's numbers in the form. The mark must show nowhere, and no row of the other may change.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from clients.domain.adding import ClientDetails, add_client
from clients.domain.attending import note_change, raise_item
from clients.domain.consenting import change_consent, publish_text
from clients.domain.inviting import invite
from clients.domain.letting_in import show_code
from clients.domain.meeting import plan_appointment
from homework.domain.answering import save_answer, submit
from homework.domain.arranging import create_pathway, save_steps
from homework.domain.commenting import comment
from homework.domain.drafting import create_activity, save_draft
from homework.domain.enrolling import send_activity
from homework.domain.publishing import publish_activity, publish_pathway
from homework.models import Activity, Assignment, AssignmentStatus, Response
from messaging.domain.holding import hold
from messaging.domain.posting import post
from messaging.models import Conversation
from practice.accounts.founding import found_practice
from practice.accounts.inviting import invite_member
from practice.people.models import Practice, Role
from practice.tenancy import TenantModel
from tests.homework.drafts import content
from tests.people import NOW, World, make_client, make_staff
from tests.permissions import ROWS, alliance
from tests.permissions.row import LOGIN, Row, nothing

MARK = "zyxleyquoin"
READERS = ("client", "therapist", "admin")
REFUSED = {403, 404, 405}
SIGN_IN_PAGES = ("/accounts/login/", "/admin/login/")
SEEN_BY_HOLDERS = {200, 302, 410}  # whoever holds the link or code, also without signing in
MAILED_TO_ITS_OWNER = {
    "account_link",
    "account_reset",
}  # anybody may ask for a link to any address: it goes to whose address it is
OF_THE_INSTALLATION = {"admin:practice_enginelane_change"}  # of no practice
NOT_FILLED = {"Leave", "Ending"}  # their pages are walked by the rows of the permission table that make them


def house(word: str, other: World | None = None) -> World:
    """Make a practice whose every name bears the word, with everybody in it."""
    practice = found_practice(name=f"{word} house", now=NOW, country="DE", zone="Europe/Berlin", phone=f"+49 {word}")
    treats = make_staff(practice, f"Anna {word}", Role.THERAPIST, email=f"anna@{word}.example")
    colleague = make_staff(practice, f"Bert {word}", Role.THERAPIST, email=f"bert@{word}.example")
    made = World(
        practice=practice,
        therapist=treats,
        colleague=colleague,
        lead=make_staff(practice, f"Cleo {word}", Role.LEAD, email=f"cleo@{word}.example"),
        admin=make_staff(practice, f"Dora {word}", Role.ADMIN, email=f"dora@{word}.example"),
        client=make_client(practice, f"Ed {word}", treats),
        second=make_client(practice, f"Flo {word}", treats),
        stranger=make_client(practice, f"Gil {word}", colleague),
        other_practice=other.practice if other else practice,
        outsider=other.therapist if other else treats,
        other_client=other.client if other else None,  # type: ignore[arg-type]
    )
    fill(made, word)
    return made


def fill(world: World, word: str) -> None:
    """Put a row into every table, and the word into every text."""
    practice, anna, ed = world.practice, world.therapist, world.client
    practice.settings["crisis_lines"] = [{"name": f"{word} line", "number": "1", "when": word}]
    practice.save(update_fields=["settings"])
    for kind in ("treatment", "messages"):
        publish_text(practice=practice, kind=kind, language="en", body=f"{word} consent", now=NOW)
        change_consent(client=ed, kind=kind, given=True, by=ed.user, now=NOW)
    new = add_client(practice=practice, details=ClientDetails(name=f"Hal {word}"), therapist=anna, by=anna, now=NOW)
    show_code(client=new, by=anna, now=datetime.now(tz=NOW.tzinfo))
    late = ClientDetails(name=f"Ida {word}", email=f"ida@{word}.example")
    invite(client=add_client(practice=practice, details=late, therapist=anna, by=anna, now=NOW), by=anna, now=NOW)
    staff = {"email": f"jo@{word}.example", "name": f"Jo {word}", "roles": [Role.LEAD]}
    invite_member(practice=practice, **staff, by=world.admin, now=NOW)
    item = raise_item(client=ed, kind="help_asked", key="walk", now=NOW)
    note_change(item=item, change="escalated", now=NOW, detail={"why": word})
    plan_appointment(client=ed, therapist=anna, starts_at=NOW + timedelta(hours=1), by=anna, now=NOW)
    with world.scope():
        ed.context = f"{word} about me"
        ed.save(update_fields=["context"])
        talk_about(world, word)
        do_homework(world, word)
    alliance.of_signal(world)


def talk_about(world: World, word: str) -> None:
    """Say something, and something for later."""
    talk = Conversation.objects.get(client=world.client)
    for author in (world.client.user, world.therapist):
        post(
            conversation_id=talk.pk,
            practice_id=world.practice.pk,
            author=author,
            text=f"{word} was said",
            client_uuid=uuid4(),
            now=NOW,
        )
    hold(
        conversation=talk,
        author=world.therapist,
        text=f"{word} for later",
        client_uuid=uuid4(),
        release_at=NOW + timedelta(days=20),
        now=NOW,
    )


def do_homework(world: World, word: str) -> None:
    """Build, publish, send, answer, send back, comment; and a pathway."""
    anna, ed = world.therapist, world.client
    made = create_activity(practice=world.practice, title=f"{word} activity", by=anna, now=NOW)
    made = save_draft(
        activity=made, title=made.title, content=content(title=f"{word} page"), rev=made.draft_rev, by=anna, now=NOW
    )
    publish_activity(activity=made, by=anna, now=NOW)
    made = Activity.objects.select_related("latest").get(pk=made.pk)
    for sends_back in (True, False):
        (enrolment,) = send_activity(clients=[ed], activity_version=made.latest, at_local=None, by=anna, now=NOW)
        Assignment.objects.filter(enrolment=enrolment).update(status=AssignmentStatus.SENT, sent_at=NOW)
        sheet = Assignment.objects.select_related("activity_version", "client", "recipient").get(enrolment=enrolment)
        words = {"value": f"{word} is my answer", "rev": 0, "save_uuid": uuid4()}
        save_answer(assignment=sheet, block_id="worry", **words, by=ed.user, now=NOW)
        if sends_back:
            submit(assignment=sheet, by=ed.user, now=NOW)
            comment(response=Response.objects.get(assignment=sheet), body=f"{word} reply", by=anna, now=NOW)
    step = {
        "key": "a",
        "activity": made.slug,
        "timing": {"kind": "interval", "days": 0, "from": "start", "at": "09:00"},
    }
    way = create_pathway(practice=world.practice, title=f"{word} pathway", by=anna, now=NOW)
    way = save_steps(pathway=way, title=way.title, steps=[step], rev=way.draft_rev, by=anna, now=NOW)
    publish_pathway(pathway=way, by=anna, now=NOW)


def tables() -> list[type[TenantModel]]:
    """Return every table that belongs to a practice."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def fingerprint(practice: Practice) -> str:
    """Return what changes when any row of the practice does."""
    names = [*(model._meta.db_table for model in tables()), "practice_membership", "practice_staffinvitation"]
    parts = [
        f"SELECT '{name}' AS part, md5(coalesce(string_agg(line::text, ',' ORDER BY line::text), '')) AS sum"
        f" FROM {name} AS line WHERE line.practice_id = %(practice)s"
        for name in names
    ]
    parts.append("SELECT 'practice', md5(line::text) FROM practice_practice AS line WHERE line.id = %(practice)s")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY 1", {"practice": practice.pk})
        return str(cursor.fetchall())


@dataclass
class Walk:
    """The first practice, the other as if it were the first, and a browser for each reader."""

    here: World
    there: World
    browsers: dict[str, Browser]

    def ask(self, who: str, row: Row, *, kwargs: World, data: World) -> tuple[int | str, str, bool]:
        """Return status, page, and whether a row of the other practice changed. What it changed is undone."""
        browser, cookies = self.browsers[who], deepcopy(self.browsers[who].cookies)
        with transaction.atomic():
            url = reverse(row.route, kwargs=row.kwargs(deepcopy(kwargs)))
            given = row.data(deepcopy(data)) if row.method != "GET" else {}
            kind = {"content_type": "application/json"} if row.json else {}
            reads = row.method == "GET"
            before = "" if reads else fingerprint(self.there.practice)
            answer = getattr(browser, row.method.lower())(url, given or None, **kind)
            changed = not reads and fingerprint(self.there.practice) != before
            transaction.set_rollback(True)
        browser.cookies = cookies
        to_login = answer.status_code == 302 and answer["Location"].split("?")[0] in SIGN_IN_PAGES
        page = b"".join(answer) if answer.streaming else answer.content
        return LOGIN if to_login else answer.status_code, page.decode(errors="replace").lower(), changed


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walk]:
    """Two full practices, made once, inside a transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        first = house("ashen")
        there = house(MARK, other=first)
        here = replace(first, other_practice=there.practice, outsider=there.therapist, other_client=there.client)
        yield Walk(here, there, {who: here.as_(getattr(here, who)) for who in READERS})
        transaction.set_rollback(True)


def readers_of(row: Row) -> list[str]:
    """Return who gets something here in their own practice; where nobody of these does, the therapist tries."""
    return [who for who in READERS if row.expect[who] not in REFUSED | {LOGIN}] or ["therapist"]


def is_held(row: Row) -> bool:
    """Return whether the page belongs to who holds its link, whoever they are."""
    return row.expect["anonymous"] in SEEN_BY_HOLDERS


def test_both_practices_have_a_row_in_every_table(walk):
    for world in (walk.here, walk.there):
        with world.scope():
            empty = {model.__name__ for model in tables() if not model.objects.exists()}
        assert empty == NOT_FILLED


def test_the_mark_would_be_seen(walk):
    browser = walk.here.as_(walk.there.therapist)
    for path in ("/desk/", "/desk/clients/", "/desk/library/", f"/desk/clients/{walk.there.client.pk}/record/"):
        assert MARK in browser.get(path).content.decode().lower()


@pytest.mark.parametrize("route", sorted({row.route for row in ROWS} - MAILED_TO_ITS_OWNER - OF_THE_INSTALLATION))
def test_first_practice_sees_and_changes_nothing_of_the_other(walk, route):
    wrong = []
    for row in (row for row in ROWS if row.route == route):
        for who in readers_of(row):
            for what, kwargs, data in combinations(walk, row):
                status, page, changed = walk.ask(who, row, kwargs=kwargs, data=data)
                by_number = what == "their numbers" and status not in REFUSED | {LOGIN}
                if MARK in page or changed or by_number:
                    wrong.append((row.method, who, what, status, MARK in page, changed))
    assert wrong == []


def combinations(walk: Walk, row: Row) -> Iterator[tuple[str, World, World]]:
    """Yield whose numbers stand in the address and in the form."""
    if row.method == "GET":
        yield "own", walk.here, walk.here
    if row.kwargs is not nothing and not is_held(row) and names_a_row(row, walk):
        yield "their numbers", walk.there, walk.here
    if row.method != "GET" and row.data is not nothing:
        yield "their numbers in the form", walk.here, walk.there


def names_a_row(row: Row, walk: Walk) -> bool:
    """Return whether the address has a number or a token, not only a word such as the kind of a consent."""
    with transaction.atomic():
        given: dict[str, Any] = row.kwargs(deepcopy(walk.there))
        transaction.set_rollback(True)
    return any(isinstance(value, int) for value in given.values())

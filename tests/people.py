"""The named people of every test.

`world` is two practices with everybody in them, made by the verbs:

    world.practice            Elm House           world.other_practice      Oak House
    world.therapist  Noor     on the care team of world.client; roles therapist
    world.colleague  Jonas    same practice, not on the care team; roles therapist
    world.lead       Ines     clinical lead of the practice
    world.admin      Ada      admin of the practice, no therapist
    world.client     Sam      client of Noor, activated, both consents given (world.client.user signs in)
    world.second     Lee      another client of Noor
    world.stranger   Kim      client of Jonas in the same practice
    world.outsider   Omar     therapist and admin of the other practice
    world.other_client  Uma   client of Omar in the other practice

`world.as_(user)` is Django's test client signed in, by a second factor too; `world.seat(user)` is what views get as
`request.seat`.
Open `with world.scope():` to query. `NOW` is a Tuesday noon in winter; pass times in.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client as Browser
from django.utils import timezone

from clients.domain.adding import ClientDetails, add_client
from clients.models import Client
from practice.accounts.founding import found_practice, take_on
from practice.clock import local
from practice.people.models import Practice, Role, User
from practice.permissions.seats import DESK, PORTAL, Seat, find_seat
from practice.permissions.second_factor import prove
from practice.tenancy import scope
from practice.vault.keyring import _practice_key
from tests import database

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
OTHER_CLOCKS = {"live", "live_database", "browser", "new_context", "page", "transactional_db"}


@dataclass(frozen=True)
class World:
    """Two practices and everybody in them."""

    practice: Practice
    therapist: User
    colleague: User
    lead: User
    admin: User
    client: Client
    second: Client
    stranger: Client
    other_practice: Practice
    outsider: User
    other_client: Client
    now: datetime = NOW

    def scope(self) -> AbstractContextManager[None]:
        """Open the scope of the first practice."""
        return scope(practice=self.practice)

    def other_scope(self) -> AbstractContextManager[None]:
        """Open the scope of the other practice."""
        return scope(practice=self.other_practice)

    def as_(self, who: User | Client) -> Browser:
        """Return a test client in which this person (or this client's user) is signed in."""
        browser = Browser()
        browser.force_login(
            who.user if isinstance(who, Client) else who, "allauth.account.auth_backends.AuthenticationBackend"
        )
        session = browser.session
        prove(session)
        session.save()
        return browser

    def seat(self, who: User | Client) -> Seat:
        """Return the seat of staff at the desk, of a client at the portal."""
        user, door = (who.user, PORTAL) if isinstance(who, Client) else (who, DESK)
        seat = find_seat(user=user, door=door, wanted=None)
        assert seat is not None
        return seat


def first_word(text: str) -> str:
    """Return the first word in lower case."""
    return text.lower().split(maxsplit=1)[0]


def make_staff(practice: Practice, name: str, *roles: Role, email: str = "") -> User:
    """Take someone on and return their user. They sign in with PASSWORD."""
    address = email or f"{first_word(name)}@{first_word(practice.name)}.example"
    return take_on(practice=practice, email=address, name=name, roles=list(roles), now=NOW, password=PASSWORD).user


def give_app(user: User) -> str:
    """Set up an authenticator app for someone and return its secret; `code_of(secret)` is what it shows now."""
    secret = generate_totp_secret()
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def today_of(user: User) -> date:
    """Return the day it is now where someone is: around midnight not everybody's."""
    return local(timezone.now(), user.zone).date()


def code_of(secret: str, *, later: int = 0) -> str:
    """Return what an authenticator app shows now, or so many half minutes later: each code signs in once."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def make_client(
    practice: Practice, name: str, therapist: User, *, ready: bool = True, zone: str = "Europe/Berlin"
) -> Client:
    """Add a client. `ready`: they accepted, can sign in with PASSWORD, and gave both consents."""
    email = f"{name.lower().replace(' ', '.')}@{first_word(practice.name)}.example"
    details = ClientDetails(name=name, email=email, zone=zone, phone="+49 30 1234567")
    client = add_client(practice=practice, details=details, therapist=therapist, by=therapist, now=NOW)
    if ready:
        make_ready(client)
    return client


def make_ready(client: Client) -> None:
    """Let the client have accepted, with a password and both consents."""
    client.user.activated_at = client.user.email_proven_at = client.joined_at = NOW
    client.user.set_password(PASSWORD)
    client.user.save()
    client.treatment_consent = client.messages_consent = True
    with scope(practice=client.practice_id):
        client.save(update_fields=["treatment_consent", "messages_consent", "joined_at"])


def make_world() -> World:
    """Make everybody."""
    elm = found_practice(name="Elm House", now=NOW, country="DE", zone="Europe/Berlin", phone="+49 30 7654321")
    noor = make_staff(elm, "Noor Haddad", Role.THERAPIST)
    jonas = make_staff(elm, "Jonas Weber", Role.THERAPIST)
    oak = found_practice(name="Oak House", now=NOW)
    omar = make_staff(oak, "Omar Said", Role.THERAPIST, Role.ADMIN)
    return World(
        practice=elm,
        therapist=noor,
        colleague=jonas,
        lead=make_staff(elm, "Ines Roth", Role.LEAD),
        admin=make_staff(elm, "Ada Bauer", Role.ADMIN),
        client=make_client(elm, "Sam Dorn", noor),
        second=make_client(elm, "Lee Tan", noor),
        stranger=make_client(elm, "Kim Vogt", jonas),
        other_practice=oak,
        outsider=omar,
        other_client=make_client(oak, "Uma Reed", omar, zone="Europe/London"),
    )


@pytest.fixture
def world(db: None, request: pytest.FixtureRequest) -> Iterator[World]:
    """Return two practices with everybody in them: found in the database with people, made in any other.

    It is NOW for this process, and time goes on from there: what a page asks the clock for doesn't depend on the day of
    the run. Where another clock takes part it is today: beside other processes or a browser, and where a test is marked
    `today`, since a statement asks the database's clock.
    """
    if database.STANDING.is_among_people():
        found: World = database.people()
        for practice in (found.practice, found.other_practice):
            _practice_key(practice.pk)  # kept, as after making them
    else:
        found = make_world()
    if OTHER_CLOCKS & set(request.fixturenames) or request.node.get_closest_marker("today"):
        yield found
    else:
        with time_machine.travel(NOW):
            yield found

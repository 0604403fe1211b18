"""Adding a client: the record, a user who can't sign in yet, a data key, the care team."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.domain.teaming import join_team
from clients.events import client_added
from clients.models import Client
from practice.audit import record
from practice.people.models import Practice, User
from practice.tenancy import scope
from practice.vault import create_data_key, ensure_data_key


class CannotAdd(Exception):
    """Why this person can't be added; the message is for the page."""


@dataclass(frozen=True)
class ClientDetails:
    """What is known about a person when they are added. Empty means: as the practice has it."""

    name: str
    email: str | None = None
    preferred_name: str = ""
    pronouns: str = ""
    phone: str = ""
    language: str = ""
    country: str = ""
    zone: str = ""


@transaction.atomic
def add_client(*, practice: Practice, details: ClientDetails, therapist: User, by: User, now: datetime) -> Client:
    """Return the new client, with `therapist` as primary therapist and on the care team.

    A user with this e-mail (a client elsewhere, a member of staff) is the same person and keeps their sign-in.
    Raises CannotAdd when they are a client here already.
    """
    with scope(practice=practice):
        user = person_for(practice=practice, details=details)
        if Client.objects.filter(user=user).exists():
            raise CannotAdd(_("Someone with this e-mail is already a client here."))
        client = Client.objects.create(
            practice=practice,
            user=user,
            therapist=therapist,
            name=details.name.strip(),
            sort_name=sort_name(details.name),
            preferred_name=details.preferred_name.strip(),
            pronouns=details.pronouns.strip(),
            phone=details.phone.strip(),
            language=details.language or practice.language,
            country=details.country or practice.country,
            zone=details.zone or practice.zone,
            created_at=now,
        )
        create_data_key(practice_id=practice.pk, owner=("client", client.pk))
        record("client_added", practice_id=practice.pk, by=by, now=now, client_id=client.pk, subject=client)
        join_team(client=client, user=therapist, by=by, now=now, tell=False)
        client_added.send(Client, client=client, by=by, now=now)
    return client


def sort_name(name: str) -> str:
    """Return the name as a list sorts it: last word first, in lower case."""
    words = name.strip().casefold().split()
    return " ".join([words[-1], *words[:-1]])[:160] if words else ""


def person_for(*, practice: Practice, details: ClientDetails) -> User:
    """Return who has this address: known, or new with a key of their own. Joins the caller's transaction."""
    email = (details.email or "").strip().lower() or None
    known = User.objects.filter(email=email).first() if email else None
    if known is not None:
        ensure_data_key(practice_id=practice.pk, owner=("user", known.pk))
        return known
    user = User.objects.create_user(
        email,
        name=details.name.strip(),
        zone=details.zone or practice.zone,
        language=details.language or practice.language,
    )
    create_data_key(practice_id=practice.pk, owner=("user", user.pk))
    return user

"""Letting a client in by a code that the therapist shows in the room: fifteen minutes, once.

The first time it takes the place of a mailed invitation; for who has no e-mail it is also a way to sign in again.
Whoever reads the code off the screen is in, so it opens only an account that no other record and no seat of staff
depends on.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from clients.domain.inviting import join
from clients.models import Client, RoomCode
from clients.queries.room import why_no_code
from practice.accounts.naming import give_sign_in_name
from practice.audit import record
from practice.live.hints import hint
from practice.people.models import User
from practice.tenancy import every_practice, scope

GOOD_FOR = timedelta(minutes=15)
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that looks like another
LENGTH = 8


class CannotShow(Exception):
    """Why no code is shown; the message is for the page."""


class CannotEnter(Exception):
    """Why this code opens nothing; the message is for the page."""


@transaction.atomic
def show_code(*, client: Client, by: User, now: datetime) -> tuple[RoomCode, str]:
    """Return a new code with its eight characters. Earlier ones stop working. Raises CannotShow."""
    with scope(practice=client.practice_id):
        client = Client.objects.locked().select_related("user").get(pk=client.pk)
        if why := why_no_code(client):
            raise CannotShow(why)
        RoomCode.objects.filter(client=client, used_at__isnull=True, replaced_at__isnull=True).update(replaced_at=now)
        code = "".join(secrets.choice(SIGNS) for _sign in range(LENGTH))
        made = RoomCode.objects.create(
            practice_id=client.practice_id,
            client=client,
            code_hash=_hash_of(code),
            made_by=by,
            made_at=now,
            expires_at=now + GOOD_FOR,
        )
        record("room_code_shown", practice_id=client.practice_id, by=by, now=now, client_id=client.pk, subject=made)
    return made, code


def find_code(*, code: str, now: datetime) -> RoomCode:
    """Return what this code opens, with client and practice. Changes nothing. Raises CannotEnter."""
    with every_practice("a code typed at the door says no practice"):
        rows = RoomCode.objects.select_related("client__user", "client__therapist", "practice")
        found: RoomCode | None = rows.filter(code_hash=_hash_of(plain(code))).first()
    if found is None or found.used_at or found.replaced_at or now >= found.expires_at:
        raise CannotEnter(_("This code doesn't work, or no longer. Ask for a new one."))
    with scope(practice=found.practice_id):
        if why_no_code(found.client):
            raise CannotEnter(_("This code doesn't work, or no longer. Ask for a new one."))
    return found


def note_opened(*, found: RoomCode, now: datetime) -> None:
    """Remember that a device has opened the code, and tell the screen that shows it."""
    with scope(practice=found.practice_id):
        RoomCode.objects.filter(pk=found.pk, opened_at__isnull=True).update(opened_at=now)
    hint(f"user.{found.made_by_id}", what="notice")


@transaction.atomic
def come_in(*, code: str, now: datetime) -> Client:
    """Return the client, who has joined and may be signed in. The code is used up. Raises CannotEnter.

    Locks the client first, as who shows a code does, then looks at the code once more.
    """
    found = find_code(code=code, now=now)
    with scope(practice=found.practice_id):
        Client.objects.select_for_update(of=("self",)).get(pk=found.client_id)
        found = find_code(code=code, now=now)
        row = RoomCode.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if row.used_at or row.replaced_at:
            raise CannotEnter(_("This code doesn't work, or no longer. Ask for a new one."))
        row.opened_at, row.used_at = row.opened_at or now, now
        row.save(update_fields=["opened_at", "used_at"])
        client = found.client
        join(client=client, now=now)
        if not client.user.email:
            give_sign_in_name(user=client.user)
        record("room_code_used", practice_id=client.practice_id, by=client.user, now=now, client_id=client.pk)
    hint(f"user.{found.made_by_id}", what="notice")
    return client


def plain(code: str) -> str:
    """Return the code as it is kept, however it was typed: with spaces, with a dash, in small letters."""
    return "".join(sign for sign in code.upper() if sign.isalnum())[: LENGTH * 2]


def _hash_of(code: str) -> str:
    key = settings.SECRET_KEY
    return salted_hmac("clients.domain.letting_in", code, secret=key, algorithm="sha256").hexdigest()
